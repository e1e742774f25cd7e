package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A memory service with faults, container {@code c}, a directory to upload and one to come to. */
@Timeout(60)
abstract class TransferFixture {
  static final int BLOCK = 4096;

  final MemoryBlobService memory = new MemoryBlobService();
  final FaultyBlobService service = new FaultyBlobService(memory);
  final Heard heard = new Heard();
  @TempDir Path dir;
  Path source;
  Path dest;

  @BeforeEach
  void places() throws IOException {
    memory.createContainer("c");
    source = Files.createDirectory(dir.resolve("source"));
    dest = dir.resolve("dest");
  }

  static TransferOptions.Builder options() {
    return TransferOptions.builder()
        .recursive(true)
        .blockSize(BLOCK)
        .concurrency(4)
        .parallelFiles(2);
  }

  UploadJob upload(TransferOptions.Builder options) throws IOException {
    return run(new UploadJob(service, options.build(), heard, source, "c", ""));
  }

  DownloadJob download(TransferOptions.Builder options) throws IOException {
    return run(new DownloadJob(service, options.build(), heard, "c", "", dest, false));
  }

  static <J extends Job> J run(J job) throws IOException {
    job.run();
    return job;
  }

  void blob(String name, byte[] content, Map<String, String> metadata) throws IOException {
    memory.put(
        "c", name, BodySource.of(content), new PutOptions("", "", metadata, Conditions.NONE));
  }

  void blob(String name, String content) throws IOException {
    Trees.put(memory, "c", name, Trees.utf8(content));
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  Map<String, byte[]> local() throws IOException {
    return Files.exists(dest) ? Trees.read(dest) : Map.of();
  }
}
