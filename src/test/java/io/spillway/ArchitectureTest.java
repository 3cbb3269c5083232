package io.spillway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.spillway.server.part.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The architecture")
class ArchitectureTest {
  private static final Path SOURCES = Path.of("src/main/java/io/spillway");
  private static final List<String> ROLES =
      List.of(
          "source", "rabbit", "batch", "uplink", "server", "store", "iaq", "sink", "demo", "tools");

  /** Commands beside {@code Main}, which nobody imports. Of the roles they take what tools have. */
  private static final List<String> COMMANDS = List.of("replay");

  private static final List<String> FOUNDATIONS =
      List.of(
          "config",
          "bus",
          "journal",
          "wire",
          "retry",
          "time",
          "topic",
          "net",
          "redelivery",
          "worker",
          "hop");

  /** Put together of roles, as the process itself is. */
  private static final String DOCTOR = "doctor";

  private static final List<String> PARTS =
      List.of("ingest", "live", "mqtt", "api", "search", "status", "pages");

  /** They decide, with time as a parameter; their verticles have timers, futures and I/O. */
  private static final List<String> PURE =
      List.of(
          "batch.SendWindow",
          "batch.SpoolEvidence",
          "journal.FillingDisk",
          "journal.RetentionClock",
          "store.EdgeMark",
          "store.EdgeMarks",
          "store.Islands",
          "sink.SinkProgress",
          "server.status.Judge",
          "server.part.ReadBudget",
          "server.part.ReceiveBudget",
          "bus.FaultMemory",
          "source.SubscriptionPlan",
          "topic.FilterTree",
          "topic.TopicFilter",
          "retry.Backoff",
          "redelivery.SessionMemory",
          "redelivery.ChunkJudge",
          "redelivery.Unproven",
          "redelivery.HabitLearner",
          "replay.Course",
          "replay.Pace",
          "replay.Shaper",
          "hop.HopFinding",
          "journal.SyncTimes",
          "source.Arrivals",
          "source.Grants",
          "uplink.LinkJudgement",
          "doctor.Diagnosis");

  private static final int LINES_MAX = 300;
  private static final int MUTABLE_FIELDS_MAX = 10;

  /** Only what says what time it is reads a clock of the machine. */
  private static final Pattern CLOCK =
      Pattern.compile("System(\\.|::)(currentTimeMillis|nanoTime)|(Instant|Local\\w+)\\.now\\(");

  /** On the pool that all share; a pool of one's own is called worker. */
  private static final Pattern WORK =
      Pattern.compile("(context|[vV]ertx(\\(\\))?)\\s*\\.(<\\w+>)?executeBlocking\\(");

  /** Changes files, or opens them so that they can be changed. */
  private static final Pattern WRITING =
      Pattern.compile(
          "Files\\.(move|write|delete|create|copy|newOutput|newBuffered\\w*W|newByte)\\w*\\("
              + "|FileChannel\\.open\\(|RandomAccessFile|FileOutputStream|FileWriter");

