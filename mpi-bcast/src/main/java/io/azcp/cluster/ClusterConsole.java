package io.azcp.cluster;

/** Where a run tells what it does. Called by any thread of a rank. */
public interface ClusterConsole {
  /** A line of the result; rank 0 alone has some. */
  void result(String line);

  /** What is good to know. */
  void note(String line);

  /** What is wrong, in one sentence. */
  void complain(String sentence);

  /**
   * How far all ranks are; rank 0 alone hears it, a few times a second.
   *
   * @param downloaded bytes that came from the service, of {@code toDownload}
   * @param sent bytes that were broadcast, of {@code toSend}
   */
  void progress(long downloaded, long toDownload, long sent, long toSend);

  /** Nothing more is under way. */
  void progressOver();
}
