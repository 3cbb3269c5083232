package io.spillway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.batch.AcknowledgedPosition.Saved;
import io.spillway.journal.StateFile.Content;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What the files of a spool say")
class SpoolEvidenceTest {
  private static final SpoolIdentity PI = new SpoolIdentity("pi", "3f9a1c2e");
  private static final SpoolIdentity OTHER = new SpoolIdentity("pi", "3f9a1c2f");

  @Test
  @DisplayName("together is certain: who it is, how far the server is, where the numbers end")
  void agree() {
    SpoolEvidence all = evidence(said(PI), position(PI, 601, 801), PI, 801, 0);
    assertThat(all.doubt()).isEmpty();
    assertThat(all.owner()).isEqualTo(PI);
    assertThat(all.acknowledged()).isEqualTo(601);
    assertThat(all.isPutDown()).isTrue();
    // The position is put down now and then.
    assertThat(evidence(said(PI), position(PI, 601, 701), PI, 801, 0).doubt()).isEmpty();
  }

  @Test
  @DisplayName("is nothing of a spool that never was")
  void fresh() {
    SpoolEvidence none = evidence(Optional.empty(), Optional.empty(), null, 1, 0);
    assertThat(none.owner()).isNull();
    assertThat(none.doubt()).isEmpty();
    assertThat(none.acknowledged()).isEqualTo(1);
  }

  @Test
  @DisplayName("is enough without the identity: records or the position name it")
  void withoutIdentity() {
    SpoolEvidence records = evidence(Optional.empty(), position(PI, 1, 9), PI, 9, 0);
    assertThat(records.owner()).isEqualTo(PI);
    assertThat(records.doubt()).isEmpty();
    assertThat(records.isPutDown()).isFalse();
    SpoolEvidence emptied = evidence(Optional.empty(), position(PI, 9, 9), null, 9, 0);
    assertThat(emptied.owner()).isEqualTo(PI);
    assertThat(emptied.doubt()).isEmpty();
  }

  @Test
  @DisplayName("is in doubt when it is shorter than it was, also when nothing is left")
  void shorter() {
    SpoolEvidence cut = evidence(said(PI), position(PI, 401, 801), PI, 601, 0);
    assertThat(cut.doubt()).isEqualTo("ends at 600, and had given out 800");
    assertThat(cut.end()).isEqualTo(801);
    assertThat(evidence(said(PI), position(PI, 401, 801), null, 401, 0).doubt()).isNotEmpty();
  }

  @Test
  @DisplayName("is in doubt without a position that is whole, or with damaged segments")
  void noPosition() {
    assertThat(evidence(said(PI), Optional.empty(), PI, 9, 0).doubt()).isNotEmpty();
    assertThat(evidence(said(PI), Optional.empty(), null, 1, 0).doubt()).isNotEmpty();
    assertThat(evidence(said(PI), position(PI, 1, 9), PI, 9, 1).doubt()).isNotEmpty();
    assertThat(evidence(Optional.empty(), Optional.empty(), PI, 9, 0).doubt()).isNotEmpty();
  }

  @Test
  @DisplayName("is in doubt when they are of different epochs; the records say whose they are")
  void epochs() {
    SpoolEvidence identity = evidence(said(OTHER), position(PI, 5, 9), PI, 9, 0);
    assertThat(identity.owner()).isEqualTo(PI);
    assertThat(identity.doubt()).contains("identity.json");
    SpoolEvidence position = evidence(said(PI), position(OTHER, 5, 9), PI, 9, 0);
    assertThat(position.doubt()).contains("acknowledged");
    assertThat(position.acknowledged()).isEqualTo(1);
  }

  @Test
  @DisplayName("in version 0.1 has no checksums: it counts, but for what the server has")
  void older() {
    Optional<Content<SpoolIdentity>> identity = Optional.of(new Content<>(PI, false));
    Optional<Content<Saved>> position = Optional.of(new Content<>(new Saved(null, 1401, 1), false));
    SpoolEvidence both = evidence(identity, position, PI, 801, 0);
    assertThat(both.doubt()).isEmpty();
    assertThat(both.acknowledged()).isEqualTo(1);
    assertThat(evidence(identity, Optional.empty(), PI, 801, 0).doubt()).isEmpty();
    assertThat(evidence(Optional.of(new Content<>(OTHER, false)), position, PI, 801, 0).doubt())
        .isNotEmpty();
  }

  private static SpoolEvidence evidence(
      Optional<Content<SpoolIdentity>> identity,
      Optional<Content<Saved>> position,
      SpoolIdentity recorded,
      long next,
      int quarantined) {
    return new SpoolEvidence(identity, position, recorded, next, quarantined, 1);
  }

  private static Optional<Content<SpoolIdentity>> said(SpoolIdentity identity) {
    return Optional.of(new Content<>(identity, true));
  }

  private static Optional<Content<Saved>> position(SpoolIdentity of, long acknowledged, long end) {
    return Optional.of(new Content<>(new Saved(of, acknowledged, end), true));
  }
}
