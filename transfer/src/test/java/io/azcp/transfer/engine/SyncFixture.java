package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.engine.sync.CompareMethod;
import io.azcp.transfer.engine.sync.DeleteDestination;
import io.azcp.transfer.engine.sync.MaxDelete;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A directory and a container in memory that are synced both ways. */
@Timeout(60)
abstract class SyncFixture {
  /** The service's clock: well after the files of the tests were written. */
  final MemoryBlobService memory = new MemoryBlobService(() -> System.currentTimeMillis() + 60_000);

  final FaultyBlobService faulty = new FaultyBlobService(memory);
  final Heard heard = new Heard();
  @TempDir Path dir;
  Path local;
  BlobService service = faulty;
  TransferOptions options =
      TransferOptions.builder().blockSize(4096).concurrency(4).parallelFiles(2).build();
  CompareMethod compare = CompareMethod.SIZE_AND_MTIME;
  DeleteDestination deletion = DeleteDestination.FALSE;
  MaxDelete maxDelete = MaxDelete.NONE;
  String prefix = "p";

  @BeforeEach
  void places() throws IOException {
    memory.createContainer("c");
    local = Files.createDirectory(dir.resolve("local"));
  }

  void file(String name, String text) throws IOException {
    Trees.write(local, Map.of(name, Trees.utf8(text)));
  }

  void blob(String name, String text) throws IOException {
    Trees.put(memory, "c", name, Trees.utf8(text));
  }

  SyncOptions sync() {
    return new SyncOptions(compare, deletion, maxDelete, dir);
  }

  SyncJob up() throws IOException {
    return run(SyncJob.upload(service, options, sync(), heard, local, "c", prefix));
  }

  SyncJob down() throws IOException {
    return run(SyncJob.download(service, options, sync(), heard, "c", prefix, local));
  }

  static SyncJob run(SyncJob job) throws IOException {
    job.run();
    return job;
  }

  static SyncResult copied(long files, long unchanged) {
    return new SyncResult(files, files, unchanged, 0, false);
  }

  Map<String, String> blobs() throws IOException {
    return texts(Trees.blobs(memory, "c"));
  }

  Map<String, String> files() throws IOException {
    return texts(Trees.read(local));
  }

  static Map<String, String> texts(Map<String, byte[]> contents) {
    Map<String, String> texts = new TreeMap<>();
    contents.forEach(
        (name, bytes) ->
            texts.put(name, new String(bytes, java.nio.charset.StandardCharsets.UTF_8)));
    return texts;
  }

  void age(String name, long seconds) throws IOException {
    Path path = local.resolve(name);
    long then = Files.getLastModifiedTime(path).toMillis() + seconds * 1000;
    Files.setLastModifiedTime(path, FileTime.fromMillis(then));
  }
}
