package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.HumanText;
import io.azcp.transfer.blob.BlobDetails;
import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.ContainerItem;
import io.azcp.transfer.engine.BlobPages;
import io.azcp.transfer.engine.LocalPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Shows what the service knows of one blob, directory or container. */
final class StatCommand extends PlaceCommand {
  private final Value<String> target =
      arguments.parameter("PATH|URL", "A file, a blob, a directory or a container.");

  /** What is known, in the order in which it is shown; the keys are those of the objects. */
  private final Map<String, Object> known = new LinkedHashMap<>();

  StatCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("stat")
        .description(
            "Shows the properties, metadata and tags of a blob, a directory or a container.");
  }

  @Override
  public Integer call() throws IOException {
    BlobPlace place = place(target.get(), false).orElse(null);
    if (place == null) {
      file(LocalPaths.of(invocation.directory(), target.get()));
    } else {
      try (place) {
        BlobUrl url =
            place.opened().service().account().at(place.container(), place.name()).withSas("");
        String name = url.name().replaceAll("/+$", "");
        if (name.isEmpty()) {
          container(place.opened().service(), url);
        } else {
          blobOrDirectory(place.opened().service(), url, name);
        }
      }
    }
    print();
    return ExitCode.DONE;
  }

  /** A plain local file, which no rule has. */
  private void file(Path path) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      throw new AzcpException(Errno.ENOENT, "there is no file " + target.get(), e);
    }
    known.put("type", attributes.isDirectory() ? "local directory" : "local file");
    known.put("name", LocalPaths.show(path));
    if (!attributes.isDirectory()) {
      known.put("bytes", attributes.size());
    }
    known.put("lastModified", time(attributes.lastModifiedTime().toMillis()));
  }

  private void begin(String type, String name, BlobUrl url) {
    known.put("type", type);
    known.put("name", name);
    known.put("url", url.toString());
  }

  private void container(BlobService service, BlobUrl url) throws IOException {
    begin("container", url.container(), url);
    hasBlobs(service, url.container(), "");
    try {
      for (ContainerItem each : service.listContainers()) {
        if (each.name().equals(url.container())) {
          known.put("lastModified", time(each.lastModified()));
        }
      }
    } catch (AzcpException e) {
      // A signature for one container may not list them all; the rest is known.
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
    }
  }

  private void blobOrDirectory(BlobService service, BlobUrl url, String name) throws IOException {
    BlobProperties blob = url.name().endsWith("/") ? null : headOrNull(service, url, name);
    if (blob != null && !blob.isFolder()) {
      begin("blob", name, url);
      blob(blob);
      if (blob.details().tagCount() > 0) {
        known.put("tags", new TreeMap<>(service.tags(url.container(), name)));
      }
      return;
    }
    begin("directory", name + "/", url);
    BlobProperties marker = blob == null ? headOrNull(service, url, name) : blob;
    boolean marked = marker != null && marker.isFolder();
    if (marked) {
      put("lastModified", time(marker.lastModified()));
      known.put("metadata", new TreeMap<>(marker.metadata()));
    }
    if (!hasBlobs(service, url.container(), name + "/") && !marked) {
      throw new AzcpException(
          Errno.ENOENT, "there is no blob or directory " + url.container() + "/" + url.name());
    }
  }

  private static BlobProperties headOrNull(BlobService service, BlobUrl url, String name)
      throws IOException {
    return BlobPages.headOrNull(service, url.container(), name);
  }

  private boolean hasBlobs(BlobService service, String container, String prefix)
      throws IOException {
    boolean some = BlobPages.hasAny(service, container, prefix);
    known.put("empty", !some);
    return some;
  }

  private void blob(BlobProperties blob) {
    BlobDetails details = blob.details();
    BlobHeaders headers = details.headers();
    known.put("bytes", blob.length());
    put("lastModified", time(blob.lastModified()));
    put("created", details.created() < 0 ? "" : time(details.created()));
    put("etag", blob.etag());
    put("blobType", blob.blobType());
    put("tier", blob.tier());
    put("archiveStatus", details.archiveStatus());
    put("contentType", blob.contentType());
    put("contentMd5", blob.contentMd5());
    put("contentEncoding", headers.contentEncoding());
    put("contentLanguage", headers.contentLanguage());
    put("contentDisposition", headers.contentDisposition());
    put("cacheControl", headers.cacheControl());
    put("leaseState", details.leaseState());
    put("copyStatus", details.copyStatus());
    put("copySource", details.copySource());
    if (!blob.metadata().isEmpty()) {
      known.put("metadata", new TreeMap<>(blob.metadata()));
    }
  }

  private void put(String key, String value) {
    if (!value.isEmpty()) {
      known.put(key, value);
    }
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private void print() {
    if (global.json()) {
      object(known);
      return;
    }
    known.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> pairs) {
            line(words(key), "");
            pairs.forEach((k, v) -> line("  " + k, String.valueOf(v)));
          } else if (key.equals("bytes")) {
            long bytes = (Long) value;
            line("size", HumanText.bytes(bytes) + (bytes < 1024 ? "" : " (" + bytes + " B)"));
          } else {
            line(words(key), String.valueOf(value));
          }
        });
  }

  private void line(String label, String value) {
    out().println(("  " + pad(label + ":") + " " + value).stripTrailing());
  }

  private static String pad(String label) {
    return label + " ".repeat(Math.max(0, 20 - label.length()));
  }

  /** {@code contentType} as {@code content type}. */
  private static String words(String key) {
    return key.replaceAll("([A-Z])", " $1").toLowerCase(java.util.Locale.ROOT);
  }
}
