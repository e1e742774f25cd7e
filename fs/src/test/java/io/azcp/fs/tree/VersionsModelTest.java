package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import io.azcp.config.Consistency;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.tree.MountedTree.Failed;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * A blob is replaced again and again while it is open. Whatever is read through one open is of one
 * version, and that is not older than the rule allows; what cannot be had of it is refused.
 */
class VersionsModelTest {
  private static final String NAME = "d/blob";
  private static final int OPENS = 2;
  private static final int READ = 4000;

  private enum Kind {
    REPLACE,
    OPEN,
    READ,
    READ_ALL,
    CLOSE,
    REFRESH,
    EXPIRE,
    EVICT,
    REMOUNT
  }

  /** One step; the numbers say which open, and where or how much. */
  record Step(Kind kind, int open, int where) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(Kind.values()),
            Arbitraries.integers().between(0, OPENS - 1),
            Arbitraries.of(0, 1, 60_000, 65_536, 131_073, 250_000, 400_000))
        .as(Step::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(50);
  }

  @Property(tries = 120)
  void everyByteOfAnOpenIsOfOneVersion(
      @ForAll("steps") List<Step> steps, @ForAll Consistency consistency) throws IOException {
    try (Run run = new Run(consistency)) {
      for (Step step : steps) {
        run.step(step);
      }
    }
  }

  /** Byte i of a version; any few of them together tell the version. */
  private static byte content(int version, long i) {
    long h = (version * 0x9E3779B97F4A7C15L + i / 8) * 0xbf58476d1ce4e5b9L;
    h ^= h >>> 29;
    return (byte) (h >>> (8 * (i % 8)));
  }

  /** An open and the versions that what was read of it may be of. */
  private static final class Reader {
    final Opened opened;
    final List<Integer> versions;

    Reader(Opened opened, List<Integer> versions) {
      this.opened = opened;
      this.versions = new ArrayList<>(versions);
    }
  }

  private static final class Run implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("versions-model");
    private final Rig rig;
    private final Consistency consistency;
    private final Reader[] readers = new Reader[OPENS];
    private final List<Integer> lengths = new ArrayList<>();
    private Volume volume;
    private MountedTree fs;
    private int oldest;

    Run(Consistency consistency) throws IOException {
      this.consistency = consistency;
      rig = new Rig(folder, consistency);
      volume = rig.volume("", false, Listings.MAX_NAMES);
      fs = Rig.mount(volume);
      replace(131_073);
    }

    private void replace(int length) throws IOException {
      int version = lengths.size();
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = content(version, i);
      }
      rig.memory.put(Rig.BOX, NAME, BodySource.of(bytes), PutOptions.NONE);
      lengths.add(length);
    }

    private int latest() {
      return lengths.size() - 1;
    }

    void step(Step s) throws IOException {
      switch (s.kind()) {
        case REPLACE -> replace(s.where());
        case OPEN -> open(s.open());
        case READ -> read(s.open(), s.where(), READ);
        case READ_ALL -> read(s.open(), 0, 1 << 20);
        case CLOSE -> close(s.open());
        case REFRESH -> refresh();
        case EXPIRE -> {
          rig.expire();
          if (consistency == Consistency.TTL) {
            oldest = latest();
          }
        }
        case EVICT -> volume.cache().evict(NAME);
        case REMOUNT -> {
          for (int i = 0; i < OPENS; i++) {
            close(i);
          }
          volume = rig.again(volume, false);
          fs = Rig.mount(volume);
        }
        default -> throw new AssertionError(s);
      }
    }

    private void open(int i) {
      close(i);
      int from = consistency == Consistency.OPEN ? latest() : oldest;
      List<Integer> allowed = IntStream.rangeClosed(from, latest()).boxed().toList();
      readers[i] = new Reader(fs.open(NAME, 0), allowed);
    }

    private void close(int i) {
      if (readers[i] != null) {
        fs.close(readers[i].opened);
        readers[i] = null;
      }
    }

    /** What the refresh of a mount does. */
    private void refresh() throws IOException {
      BlobProperties now = rig.memory.head(Rig.BOX, NAME);
      if (consistency == Consistency.CACHED) {
        volume
            .cache()
            .dropOther(
                NAME,
                new BlobVersion(now.etag(), now.length(), now.lastModified(), now.contentMd5()));
      }
      volume.refresh(NAME);
      oldest = latest();
    }

    private void read(int i, int offset, int length) {
      Reader reader = readers[i];
      if (reader == null) {
        return;
      }
      byte[] bytes;
      try {
        bytes = fs.read(reader.opened, offset, length);
      } catch (Failed e) {
        assertThat(e.errno).isEqualTo(Errno.ESTALE);
        reader.versions.remove((Integer) latest());
        assertThat(reader.versions).as("only what was replaced is refused").isNotEmpty();
        return;
      }
      List<Integer> before = List.copyOf(reader.versions);
      reader.versions.removeIf(v -> !matches(v, offset, length, bytes));
      assertThat(reader.versions)
          .as("%d bytes at %d of an open at one of %s", bytes.length, offset, before)
          .isNotEmpty();
    }

    private boolean matches(int version, int offset, int length, byte[] bytes) {
      if (bytes.length != Math.max(0, Math.min(length, lengths.get(version) - offset))) {
        return false;
      }
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] != content(version, offset + i)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      for (int i = 0; i < OPENS; i++) {
        close(i);
      }
      rig.close();
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(p);
        }
      }
    }
  }
}
