package io.spillway.disk;

import io.spillway.disk.DiskEvent.Add;
import io.spillway.disk.DiskEvent.Force;
import io.spillway.disk.DiskEvent.Promise;
import io.spillway.disk.DiskEvent.Remove;
import io.spillway.disk.DiskEvent.Rename;
import io.spillway.disk.DiskEvent.Sync;
import io.spillway.disk.DiskEvent.Truncate;
import io.spillway.disk.DiskEvent.Write;

/** What was done to a disk, for whoever reads of a failure. */
final class Words {
  private Words() {}

  static String of(DiskEvent event) {
    if (event instanceof Write write) {
      return "write " + write.bytes().length + " at " + write.at() + ';';
    }
    if (event instanceof Truncate truncate) {
      return "truncate to " + truncate.size() + ';';
    }
    if (event instanceof Force force) {
      return "force by " + force.site() + ';';
    }
    if (event instanceof Sync sync) {
      return "sync by " + sync.site() + ';';
    }
    if (event instanceof Add add) {
      return "make " + add.name() + ';';
    }
    if (event instanceof Remove remove) {
      return "remove " + remove.name() + ';';
    }
    if (event instanceof Rename rename) {
      return "rename " + rename.from().name() + " to " + rename.to().name() + ';';
    }
    return "promise " + ((Promise) event).said() + ';';
  }
}
