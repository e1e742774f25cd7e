package io.azcp.fs.tree;

import io.azcp.cache.index.Index;
import io.azcp.fs.tree.ListingHead.Moment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listings of one volume in the index: what lies in each directory, off the heap and from one
 * mount to the next.
 *
 * <p>A listing is a head and blocks of names in their order. It is written beside the one before,
 * and its head last, so that what is read is one listing or the other, whenever the process dies. A
 * directory that is changed here is marked so at once: the listing from before goes on being used
 * under the overlay, but the next mount, which has no overlay any more, does not take it over.
 * Thread-safe.
 */
final class KnownNames {
  private static final Logger LOG = LoggerFactory.getLogger(KnownNames.class);

  /** Heads that are kept as objects. */
  private static final int MOST_HEADS = 256;

  private static final byte HEAD = 'h';
  private static final byte BLOCK = 'b';
  private static final int BLOCK_PREFIX = 2 + Integer.BYTES;

  private final Volume volume;
  private final Index index;
  private final SecureRandom random = new SecureRandom();
  private final long session = generation();
  private final long startedNanos = System.nanoTime();
  private final long startedMillis = System.currentTimeMillis();
  private final long startedClock;

  /** Changed here before an older index may have been opened; null from then on. */
  private volatile Set<String> changedEarly = ConcurrentHashMap.newKeySet();

  private final Map<String, ListingHead> heads = newest(MOST_HEADS);
  private final BlockSearch search = new BlockSearch(this);
  private final Map<String, NameRecording> recordings = new HashMap<>();

  /** Large directories that were not read to their end, or are being read. */
  private final Map<String, ListingHead> growing = newest(MOST_HEADS);

  KnownNames(Volume volume, Index index) {
    this.volume = volume;
    this.index = index;
    this.startedClock = volume.now();
  }

  static <K, V> Map<K, V> newest(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  private long generation() {
    return Math.max(1, random.nextLong() & Long.MAX_VALUE);
  }

  private static byte[] headKey(String directory) {
    byte[] name = directory.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + name.length).put(HEAD).put(name).array();
  }

  static byte[] blockKey(String directory, int side, int number) {
    byte[] name = directory.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(BLOCK_PREFIX + name.length)
        .put(BLOCK)
        .put((byte) side)
        .putInt(number)
        .put(name)
        .array();
  }

  private static String directoryOf(byte[] key) {
    int start = key[0] == HEAD ? 1 : BLOCK_PREFIX;
    return new String(key, start, key.length - start, StandardCharsets.UTF_8);
  }

  // ---- what is asked

  /** The listing of a directory of not too many names; null where none is known. */
  synchronized Listing listing(String directory) {
    ListingHead head = head(directory);
    if (head == null || head.large()) {
      return null;
    }
    Map<String, Found> names = new LinkedHashMap<>();
    for (int i = 0; i < head.blocks(); i++) {
      NameBlockReader block = block(directory, head, i);
      if (block == null) {
        forgetOne(directory);
        return null;
      }
      for (ListedItem item : block.items()) {
        names.merge(item.part(), found(directory, item), KnownNames::together);
      }
    }
    return new Listing(
        names,
        ListingBuilder.slashMarker(volume, directory, head.slashMarker()),
        true,
        ticket(head.when()),
        asked(head.when()));
  }

  /** The listing of a directory of too many names to be kept as one; null where none is known. */
  synchronized ListingHead large(String directory) {
    ListingHead head = head(directory);
    return head == null || !head.large() ? null : head;
  }

  /** Whether a directory is known to have too many names, read to their end or not. */
  synchronized boolean isLarge(String directory) {
    return growing.containsKey(directory) || large(directory) != null;
  }

  /** What the newest page with a name of a large directory told; null for nothing. */
  synchronized NameProbe.Answer find(String name) {
    String directory = Paths.parent(name);
    ListingHead newest = growing.get(directory);
    NameProbe.Answer answer = newest == null ? null : find(directory, name, newest);
    ListingHead whole = answer == null ? large(directory) : null;
    if (whole == null) {
      return answer;
    }
    answer = find(directory, name, whole);
    return answer != null || large(directory) == null
        ? answer
        : new NameProbe.Answer(Found.Absent.NOTHING, ticket(whole.when()), asked(whole.when()));
  }

  private NameProbe.Answer find(String directory, String name, ListingHead head) {
    Found found = null;
    Moment when = null;
    for (String key : List.of(Paths.part(name), Paths.part(name) + "/")) {
      BlockSearch.Hit hit = search.find(directory, head, key);
      if (hit == null) {
        forgetOne(directory);
        return null;
      }
      if (hit.item() != null) {
        Found there = found(directory, hit.item());
        found = found == null ? there : together(found, there);
        when = hit.when();
      }
    }
    return found == null ? null : new NameProbe.Answer(found, ticket(when), asked(when));
  }

  /** A directory wins over a blob of its name, and a marker blob tells more of it. */
  private static Found together(Found before, Found now) {
    boolean stays =
        before.isDirectory() && !(now instanceof Found.Directory d && d.marker() != null);
    return stays ? before : now;
  }

  private Found found(String directory, ListedItem item) {
    return item.isDirectory()
        ? volume.impliedDirectory()
        : volume.found(Paths.join(directory, item.key()), item.properties());
  }

