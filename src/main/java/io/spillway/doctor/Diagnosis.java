package io.spillway.doctor;

import io.spillway.hop.HopFinding;
import io.spillway.hop.HopFinding.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that was found so far, and what follows from it. Looks at nothing itself. */
final class Diagnosis {
  static final int WELL = 0;
  static final int FAILED = 1;

  /** Nothing has failed, and all is not known to be well: as verify has it. */
  static final int NOTICES = 3;

  private final List<HopFinding> findings = new ArrayList<>();
  private final Map<String, Boolean> passable = new HashMap<>();

  void add(HopFinding finding) {
    findings.add(finding);
    passable.merge(finding.hop(), finding.isPassable(), Boolean::logicalAnd);
  }

  /** The first of these hops behind which nothing can be seen; empty if there is none. */
  Optional<String> barrier(List<String> needs) {
    return needs.stream().filter(hop -> !passable.getOrDefault(hop, true)).findFirst();
  }

  int exitCode() {
    if (count(Result.FAILED) > 0) {
      return FAILED;
    }
    return count(Result.OK) == findings.size() ? WELL : NOTICES;
  }

  /** As it is called in JSON. */
  String outcome() {
    return switch (exitCode()) {
      case WELL -> "well";
      case FAILED -> "failed";
      default -> "notices";
    };
  }

  /** In words. */
  String summary() {
    if (exitCode() == WELL) {
      return "all is well";
    }
    List<String> parts = new ArrayList<>();
    part(parts, Result.FAILED, "failed");
    part(parts, Result.NOTICE, "to look at");
    part(parts, Result.SKIPPED, "not known");
    parts.add(count(Result.OK) + " well");
    return String.join(", ", parts);
  }

  private void part(List<String> parts, Result result, String words) {
    if (count(result) > 0) {
      parts.add(count(result) + " " + words);
    }
  }

  private long count(Result result) {
    return findings.stream().filter(each -> each.result() == result).count();
  }
}
