package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.config.StorageAccount;
import io.azcp.transfer.identity.HandedToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The credential of a place, found by one process and handed over to others, which need none of
 * their own. What is handed over is secret: it goes over the ranks' own connections and nowhere
 * else. Used by one thread.
 */
public final class CredentialHandover {
  private static final String ANONYMOUS = "anonymous";
  private static final String SAS = "sas";
  private static final String KEY = "key";
  private static final String TOKEN = "token";

  /** The parts of what is handed over: kind, secret, account or milliseconds left, source. */
  private static final int PARTS = 4;

  private final Credential credential;
  private final HandedToken handed;
  private final List<String> notes;
  private String last = "";

  private CredentialHandover(Credential credential, HandedToken handed, List<String> notes) {
    this.credential = credential;
    this.handed = handed;
    this.notes = notes;
  }

  /** Finds the credential of a place, as {@link BlobServices#open} does. */
  public static CredentialHandover find(
      BlobUrl place, Map<String, String> environment, ClientOptions options) throws IOException {
    return of(BlobServices.credential(place, environment, options));
  }

  /** Finds the credential of an account file, as {@link BlobServices#open} does. */
  public static CredentialHandover find(
      StorageAccount account, Map<String, String> environment, ClientOptions options)
      throws IOException {
    return of(BlobServices.credential(account, environment, options));
  }

  private static CredentialHandover of(Credentials.Found found) {
    return new CredentialHandover(found.credential(), null, found.notes());
  }

  /** Takes what another process gave. */
  public static CredentialHandover received(byte[] bytes) throws IOException {
    String[] parts = parts(bytes);
    String source = parts[3] + " (by rank 0)";
    return switch (parts[0]) {
      case ANONYMOUS -> received(new Credential.Anonymous());
      case SAS -> received(new Credential.Sas(parts[1], source));
      case KEY -> received(Credential.SharedKey.of(parts[2], parts[1], source));
      default -> {
        var token = new HandedToken(parts[1], lifetime(parts), source);
        yield new CredentialHandover(new Credential.Bearer(token.shared()), token, List.of());
      }
    };
  }

  private static CredentialHandover received(Credential credential) {
    return new CredentialHandover(credential, null, List.of());
  }

  private static String[] parts(byte[] bytes) throws AzcpException {
    String[] parts = new String(bytes, StandardCharsets.UTF_8).split("\n", PARTS);
    if (parts.length != PARTS) {
      throw new AzcpException(Errno.EPROTO, "what rank 0 handed over is no credential");
    }
    return parts;
  }

  private static Duration lifetime(String... parts) {
    return Duration.ofMillis(Long.parseLong(parts[2]));
  }

  /** What the other processes are given. */
  public byte[] bytes() throws IOException {
    if (credential instanceof Credential.Sas sas) {
      return text(SAS, sas.token(), "");
    }
    if (credential instanceof Credential.SharedKey key) {
      return text(KEY, Base64.getEncoder().encodeToString(key.key()), key.account());
    }
    if (credential instanceof Credential.Bearer bearer) {
      last = bearer.token();
      return text(TOKEN, last, Long.toString(bearer.lifetime().toMillis()));
    }
    return text(ANONYMOUS, "", "");
  }

  private byte[] text(String kind, String secret, String more) {
    return String.join("\n", kind, secret, more, credential.source())
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Whether what was given is no longer what should be used. Asked by who found it; renews it in
   * the background where it is about to expire.
   */
  public boolean isOutdated() throws IOException {
    return credential instanceof Credential.Bearer bearer && !bearer.token().equals(last);
  }

  /** Takes what replaces what was given before. */
  public void renew(byte[] bytes) throws IOException {
    if (handed != null) {
      String[] parts = parts(bytes);
      handed.handOver(parts[1], lifetime(parts));
    }
  }

  /** Opens the service of the place. */
  public OpenedService open(BlobUrl place, Map<String, String> environment, ClientOptions options)
      throws IOException {
    return BlobServices.openAs(place, credential, environment, options, notes);
  }

  @Override
  public String toString() {
    return "CredentialHandover[" + credential.source() + "]";
  }
}
