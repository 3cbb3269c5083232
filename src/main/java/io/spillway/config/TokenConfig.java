package io.spillway.config;

/** Who may do what. */
public record TokenConfig(
    @Key(required = true, form = Form.NAME, meaning = "for logs, in place of the secret; each once")
        String name,
    @Key(required = true, meaning = "up to 4096 visible ASCII characters; each once") Secret secret,
    @Key(required = true, meaning = "ingest: write; live: read") TokenRole role)
    implements Checked {
  @Override
  public void check(Checks at) throws ConfigException {
    at.token("secret", secret);
  }
}
