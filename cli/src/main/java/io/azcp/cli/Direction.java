package io.azcp.cli;

import io.azcp.base.UsageException;

/** Which way a transfer goes. */
enum Direction {
  UPLOAD("Upload", "an upload"),
  DOWNLOAD("Download", "a download"),
  COPY("Copy", "a copy from blob to blob");

  private final String headline;
  private final String described;

  Direction(String headline, String described) {
    this.headline = headline;
    this.described = described;
  }

  /** As a message says it: {@code an upload}. */
  String described() {
    return described;
  }

  /** As summaries begin: {@code Upload}. */
  String headline() {
    return headline;
  }

  /** As a dry run says it: {@code upload}. */
  String verb() {
    return headline.toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Refuses an option that could only be ignored.
   *
   * @param given whether the user gave it
   * @param advice what to do instead, or empty
   */
  void refuse(boolean given, String option, String advice) throws UsageException {
    if (given) {
      String more = advice.isEmpty() ? "" : "; " + advice;
      throw new UsageException(option + " means nothing for " + described + more);
    }
  }
}
