package io.spillway.tools;

/** How many ranges all sequences together may keep: what bounds the memory of a check. */
final class RangeBudget {
  private int left;

  RangeBudget(int max) {
    left = max;
  }

  /** False means that none is left. */
  boolean take() {
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }

  void giveBack() {
    left++;
  }
}
