/** MQTT topic filters (MQTT 3.1.1 section 4.7): the one reading of them, with its limits. */
package io.spillway.topic;
