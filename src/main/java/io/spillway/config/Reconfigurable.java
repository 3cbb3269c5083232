package io.spillway.config;

/** A role that can take some of its settings anew while it runs. */
@FunctionalInterface
public interface Reconfigurable {
  /** Takes what it can of the fresh settings; the rest it leaves. Called on any thread. */
  void reconfigure(Config fresh);
}
