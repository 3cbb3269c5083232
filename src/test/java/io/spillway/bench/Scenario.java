package io.spillway.bench;

/** One thing to be measured, with processes of its own that end with it. */
interface Scenario {
  void run(ScenarioReport report) throws Exception;
}
