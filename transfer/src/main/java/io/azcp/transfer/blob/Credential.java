package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.identity.SharedToken;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;

/** Who asks. Printing one never shows its secret. Immutable, thread-safe. */
public sealed interface Credential {

  /** Where it comes from, for {@code env} and messages; without secrets. */
  String source();

  /** Nobody in particular: only public containers answer. */
  record Anonymous() implements Credential {
    @Override
    public String source() {
      return "anonymous";
    }
  }

  /**
   * A shared access signature.
   *
   * @param token the query string without {@code ?}
   * @param source where it comes from
   */
  record Sas(String token, String source) implements Credential {
    @Override
    public String toString() {
      return "Sas[" + source + "]";
    }
  }

  /** An account's name and key, which sign every request. */
  final class SharedKey implements Credential {
    private final String account;
    private final byte[] key;
    private final String source;

    private SharedKey(String account, byte[] key, String source) {
      this.account = account;
      this.key = key;
      this.source = source;
    }

    /**
     * A key as the portal shows it.
     *
     * @throws AzcpException {@code EINVAL} where it is not Base64; the message does not show it
     */
    public static SharedKey of(String account, String base64, String source) throws AzcpException {
      try {
        byte[] key = Base64.getDecoder().decode(base64.strip());
        if (key.length > 0) {
          return new SharedKey(account, key, source);
        }
      } catch (IllegalArgumentException e) {
        // Said below: the decoder's message would show a part of the key.
      }
      throw new AzcpException(
          Errno.EINVAL,
          "the key of account " + account + " (" + source + ") is not Base64; copy it again whole");
    }

    String account() {
      return account;
    }

    byte[] key() {
      return key;
    }

    @Override
    public String source() {
      return source;
    }

    @Override
    public String toString() {
      return "SharedKey[" + account + ", " + source + "]";
    }
  }

  /** An identity of Microsoft Entra ID, whose token is asked for again for each request. */
  final class Bearer implements Credential {
    private final SharedToken token;

    Bearer(SharedToken token) {
      this.token = token;
    }

    /** The token that holds now. */
    String token() throws IOException {
      return token.value();
    }

    /** How long the token that holds now goes on to do so. */
    Duration lifetime() {
      return token.lifetime();
    }

    /** Gets another token after one was refused; whether there is another now. */
    boolean renew(String refused) throws IOException {
      return token.renew(refused);
    }

    @Override
    public String source() {
      return token.source();
    }

    @Override
    public String toString() {
      return "Bearer[" + source() + "]";
    }
  }
}
