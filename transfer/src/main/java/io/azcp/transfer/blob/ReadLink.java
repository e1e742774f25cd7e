package io.azcp.transfer.blob;

import java.time.Duration;
import java.time.Instant;

/**
 * A URL by which anybody can read one blob, and nothing else. Printing one never shows its
 * signature.
 *
 * @param url the whole URL, signature included
 * @param until when it ends
 */
public record ReadLink(String url, Instant until) {
  /** How long a link holds that the account's key signed. */
  public static final Duration BY_KEY = Duration.ofDays(30);

  /** How long one holds that was signed for an identity: the service allows no more. */
  public static final Duration BY_IDENTITY = Duration.ofDays(7);

  @Override
  public String toString() {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }
}
