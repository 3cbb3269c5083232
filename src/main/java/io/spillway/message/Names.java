package io.spillway.message;

import java.util.Set;

/** Names that nobody may give himself who brings records. */
public final class Names {
  /** Parts of the server that write records, each with an {@code _id} that begins so. */
  private static final Set<String> OF_SERVER = Set.of("iaq", "votes", "notify", "settings");

  private Names() {}

  /** Whether no edge may be called so: its records could be taken for the server's own. */
  public static boolean isReserved(String edge) {
    return OF_SERVER.contains(edge);
  }
}
