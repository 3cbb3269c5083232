package io.spillway.sink;

import java.time.OffsetDateTime;

/** Records taken apart for a table, column by column. */
final class Rows {
  final String[] ids;
  final OffsetDateTime[] times;
  final String[] topics;
  final String[] types;
  final String[] records;

  /** Column, then row; null where a record has no such number. */
  final Double[][] numbers;

  Rows(int count, int columns) {
    ids = new String[count];
    times = new OffsetDateTime[count];
    topics = new String[count];
    types = new String[count];
    records = new String[count];
    numbers = new Double[columns][count];
  }
}
