package io.spillway.config;

import java.util.List;

/** The Hazelcast cluster that several processes share their event bus through. */
public record ClusterConfig(
    @Key(
            byDefault = "spillway",
            form = Form.NAME,
            meaning = "only processes with the same one meet")
        String name,
    @Key(byDefault = "5701", min = 1, max = 65_535, meaning = "of this process") int port,
    @Key(max = 1_000, form = Form.CLUSTER_MEMBER, meaning = "where to look for the others")
        List<String> members) {}
