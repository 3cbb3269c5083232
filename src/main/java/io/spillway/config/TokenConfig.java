package io.spillway.config;

import java.util.List;
import java.util.regex.Pattern;

/** Who may do what. */
public record TokenConfig(
    @Key(required = true, form = Form.NAME, meaning = "for logs, in place of the secret; each once")
        String name,
    @Key(required = true, meaning = "up to 4096 visible ASCII characters; each once") Secret secret,
    @Key(required = true, meaning = "ingest: write; live: read") TokenRole role,
    @Key(
            max = 1_000,
            form = Form.EDGES,
            meaning =
                "only for edges of these names, `*` standing for any characters; empty: for all. "
                    + "Plain clients and `POST /api/ingest` have no name")
        List<String> edges)
    implements Checked {
  /** For edges of any name. */
  public TokenConfig(String name, Secret secret, TokenRole role) {
    this(name, secret, role, List.of());
  }

  /** Whether an edge of this name may come with it. */
  public boolean covers(String edge) {
    return edges.isEmpty() || edges.stream().anyMatch(pattern -> matches(pattern, edge));
  }

  private static boolean matches(String pattern, String edge) {
    String[] parts = pattern.split("\\*", -1);
    StringBuilder regex = new StringBuilder(Pattern.quote(parts[0]));
    for (int i = 1; i < parts.length; i++) {
      regex.append(".*").append(Pattern.quote(parts[i]));
    }
    return edge.matches(regex.toString());
  }

  @Override
  public void check(Checks at) throws ConfigException {
    at.token("secret", secret);
    if (role != TokenRole.INGEST && !edges.isEmpty()) {
      throw at.wrong("edges", "given for a token that does not write", "only with role ingest");
    }
  }
}
