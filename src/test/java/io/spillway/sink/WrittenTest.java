package io.spillway.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Records that were sent to a table")
class WrittenTest {
  @ParameterizedTest(name = "{0} sent, {1} added, {2} found")
  @CsvSource({
    "5, 5, 5, 5, 0, 0",
    "5, 3, 5, 3, 2, 0", // two were there
    "5, 3, 3, 3, 0, 2", // a trigger left out two
    "5, 1, 4, 1, 3, 1",
    "5, 1, 1, 1, 0, 4", // a trigger put all under one key
    "5, 2, 0, 2, 0, 3", // under keys of its own, and without their offsets
    "5, 0, 0, 0, 0, 5",
    "0, 0, 0, 0, 0, 0"
  })
  @DisplayName("are each added, there already, or taken out")
  void counted(int sent, int added, int found, int in, int present, int out) {
    Written written = Written.counted(sent, added, found);
    assertThat(written).isEqualTo(new Written(added > 0, in, present, out));
    assertThat(written.records()).isEqualTo(sent);
  }
}