  /** A block of a listing, to be read by one thread; null where it is gone. */
  NameBlockReader block(String directory, ListingHead head, int number) {
    byte[] encoded = index.get(blockKey(directory, head.side(), number));
    NameBlockReader block = encoded == null ? null : new NameBlockReader(encoded);
    return block == null || block.generation() != head.generation() ? null : block;
  }

  private ListingHead head(String directory) {
    ListingHead head = heads.get(directory);
    if (head == null) {
      byte[] encoded = index.get(headKey(directory));
      if (encoded == null) {
        return null;
      }
      try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
        head = ListingHead.read(in);
      } catch (IOException e) {
        LOG.debug("a head of the index cannot be read", e);
        return null;
      }
      if (head.when().session() != session && !head.lasting()) {
        return null;
      }
      heads.put(directory, head);
    }
    return head;
  }

  // ---- time

  Moment moment(long ticketNanos, long askedNanos) {
    long ageNanos = System.nanoTime() - ticketNanos;
    long millis = System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(ageNanos);
    return new Moment(session, ticketNanos, askedNanos, millis);
  }

  /** When an answer was asked for; before everything here where an earlier mount asked. */
  long ticket(Moment when) {
    return when.session() == session ? when.ticketNanos() : startedNanos - ageNanos(when);
  }

  /** The same by the clock that times out answers. */
  long asked(Moment when) {
    return when.session() == session ? when.askedNanos() : startedClock - ageNanos(when);
  }

  /** Its age at this mount's start, by the time of day; too old where that was set back. */
  private long ageNanos(Moment when) {
    long millis = startedMillis - when.millis();
    return millis < 0 ? volume.ttlNanos() : TimeUnit.MILLISECONDS.toNanos(millis);
  }

  // ---- what is told

  /** Starts to take in a listing. Only one of a directory is taken in at a time. */
  synchronized NameRecording record(String directory, boolean large) {
    if (recordings.containsKey(directory)) {
      return new NameRecording(this, directory, 0, 0, large);
    }
    ListingHead before = head(directory);
    int side = before == null ? 0 : 1 - before.side();
    NameRecording recording = new NameRecording(this, directory, generation(), side, large);
    recordings.put(directory, recording);
    growing.remove(directory);
    return recording;
  }

  void put(byte[] key, byte[] value) {
    index.put(key, value);
  }

  synchronized void growing(NameRecording recording, ListingHead head) {
    if (recordings.get(recording.directory()) == recording) {
      growing.put(recording.directory(), head);
    }
  }

  synchronized void abandon(NameRecording recording) {
    if (recordings.remove(recording.directory(), recording)) {
      growing.remove(recording.directory());
    }
  }

  synchronized void closed(NameRecording recording) {
    recordings.remove(recording.directory(), recording);
  }

  /** A listing takes the place of the one before. */
  synchronized void install(NameRecording recording, ListingHead complete) {
    String directory = recording.directory();
    if (!recordings.remove(directory, recording)) {
      return;
    }
    growing.remove(directory);
    ListingHead before = head(directory);
    putHead(directory, recording.isChanged() ? complete.changed() : complete);
    if (before != null) {
      removeBlocks(directory, before);
    }
  }

  private void putHead(String directory, ListingHead head) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      head.write(out);
    } catch (IOException e) {
      throw new IllegalArgumentException("a head cannot be written", e);
    }
    index.put(headKey(directory), bytes.toByteArray());
    heads.put(directory, head);
  }

  private void removeBlocks(String directory, ListingHead head) {
    for (int i = 0; i < head.blocks(); i++) {
      index.remove(blockKey(directory, head.side(), i));
    }
  }

  /** Names directly in a directory are changed here: its listing is none for the next mount. */
  void changed(String directory) {
    Set<String> early = changedEarly;
    if (early != null) {
      early.add(directory);
    }
    synchronized (this) {
      NameRecording recording = recordings.get(directory);
      if (recording != null) {
        recording.changed();
      }
      ListingHead head = head(directory);
      if (head != null && head.lasting()) {
        putHead(directory, head.changed());
      }
    }
  }

  /**
   * An earlier mount's index is about to take the place of the one that has served since the start.
   * Waits for no lock of this class or of those who call it.
   */
  void taking(Index earlier) {
    Set<String> early = changedEarly;
    changedEarly = null;
    if (early != null) {
      early.forEach(directory -> earlier.remove(headKey(directory)));
    }
  }

  /** Forgets a directory's names and those of the directories below it. */
  synchronized void forget(String directory) {
    search.forget();
    index.removeIf(key -> key.length > 0 && Paths.lies(directoryOf(key), directory));
    heads.keySet().removeIf(name -> Paths.lies(name, directory));
    growing.keySet().removeIf(name -> Paths.lies(name, directory));
    recordings.keySet().removeIf(name -> Paths.lies(name, directory));
  }

  /** Forgets the names directly in a directory. */
  synchronized void forgetOne(String directory) {
    search.forget();
    growing.remove(directory);
    recordings.remove(directory);
    ListingHead head = head(directory);
    index.remove(headKey(directory));
    heads.remove(directory);
    if (head != null) {
      removeBlocks(directory, head);
    }
  }
}