  /**
   * A lock is nothing to be kept, a tail is only read, demo and doctor throw away what they write.
   */
  private static final List<String> NOT_KEPT =
      List.of(
          "journal/DirectoryLock.java",
          "journal/FileTail.java",
          "journal/DirectoryExamination.java",
          "demo/DemoBroker.java");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  @DisplayName("has roles that never import each other")
  void rolesApart() {
    for (String role : ROLES) {
      noClasses()
          .that()
          .resideInAPackage(within(role))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              Stream.concat(ROLES.stream(), COMMANDS.stream())
                  .filter(other -> !other.equals(role))
                  .map(ArchitectureTest::within)
                  .toArray(String[]::new))
          .check(MAIN);
    }
  }

  @Test
  @DisplayName("has commands that import no role but the tools")
  void commandsApart() {
    for (String command : COMMANDS) {
      noClasses()
          .that()
          .resideInAPackage(within(command))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROLES.stream()
                  .filter(other -> !other.equals("tools"))
                  .map(ArchitectureTest::within)
                  .toArray(String[]::new))
          .check(MAIN);
    }
  }

  @Test
  @DisplayName("has a doctor that knows the roles, and that none of them knows")
  void doctorAbove() {
    noClasses()
        .that()
        .resideInAnyPackage(
            Stream.of(ROLES, FOUNDATIONS, List.of("message"))
                .flatMap(List::stream)
                .map(ArchitectureTest::within)
                .toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(within(DOCTOR))
        .check(MAIN);
  }

  @Test
  @DisplayName("has parts of the server that never import each other")
  void partsApart() {
    for (String part : PARTS) {
      noClasses()
          .that()
          .resideInAPackage(within("server." + part))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              PARTS.stream()
                  .filter(other -> !other.equals(part))
                  .map(other -> within("server." + other))
                  .toArray(String[]::new))
          .check(MAIN);
    }
  }

  @Test
  @DisplayName("has one entry into each part of the server, and no part that is none")
  void partsEntered() throws IOException {
    for (String part : PARTS) {
      classes()
          .that()
          .resideInAPackage(within("server." + part))
          .and()
          .areTopLevelClasses()
          .and()
          .arePublic()
          .should()
          .implement(Part.class)
          .check(MAIN);
    }
    try (Stream<Path> entries = Files.list(SOURCES.resolve("server"))) {
      assertThat(entries.filter(Files::isDirectory).map(dir -> dir.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(PARTS.stream(), Stream.of("part", "auth", "records")).toList());
    }
  }

  @Test
  @DisplayName("has no two classes of one name")
  void namesOnce() throws IOException {
    assertThat(sources().flatMap(ArchitectureTest::className)).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("has messages that import nobody of ours")
  void messageAlone() {
    classes()
        .that()
        .resideInAPackage(within("message"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.spillway.message..", "java..", "com.fasterxml.jackson.core..")
        .check(MAIN);
  }

  @Test
  @DisplayName("has foundations that import only foundations and messages")
  void foundations() {
    String[] others =
        Stream.concat(
                Stream.of("io.spillway"),
                Stream.of(ROLES, COMMANDS).flatMap(List::stream).map(ArchitectureTest::within))
            .toArray(String[]::new);
    for (String foundation : FOUNDATIONS) {
      noClasses()
          .that()
          .resideInAPackage(within(foundation))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(MAIN);
    }
  }

  @Test
  @DisplayName("has no cycle of packages")
  void noCycles() {
    slices().matching("io.spillway.(*)..").should().beFreeOfCycles().check(MAIN);
    slices().matching("io.spillway.(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  @DisplayName("has machines that are pure: they know neither Vert.x nor Netty")
  void pure() {
    for (String machine : PURE) {
      noClasses()
          .that()
          .haveFullyQualifiedName("io.spillway." + machine)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..")
          .check(MAIN);
    }
  }

  @Test
  @DisplayName("reads the machine's clocks in one place, and is given the time elsewhere")
  void clocks() throws IOException {
    assertThat(sources().filter(file -> CLOCK.matcher(textOf(file)).find()))
        .allMatch(file -> file.startsWith(SOURCES.resolve("time")));
  }

  @Test
  @DisplayName("has blocking work done in one place, which keeps the order of who waits for it")
  void blockingWork() throws IOException {
    assertThat(sources().filter(file -> WORK.matcher(textOf(file)).find()))
        .allMatch(file -> file.startsWith(SOURCES.resolve("worker")));
  }

  @Test
  @DisplayName("changes files in one place, so that a test can see what is synced when")
  void writing() throws IOException {
    assertThat(sources().filter(file -> WRITING.matcher(textOf(file)).find()))
        .map(file -> SOURCES.relativize(file).toString())
        .filteredOn(file -> !NOT_KEPT.contains(file))
        .containsExactly("journal/Disk.java");
  }

  @Test
  @DisplayName("has no class with more than " + MUTABLE_FIELDS_MAX + " fields that change")
  void mutableFields() {
    assertThat(MAIN.stream().filter(type -> mutableFields(type) > MUTABLE_FIELDS_MAX))
        .extracting(type -> type.getName() + ": " + mutableFields(type))
        .isEmpty();
  }

  private static long mutableFields(JavaClass type) {
    return type.getFields().stream()
        .map(JavaField::getModifiers)
        .filter(is -> !is.contains(JavaModifier.FINAL) && !is.contains(JavaModifier.STATIC))
        .count();
  }

  @Test
  @DisplayName("has no file over " + LINES_MAX + " lines")
  void shortFiles() throws IOException {
    assertThat(sources().filter(file -> textOf(file).lines().count() > LINES_MAX)).isEmpty();
  }

  @Test
  @DisplayName("has tests whose classes have names of their own, too")
  void testNamesOnce() throws IOException {
    try (Stream<Path> tests = Files.walk(Path.of("src/test/java"))) {
      assertThat(Stream.concat(sources(), tests).flatMap(ArchitectureTest::className))
          .doesNotHaveDuplicates();
    }
  }

  private static Stream<String> className(Path file) {
    String name = file.getFileName().toString();
    boolean is = name.endsWith(".java") && !name.equals("package-info.java");
    return is ? Stream.of(name) : Stream.empty();
  }

  private static Stream<Path> sources() throws IOException {
    try (Stream<Path> all = Files.walk(SOURCES)) {
      return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
    }
  }

  private static String textOf(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  @Test
  @DisplayName("never sleeps")
  void noSleep() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(MAIN);
    noClasses().should().callMethod(Thread.class, "sleep", long.class, int.class).check(MAIN);
  }

  @Test
  @DisplayName(
      "has no package but the roles, the commands, the foundations, the messages and doctor")
  void knownPackages() throws IOException {
    Set<String> known =
        Stream.of(ROLES, COMMANDS, FOUNDATIONS, List.of("message", DOCTOR))
            .flatMap(List::stream)
            .collect(Collectors.toSet());
    try (Stream<Path> entries = Files.list(SOURCES)) {
      assertThat(entries.filter(Files::isDirectory).map(dir -> dir.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(known);
    }
  }

  @Test
  @DisplayName("says of every package what it is")
  void packagesDescribed() throws IOException {
    try (Stream<Path> all = Files.walk(SOURCES)) {
      List<Path> silent =
          all.filter(Files::isDirectory)
              .filter(dir -> !Files.exists(dir.resolve("package-info.java")))
              .toList();
      assertThat(silent).isEmpty();
    }
    assertThat(Files.readString(SOURCES.resolve("bus/package-info.java"))).contains("/**");
  }

  private static String within(String part) {
    return "io.spillway." + part + "..";
  }
}
