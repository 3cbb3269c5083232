package io.spillway.config;

import java.util.List;

/**
 * From which values on one quantity of indoor air is worse, and when to say so. Bounds and defaults
 * are those of the {@link Quantity}.
 */
public record QuantityConfig(
    @Key(meaning = "at which its part of the score is 100, 75, 50, 25 and 0") List<Double> score,
    @Key(meaning = "the same downwards") List<Double> scoreLow,
    @Key(meaning = "alert from here upwards") double warning,
    @Key(meaning = "a worse one; more than `warning`") double critical,
    @Key(meaning = "alert from here downwards") Double lowWarning,
    @Key(meaning = "a worse one; less than `lowWarning`") Double lowCritical,
    @Key(meaning = "how far it has to come back before an alert is over") double margin)
    implements Checked {
  @Override
  public void check(Checks at) throws ConfigException {
    if (critical <= warning) {
      throw at.wrong("critical", "" + critical, "more than warning, " + warning);
    }
    if (lowWarning == null) {
      return;
    }
    if (lowCritical >= lowWarning) {
      throw at.wrong("lowCritical", "" + lowCritical, "less than lowWarning, " + lowWarning);
    }
    if (lowWarning + margin >= warning - margin) {
      throw at.wrong("lowWarning", "" + lowWarning, "two margins and more below warning");
    }
    if (scoreLow.get(0) > score.get(0)) {
      throw at.wrong("scoreLow", scoreLow.toString(), "a first value of at most score's");
    }
  }
}
