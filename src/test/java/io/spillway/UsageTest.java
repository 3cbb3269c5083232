package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@DisplayName("The help")
class UsageTest {
  @Test
  @DisplayName("fills its lines at the width of a usual terminal")
  void width() {
    List<String> usage =
        new CommandLine(new Main()).setUsageHelpWidth(80).getUsageMessage().lines().toList();
    int first =
        usage.stream()
            .filter(line -> line.startsWith("Without -conf"))
            .mapToInt(usage::indexOf)
            .findFirst()
            .orElseThrow();

    List<String> paragraph =
        usage.subList(first, usage.size()).stream().takeWhile(line -> !line.isBlank()).toList();
    assertThat(paragraph).hasSizeGreaterThan(2);
    assertThat(paragraph.subList(0, paragraph.size() - 1))
        .allSatisfy(line -> assertThat(line).hasSizeGreaterThan(60));
  }
}
