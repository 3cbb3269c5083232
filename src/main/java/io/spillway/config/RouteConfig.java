package io.spillway.config;

/** Puts what comes on some MQTT topics on a topic with a name. */
public record RouteConfig(
    @Key(required = true, form = Form.FILTER, meaning = "what comes on these MQTT topics …")
        String filter,
    @Key(
            required = true,
            form = Form.LIVE_TOPIC,
            meaning = "… is on this topic, beside that of its own `type`")
        String topic) {}
