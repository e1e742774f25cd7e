package io.azcp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are uploaded or compared. */
enum Source {
  /** The blobs of {@code big}. */
  BIG {
    @Override
    void write(Path folder, Pattern pattern) throws IOException {
      writeBlobs("big", folder, pattern);
    }
  },
  /** The blobs of {@code small}. */
  SMALL {
    @Override
    void write(Path folder, Pattern pattern) throws IOException {
      writeBlobs("small", folder, pattern);
    }
  },
  /** 100,000 files of a byte in 256 directories of 256. */
  BYTES_100K {
    @Override
    void write(Path folder, Pattern pattern) throws IOException {
      writeBytes(100_000, folder);
    }
  },
  /** 1,000,000 files of a byte in 256 directories of 256. */
  BYTES_1M {
    @Override
    void write(Path folder, Pattern pattern) throws IOException {
      writeBytes(1_000_000, folder);
    }
  };

  private static final int FAN_OUT = 256;
  private static final byte[] BYTE = {'x'};

  abstract void write(Path folder, Pattern pattern) throws IOException;

  private static void writeBlobs(String container, Path folder, Pattern pattern)
      throws IOException {
    Dataset dataset = Dataset.of(container);
    for (int i = 0; i < dataset.count(); i++) {
      if (i % dataset.perDirectory() == 0) {
        Files.createDirectories(folder.resolve(dataset.directory(i)));
      }
      pattern.write(i, dataset.size(), folder.resolve(dataset.name(i)));
    }
  }

  private static void writeBytes(int count, Path folder) throws IOException {
    int directories = FAN_OUT * FAN_OUT;
    for (int d = 0; d < directories; d++) {
      Path directory = folder.resolve(String.format("%02x/%02x", d / FAN_OUT, d % FAN_OUT));
      Files.createDirectories(directory);
      for (int i = d; i < count; i += directories) {
        Files.write(directory.resolve(Dataset.padded(i, 7)), BYTE);
      }
    }
  }
}
