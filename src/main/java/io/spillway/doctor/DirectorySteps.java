package io.spillway.doctor;

import io.spillway.journal.DirectoryExamination;
import io.vertx.core.Vertx;
import java.util.List;

/** The hops of a directory: may it be used, is there room, how fast is it. */
final class DirectorySteps {
  private DirectorySteps() {}

  /**
   * @param bytesMax most that may lie there; 0: there is no limit
   * @param bytesKey that sets it
   */
  static void add(
      List<Step> steps,
      Vertx vertx,
      DirectoryExamination directory,
      long bytesMax,
      String bytesKey) {
    List<String> files = List.of(directory.filesHop());
    steps.add(Step.blocking(vertx, directory.filesHop(), List.of(), directory::files));
    steps.add(
        Step.blocking(vertx, directory.roomHop(), files, () -> directory.room(bytesMax, bytesKey)));
    steps.add(
        Step.blocking(
            vertx,
            directory.speedHop(),
            List.of(directory.filesHop(), directory.roomHop()),
            directory::speed));
  }
}
