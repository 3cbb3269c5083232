package io.spillway.replay;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Which source it is that is replayed: the same source has the same name at each run, so that a
 * server, which keeps a mark for {@code <edge>.<epoch>}, knows what of it is stored. Twice is once.
 *
 * <p>Of a file it is the SHA-256 of its lines, unpacked, so of {@code x.ndjson} the same as of
 * {@code x.ndjson.gz}. A file that has <em>grown</em> has another hash; so the first run notes
 * beside it ({@link ReplayMemory}) what was hashed then, and as long as the file still begins with
 * these very bytes it keeps the name it had. A file that was changed, and not only grown, is
 * another source and goes from its first line on: a duplicate, and no loss, as a mark of before
 * would count lines as stored that nobody has sent. So is one that has grown where the note is
 * gone. One that was put back, with its note, and has grown in another way is refused: the server
 * is further than the note ({@link MemoryKeeper#isOvertaken}). The first line alone would need no
 * note, and would take two extracts of one journal for one source.
 *
 * <p>Of a directory it is the name that its journal has ({@code journal.id}, at an edge {@code
 * identity.json}), and each record's own offset is its number: a journal may grow, close and
 * compress segments and lose its oldest ones to retention. Two copies of one journal that have gone
 * on apart, as after a backup was put back, have one name, and would be taken for one. Without such
 * a file it is the hash of the oldest segment, with a note as above; when retention has deleted
 * that one, what is left is another source, and a duplicate.
 *
 * @param hex 64 digits
 */
record Identity(String hex) {
  private static final int EPOCH_DIGITS = 8;
  private static final int KEY_DIGITS = 32;
  private static final HexFormat HEX = HexFormat.of();

  /** That of a journal with a name of its own. */
  static Identity ofJournal(String name) {
    return new Identity(HEX.formatHex(sha256("spillway journal\n" + name)));
  }

  /**
   * The epoch under which a choice of its lines goes: 8 digits of the hash, or of that and the
   * choice. Two sources may come to the same by chance; their {@link #key keys} differ, and the
   * server refuses the second one in words.
   */
  String epoch(Choice choice) {
    return chosen(choice).substring(0, EPOCH_DIGITS);
  }

  /**
   * What proves to the server that the next run is of the same source: it takes the numbers of an
   * epoch only with the key that it came with first. It is not kept anywhere, but made of the
   * secret and of the whole hash. So whoever has the token and not the source cannot come before
   * and have its lines counted as stored, nor can who has the source and another token; who has
   * both could replay it himself. Another token at the next run is another key, which the server
   * refuses, in words; {@code --key-file} has a secret that stays. Without any secret who has the
   * source has the key: so it is with a server that asks for no token.
   *
   * @param secret empty for none
   */
  String key(String name, Choice choice, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] with = ("spillway replay\n" + secret).getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(with, mac.getAlgorithm()));
      String of = name + '\n' + chosen(choice);
      return HEX.formatHex(mac.doFinal(of.getBytes(StandardCharsets.UTF_8)))
          .substring(0, KEY_DIGITS);
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has HmacSHA256", impossible);
    }
  }

  private String chosen(Choice choice) {
    String text = choice.text();
    return text.isEmpty() ? hex : HEX.formatHex(sha256(hex + '\n' + text));
  }

  private static byte[] sha256(String text) {
    return digest().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }
}
