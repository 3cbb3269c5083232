package io.spillway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.spillway.server.part.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
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
  private static final List<String> FOUNDATIONS =
      List.of("config", "bus", "journal", "wire", "retry", "time", "topic", "net");
  private static final List<String> PARTS =
      List.of("ingest", "live", "mqtt", "api", "search", "status", "pages");
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
              ROLES.stream()
                  .filter(other -> !other.equals(role))
                  .map(ArchitectureTest::within)
                  .toArray(String[]::new))
          .check(MAIN);
    }
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
    try (Stream<Path> all = Files.walk(SOURCES)) {
      assertThat(
              all.map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".java") && !name.equals("package-info.java")))
          .doesNotHaveDuplicates();
    }
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
        Stream.concat(Stream.of("io.spillway"), ROLES.stream().map(ArchitectureTest::within))
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
  @DisplayName("never sleeps")
  void noSleep() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(MAIN);
    noClasses().should().callMethod(Thread.class, "sleep", long.class, int.class).check(MAIN);
  }

  @Test
  @DisplayName("has no package but the roles, the foundations and the messages")
  void knownPackages() throws IOException {
    Set<String> known =
        Stream.of(ROLES, FOUNDATIONS, List.of("message"))
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
