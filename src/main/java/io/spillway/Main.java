package io.spillway;

/** The process. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("spillway");
  }
}
