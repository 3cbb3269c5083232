package io.spillway.doctor;

import io.spillway.hop.HopFinding;

/** Tells what is found, to a person or to a program. */
interface Telling {
  /** As soon as it is known. */
  void tell(HopFinding finding, long tookMs);

  /** When all has been told. */
  void end(Diagnosis diagnosis, long tookMs);
}
