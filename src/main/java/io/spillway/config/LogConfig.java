package io.spillway.config;

import org.slf4j.event.Level;

/** What is said, and how. */
public record LogConfig(
    @Key(
            byDefault = "info",
            words = {"info", "debug", "warn"},
            live = true,
            meaning =
                "of our own lines; libraries are heard from warn on, and a change of the"
                    + " configuration at any level")
        Level level,
    @Key(
            byDefault = "text",
            live = true,
            meaning =
                "json: an object a line, with `timestamp` (ms), `level`, `threadName`, `loggerName`,"
                    + " `formattedMessage`, `throwable`")
        LogFormat format) {}
