package io.azcp.transfer.identity;

import java.time.Duration;

/**
 * A token as it was just given. Printing one never shows it.
 *
 * @param value what goes behind {@code Bearer}
 * @param lifetime how long it holds from now on, not negative
 */
record AccessToken(String value, Duration lifetime) {
  @Override
  public String toString() {
    return "AccessToken[" + lifetime + "]";
  }
}
