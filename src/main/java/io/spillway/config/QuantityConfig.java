package io.spillway.config;

import java.util.List;

/**
 * From which values on one quantity of indoor air is worse, and when to say so.
 *
 * @param score values at which its part of the score is 100, 75, 50, 25 and 0, upwards
 * @param scoreLow the same downwards; empty if less is never worse
 * @param warning alert from here upwards
 * @param critical and this one, which is worse
 * @param lowWarning alert from here downwards; null if less is never worse
 * @param lowCritical and this one, which is worse
 * @param margin how far a value has to come back before an alert is over
 */
public record QuantityConfig(
    List<Double> score,
    List<Double> scoreLow,
    double warning,
    double critical,
    Double lowWarning,
    Double lowCritical,
    double margin) {
  /** More of it is worse, less never is. */
  static QuantityConfig upwards(
      List<Double> score, double warning, double critical, double margin) {
    return new QuantityConfig(score, List.of(), warning, critical, null, null, margin);
  }

  /** As {@code section} has it; what it does not say is as here. */
  QuantityConfig from(Section section, double min, double max) throws ConfigException {
    boolean twoSided = lowWarning != null;
    QuantityConfig config =
        new QuantityConfig(
            section.steps("score", min, max, score),
            twoSided ? section.steps("scoreLow", min, max, scoreLow) : List.of(),
            section.decimal("warning", min, max, warning),
            section.decimal("critical", min, max, critical),
            twoSided ? section.decimal("lowWarning", min, max, lowWarning) : null,
            twoSided ? section.decimal("lowCritical", min, max, lowCritical) : null,
            section.decimal("margin", 0, max, margin));
    section.rejectUnknownKeys();
    config.check(section);
    return config;
  }

  private void check(Section section) throws ConfigException {
    if (critical <= warning) {
      throw section.wrong("critical", "" + critical, "more than warning, " + warning);
    }
    if (lowWarning == null) {
      return;
    }
    if (lowCritical >= lowWarning) {
      throw section.wrong("lowCritical", "" + lowCritical, "less than lowWarning, " + lowWarning);
    }
    if (lowWarning + margin >= warning - margin) {
      throw section.wrong("lowWarning", "" + lowWarning, "two margins and more below warning");
    }
    if (scoreLow.get(0) > score.get(0)) {
      throw section.wrong("scoreLow", scoreLow.toString(), "a first value of at most score's");
    }
  }
}
