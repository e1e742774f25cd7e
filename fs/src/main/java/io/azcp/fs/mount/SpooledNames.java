package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.prefetch.Manifest;
import io.azcp.prefetch.PrepareNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Names of one rule: some as a user typed them, and then those of a list in a file. */
final class SpooledNames implements PrepareNames {
  private final Iterator<String> typed;
  private final Manifest list;
  private final Relative relative;
  private final Totals totals;

  /** The name below the rule of a path of the list; empty where it is no concern of the rule. */
  @FunctionalInterface
  interface Relative {
    Optional<String> of(String path) throws IOException;
  }

  /** How many files a list has, and their bytes where it tells them. */
  record Totals(long files, long bytes) {
    static final Totals NONE = new Totals(0, 0);

    Totals plus(Manifest.Line line) {
      return new Totals(files + 1, bytes + Math.max(0, line.size()));
    }
  }

  private SpooledNames(List<String> typed, Manifest list, Relative relative, Totals totals) {
    this.typed = List.copyOf(typed).iterator();
    this.list = list;
    this.relative = relative;
    this.totals = totals;
  }

  /**
   * Opens them.
   *
   * @param file the list, or null for none
   */
  static SpooledNames open(List<String> typed, String file, Relative relative, Totals totals)
      throws IOException {
    return new SpooledNames(typed, file == null ? null : list(file), relative, totals);
  }

  /** A list in a file. */
  static Manifest list(String file) throws AzcpException {
    try {
      return new Manifest(file, Files.newInputStream(Path.of(file)));
    } catch (IOException | RuntimeException e) {
      throw new AzcpException(Errno.ENOENT, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Name next() throws IOException {
    if (typed.hasNext()) {
      return new Name(typed.next(), false, 0);
    }
    for (Manifest.Line line = nextLine(); line != null; line = nextLine()) {
      Optional<String> name = relative.of(line.path());
      if (name.isPresent()) {
        return new Name(name.get(), true, Math.max(0, line.size()));
      }
    }
    return null;
  }

  private Manifest.Line nextLine() throws IOException {
    return list == null ? null : list.next();
  }

  @Override
  public long files() {
    return totals.files();
  }

  @Override
  public long bytes() {
    return totals.bytes();
  }

  @Override
  public void close() throws IOException {
    if (list != null) {
      list.close();
    }
  }
}
