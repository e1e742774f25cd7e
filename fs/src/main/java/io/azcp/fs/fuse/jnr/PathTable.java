package io.azcp.fs.fuse.jnr;

import io.azcp.base.Errno;
import io.azcp.fs.fuse.Caller;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.FileSystemPort;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * From the paths libfuse gives to the nodes of the port. A few thousand paths are remembered, each
 * as long as its entry allows; every lookup the port answered is taken back exactly once, when the
 * path is forgotten and nobody uses its node. Thread-safe; the port is never called under the lock.
 */
final class PathTable implements AutoCloseable {
  private static final int REMEMBERED = 4096;

  /** A node in use under a path. */
  static final class Pin {
    final long node;
    private final long expires;
    private long lookups;
    private int users;
    private boolean remembered;

    private Pin(long node, long expires, long lookups) {
      this.node = node;
      this.expires = expires;
      this.lookups = lookups;
    }
  }

  private final FileSystemPort port;
  private final Duration limit;
  private final Map<String, Pin> pins = new LinkedHashMap<>(256, 0.75f, true);
  private final Map<String, Pin> hidden = new HashMap<>();
  private final Pin root = new Pin(FileSystemPort.ROOT, 0, 0);
  private long changes;

  PathTable(FileSystemPort port, Duration limit) {
    this.port = port;
    this.limit = limit;
  }

  /** The bytes of a name. jnr-ffi has decoded them with the JVM's default charset. */
  static byte[] bytes(String name) {
    return name.getBytes(Charset.defaultCharset());
  }

  static String parentOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The node at the path, kept until {@link #release}. */
  Pin acquire(Caller caller, String path) throws Refusal {
    if (path.equals("/")) {
      return root;
    }
    long before;
    synchronized (this) {
      Pin known = hidden.containsKey(path) ? hidden.get(path) : pins.get(path);
      if (known != null && (known.expires == 0 || System.nanoTime() - known.expires < 0)) {
        known.users++;
        return known;
      }
      before = changes;
    }
    Pin parent = acquire(caller, parentOf(path));
    try {
      Await<Entry> found = new Await<>(this::takeBack);
      port.lookup(caller, parent.node, bytes(nameOf(path)), found);
      return adopt(path, found.get(limit), before);
    } finally {
      release(parent);
    }
  }

  private void takeBack(Entry entry) {
    if (entry.node() != 0) {
      port.forget(entry.node(), 1);
    }
  }

  /** How many changes of names there were, for {@link #adopt}. */
  synchronized long changes() {
    return changes;
  }

  /**
   * Takes over the lookup of an entry the port answered after {@code changes} was {@code before}.
   */
  Pin adopt(String path, Entry entry, long before) throws Refusal {
    if (entry.node() == 0) {
      throw new Refusal(Errno.ENOENT);
    }
    Pin pin = new Pin(entry.node(), Math.max(1, System.nanoTime() + entry.ttlNanos()), 1);
    pin.users = 1;
    Pin former = null;
    Pin eldest = null;
    synchronized (this) {
      if (changes == before) {
        pin.remembered = true;
        former = forgotten(pins.put(path, pin));
        if (pins.size() > REMEMBERED) {
          Iterator<Pin> oldestFirst = pins.values().iterator();
          eldest = forgotten(oldestFirst.next());
          oldestFirst.remove();
        }
      }
    }
    giveBack(former);
    giveBack(eldest);
    return pin;
  }

  /** The pin is not remembered any more; answers it when nobody uses it either. */
  private static Pin forgotten(Pin pin) {
    if (pin == null) {
      return null;
    }
    pin.remembered = false;
    return pin.users == 0 ? pin : null;
  }

  private void giveBack(Pin pin) {
    if (pin != null) {
      long count;
      synchronized (this) {
        count = pin.lookups;
        pin.lookups = 0;
      }
      if (count > 0) {
        port.forget(pin.node, count);
      }
    }
  }

  /** The user of a pin is done. */
  void release(Pin pin) {
    if (pin == root) {
      return;
    }
    boolean unused;
    synchronized (this) {
      pin.users--;
      unused = pin.users == 0 && !pin.remembered;
    }
    if (unused) {
      giveBack(pin);
    }
  }

  /** Forgets the path and all below it: a name there has changed. */
  void forget(String path) {
    Map<String, Pin> unused = new HashMap<>();
    synchronized (this) {
      changes++;
      Iterator<Map.Entry<String, Pin>> entries = pins.entrySet().iterator();
      while (entries.hasNext()) {
        Map.Entry<String, Pin> entry = entries.next();
        String other = entry.getKey();
        if (other.equals(path) || other.startsWith(path + "/")) {
          Pin pin = forgotten(entry.getValue());
          if (pin != null) {
            unused.put(other, pin);
          }
          entries.remove();
        }
      }
    }
    unused.values().forEach(this::giveBack);
  }

  /** Forgets what is remembered of a node. */
  void forgetNode(long node) {
    forgetAll(pathsWhere(entry -> entry.getValue().node == node));
  }

  /** Forgets what is remembered under a name, in whatever directory. */
  void forgetName(byte[] name) {
    forgetAll(pathsWhere(entry -> Arrays.equals(bytes(nameOf(entry.getKey())), name)));
  }

  private synchronized List<String> pathsWhere(Predicate<Map.Entry<String, Pin>> wanted) {
    return pins.entrySet().stream().filter(wanted).map(Map.Entry::getKey).toList();
  }

  private void forgetAll(List<String> paths) {
    paths.forEach(this::forget);
  }

  /** From now on the path, which the port does not have, leads to the node of the pin. */
  synchronized void hide(String path, Pin pin) {
    pin.users++;
    hidden.put(path, pin);
  }

  /** Ends {@link #hide}; false when the path was not hidden. */
  boolean unhide(String path) {
    Pin pin;
    synchronized (this) {
      pin = hidden.remove(path);
    }
    if (pin == null) {
      return false;
    }
    release(pin);
    return true;
  }

  /** Gives all lookups back. */
  @Override
  public void close() {
    forget("");
  }
}
