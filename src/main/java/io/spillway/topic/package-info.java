/**
 * MQTT topic filters (MQTT 3.1.1 section 4.7): what is a valid one, which topics it matches, and
 * which other filters it covers. {@link io.spillway.topic.TopicFilter} is one of them, {@link
 * io.spillway.topic.FilterTree} many, so that a topic finds those that match it.
 *
 * <p>Filters and topics come from strangers: from browsers, and within the records of whoever may
 * send some. So there is a limit to the length, nothing here is recursive, and matching never takes
 * longer than to read the topic once and to look at each level of each filter once.
 *
 * <p>The pages have the same rules in {@code webroot/spillway/topics.js}; one table of cases,
 * {@code topic-filters.json}, tests both.
 */
package io.spillway.topic;
