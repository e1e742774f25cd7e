package io.azcp.fs.writeback;

import io.azcp.base.posix.Stat;
import io.azcp.config.OnConflict;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.ListQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Who keeps a name when the service has another version there than was expected, and under which
 * name the other version is kept: {@code NAME.conflict-TIME}, at most three for a name.
 * Thread-safe.
 */
final class KeptVersions {
  /** So many versions of a name are kept beside it. */
  static final int MOST = 3;

  private static final String MARK = ".conflict-";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern TIMED = Pattern.compile("\\d{8}T\\d{6}\\.\\d{3}Z");
  private static final int TIME_CHARS = 20;

  /** Bytes of a part of a path, and characters of a blob's name, at most. */
  private static final int MAX_PART = 255;

  private static final int MAX_NAME = 1024;
  private static final long SECOND_MILLIS = 1000;

  private final Remote remote;
  private final OnConflict mode;
  private final AtomicLong told = new AtomicLong();

  KeptVersions(Remote remote, OnConflict mode) {
    this.remote = remote;
    this.mode = mode;
  }

  /** Whether local content may replace what is there, which is not what was expected. */
  boolean mayReplace(Staging staging, BlobProperties there) {
    boolean replaces = staging.whole && !staging.exclusive;
    return ours(there) || (replaces && mayReplace(there, staging.closedMillis));
  }

  /**
   * Whether what was closed or asked for at a time of this machine may replace what is there. The
   * service tells whole seconds: within the same one nobody knows which came first, and nothing is
   * replaced. What this session, or one whose journal it took over, made itself is older, because
   * operations on a name run in order.
   */
  boolean mayReplace(BlobProperties there, long localMillis) {
    if (there.isFolder() || ours(there)) {
      return !there.isFolder();
    }
    long closed = remote.serviceMillis(localMillis) / SECOND_MILLIS;
    return mode == OnConflict.OVERWRITE && there.lastModified() / SECOND_MILLIS < closed;
  }

  private boolean ours(BlobProperties there) {
    return !there.isFolder() && remote.madeHere(there);
  }

  /** A name for another version of a file. */
  String nameFor(String name) {
    String plain = plain(name);
    String tail = MARK + TIME.format(Instant.ofEpochMilli(nextMillis()));
    int slash = plain.lastIndexOf('/');
    String leaf = plain.substring(slash + 1);
    int room = MAX_NAME - remote.blobName(plain.substring(0, slash + 1)).length() - tail.length();
    while (leaf.length() > Math.max(1, room) || bytes(leaf) + tail.length() > MAX_PART) {
      leaf = leaf.substring(0, leaf.offsetByCodePoints(leaf.length(), -1));
    }
    return plain.substring(0, slash + 1) + leaf + tail;
  }

  /** The time now, or later than any it has told: two versions never have one name. */
  private long nextMillis() {
    return told.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis()));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The name that a kept version is of; the name itself where it is of none. */
  private static String plain(String name) {
    int mark = name.lastIndexOf(MARK);
    boolean kept = mark > 0 && TIMED.matcher(name.substring(mark + MARK.length())).matches();
    return kept ? name.substring(0, mark) : name;
  }

  /** Removes the oldest versions of ours kept beside a name, so that there is room for one more. */
  void makeRoom(String keptName) throws IOException {
    String start = keptName.substring(0, keptName.length() - TIME_CHARS);
    TreeMap<String, BlobProperties> kept = new TreeMap<>();
    String marker = "";
    do {
      marker =
          remote.service.list(
              remote.container,
              new ListQuery(remote.blobName(start), false, marker, ListQuery.MAX_PAGE, true),
              (name, blob) -> {
                String relative = name.substring(remote.blobName("").length());
                boolean timed = TIMED.matcher(relative.substring(start.length())).matches();
                if (timed && Remote.madeByAzcp(blob)) {
                  kept.put(relative, blob);
                }
              });
    } while (!marker.isEmpty());
    List<String> gone = kept.keySet().stream().limit(Math.max(0, kept.size() - MOST + 1)).toList();
    for (String old : gone) {
      remove(old, kept.get(old));
    }
  }

  private void remove(String name, BlobProperties blob) throws IOException {
    try {
      remote.service.delete(remote.container, remote.blobName(name), Conditions.match(blob.etag()));
    } catch (IOException e) {
      if (!Remote.absent(e) && !Remote.conditionFailed(e)) {
        throw e;
      }
    }
  }

  /** Somebody else's blob, as far as a HEAD tells. */
  static RemoteFile theirs(String name, BlobProperties there) {
    var attributes =
        new PosixAttributes(Stat.REGULAR | 0644, 0, 0, there.lastModified() * 1_000_000L);
    Map<String, String> metadata = there.metadata();
    return new RemoteFile(name, Remote.version(there), attributes, metadata, there.contentType());
  }
}
