package io.azcp.fs.mount.control;

import java.util.concurrent.TimeUnit;

/** What both sides of the protocol agree on. */
public final class Protocol {
  /** The version of the protocol, sent with every line. */
  public static final int VERSION = 1;

  /** Who serves, and what. */
  public static final String HELLO = "hello";

  /** What is mounted, cached and pending. */
  public static final String STATUS = "status";

  /** Makes files whole in the cache. */
  public static final String PREPARE = "prepare";

  /** Uploads what is pending now and waits for it. */
  public static final String FLUSH = "flush";

  /** Forgets what is known of a path, so that the service is asked again. */
  public static final String REFRESH = "refresh";

  /** Drops files from the cache. */
  public static final String EVICT = "evict";

  /** Lets go of what was pinned in the cache. */
  public static final String UNPIN = "unpin";

  /** Unmounts. */
  public static final String UNMOUNT = "unmount";

  static final String KEY_VERSION = "v";
  static final String KEY_ID = "id";
  static final String KEY_OP = "op";
  static final String KEY_TYPE = "type";
  static final String PROGRESS = "progress";
  static final String RESULT = "result";
  static final String ERROR = "error";

  /** The longest line, newline included. */
  static final int LONGEST_LINE = 1 << 20;

  /** While a request is worked on, a line comes at least this often. */
  static final long HEARTBEAT_MILLIS = 1_000;

  /** A side that hears nothing for so long during a request gives up. */
  static final long SILENCE_MILLIS = TimeUnit.SECONDS.toMillis(60);

  /** A connection without a request for so long is closed by the server. */
  static final long IDLE_MILLIS = TimeUnit.MINUTES.toMillis(10);

  private Protocol() {}
}
