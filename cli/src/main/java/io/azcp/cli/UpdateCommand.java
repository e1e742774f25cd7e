package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.mount.FileContent;
import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.MetadataKeys;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.engine.BlobPages;
import io.azcp.transfer.engine.LocalPaths;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lets the user edit a file. */
final class UpdateCommand extends PlaceCommand {
  /** A larger one is no text that anybody edits. */
  private static final long LARGEST = 256L << 20;

  private final Value<String> path = arguments.parameter("PATH", "A file; it may be a new one.");

  UpdateCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("update", "nvim")
        .description(
            "Edits a file by its mapped path, with VISUAL, EDITOR or vi, and uploads it where it was",
            "changed. What somebody else changed meanwhile is not replaced.");
  }

  @Override
  public Integer call() throws IOException {
    BlobPlace place = place(path.get(), false).orElse(null);
    if (place == null) {
      return edit(LocalPaths.of(invocation.directory(), path.get()));
    }
    try (place) {
      settle(path.get(), place);
      return update(place);
    }
  }

  private int edit(Path file) throws IOException {
    String editor = invocation.variable("VISUAL");
    editor = editor.isEmpty() ? invocation.variable("EDITOR") : editor;
    editor = editor.isEmpty() ? "vi" : editor;
    // As git does: the variable may hold options.
    return Program.run(
        invocation, List.of("/bin/sh", "-c", editor + " \"$@\"", editor, LocalPaths.show(file)));
  }

  private int update(BlobPlace place) throws IOException {
    BlobService service = place.opened().service();
    BlobProperties before = BlobPages.headOrNull(service, place.container(), place.name());
    if (before != null && before.length() > LARGEST) {
      throw new AzcpException(Errno.EFBIG, path.get() + " is too large to be edited here");
    }
    Path folder = Files.createTempDirectory(global.folder(invocation), "azcp-edit");
    Path file = LocalPaths.of(folder, place.name().substring(place.name().lastIndexOf('/') + 1));
    boolean keep = false;
    try {
      byte[] old = before == null ? new byte[0] : fetch(file);
      int code = edit(file);
      if (code != 0) {
        throw new AzcpException(
            Errno.ECANCELED,
            "the editor ended with " + code + "; " + path.get() + " is left as it is");
      }
      byte[] edited = Files.exists(file) ? Files.readAllBytes(file) : old;
      if (java.util.Arrays.equals(old, edited)) {
        told(place, "unchanged", "Nothing to do: " + path.get() + " was not changed");
        return ExitCode.DONE;
      }
      keep = true;
      put(service, place, before, edited, file);
      keep = false;
    } finally {
      if (!keep) {
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    }
    gone(path.get(), place);
    told(place, "updated", "Updated: " + place.shown());
    return ExitCode.DONE;
  }

  private byte[] fetch(Path file) throws IOException {
    try (FileContent content = requests().files().open(path.get());
        FileChannel to =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(PrintCommand.PIECE);
      for (long at = 0; at < content.length(); ) {
        content.read(at, buffer.clear(), true);
        at += buffer.flip().remaining();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
      }
    }
    return Files.readAllBytes(file);
  }

  private void put(
      BlobService service, BlobPlace place, BlobProperties before, byte[] bytes, Path file)
      throws IOException {
    PutOptions options =
        before == null
            ? new PutOptions("", "", Map.of(), Conditions.ABSENT)
            : new PutOptions(
                before.contentType(),
                "",
                kept(before.metadata()),
                headers(service, place, before),
                Conditions.match(before.etag()));
    try {
      service.put(place.container(), place.name(), BodySource.of(bytes), options);
    } catch (AzcpException e) {
      String why =
          e.errno() == Errno.ESTALE || e.errno() == Errno.EEXIST
              ? "somebody else changed " + path.get() + " meanwhile"
              : e.getMessage();
      throw new AzcpException(
          e.errno(), why + "; what you wrote is kept in " + LocalPaths.show(file), e);
    }
  }

  /** All but the times and the operation of the old content. */
  private static Map<String, String> kept(Map<String, String> old) {
    Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    kept.putAll(old);
    List.of(MetadataKeys.MODTIME, MetadataKeys.ACCESS_TIME, MetadataKeys.OPERATION)
        .forEach(kept::remove);
    return kept;
  }

  /** Those of the old content, with tier and tags, which a new content would lose. */
  private static BlobHeaders headers(BlobService service, BlobPlace place, BlobProperties before)
      throws IOException {
    BlobHeaders old = before.details().headers();
    return new BlobHeaders(
        old.contentEncoding(),
        old.contentLanguage(),
        old.contentDisposition(),
        old.cacheControl(),
        before.tier(),
        before.details().tagCount() > 0 ? service.tags(place.container(), place.name()) : Map.of());
  }
}
