package io.azcp.bench.mount;

import io.azcp.bench.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A data loader's worker: reads its share of a dataset's files in a shuffled order. */
final class SmallFileReader {
  private static final long SEED = 4711;

  private SmallFileReader() {}

  /**
   * Arguments: root, dataset, count of workers, own number. Says {@code ready}, waits for a line,
   * reads, and ends.
   */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    int workers = Integer.parseInt(args[2]);
    List<String> names = shuffled(Dataset.of(args[1]));
    List<Path> mine = new ArrayList<>();
    for (int i = Integer.parseInt(args[3]); i < names.size(); i += workers) {
      mine.add(root.resolve(names.get(i)));
    }
    byte[] buffer = new byte[1 << 20];
    System.out.println("ready");
    if (System.in.read() < 0) {
      return;
    }
    for (Path file : mine) {
      try (InputStream in = Files.newInputStream(file)) {
        while (in.read(buffer) > 0) {
          // The bytes are all that is wanted.
          Thread.onSpinWait();
        }
      }
    }
  }

  /** All names, in the order in which the workers together read them. */
  static List<String> shuffled(Dataset dataset) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < dataset.count(); i++) {
      names.add(dataset.name(i));
    }
    Collections.shuffle(names, new Random(SEED));
    return names;
  }
}
