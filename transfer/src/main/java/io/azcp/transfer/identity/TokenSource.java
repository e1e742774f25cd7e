package io.azcp.transfer.identity;

import java.io.IOException;

/** Where tokens come from. Thread-safe; every call is bounded in time. */
interface TokenSource {
  /** Its name for messages and {@code azcp env}, as {@code managed identity}. */
  String name();

  /**
   * A token that holds now.
   *
   * @throws IdentityException what was refused or wrong; {@link IdentityException#absent()} where
   *     this machine has no such identity
   */
  AccessToken fetch() throws IOException;
}
