package io.azcp.transfer.engine;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Content types by file name extension. A table of our own: what the JDK knows depends on the
 * machine. Types are those of the IANA media type registry.
 */
final class ContentTypes {
  /** What is known of everything else. */
  static final String DEFAULT = "application/octet-stream";

  private static final Map<String, String> BY_EXTENSION = new HashMap<>();

  static {
    put("text/plain", "txt log text conf ini cfg");
    put("text/html", "html htm");
    put("text/css", "css");
    put("text/csv", "csv");
    put("text/tab-separated-values", "tsv");
    put("text/markdown", "md markdown");
    put("text/javascript", "js mjs");
    put("text/x-python", "py");
    put("text/x-java-source", "java");
    put("application/json", "json");
    put("application/x-ndjson", "jsonl ndjson");
    put("application/yaml", "yaml yml");
    put("application/xml", "xml xsd pom");
    put("application/pdf", "pdf");
    put("application/zip", "zip");
    put("application/gzip", "gz tgz");
    put("application/x-tar", "tar");
    put("application/x-bzip2", "bz2");
    put("application/x-xz", "xz");
    put("application/zstd", "zst");
    put("application/x-7z-compressed", "7z");
    put("application/java-archive", "jar war");
    put("application/wasm", "wasm");
    put("application/vnd.apache.parquet", "parquet");
    put("application/x-hdf5", "h5 hdf5");
    put("application/x-ipynb+json", "ipynb");
    put("image/png", "png");
    put("image/jpeg", "jpg jpeg");
    put("image/gif", "gif");
    put("image/webp", "webp");
    put("image/svg+xml", "svg");
    put("image/tiff", "tif tiff");
    put("image/bmp", "bmp");
    put("image/x-icon", "ico");
    put("audio/mpeg", "mp3");
    put("audio/wav", "wav");
    put("audio/flac", "flac");
    put("audio/ogg", "ogg");
    put("video/mp4", "mp4 m4v");
    put("video/webm", "webm");
    put("video/quicktime", "mov");
    put("video/x-matroska", "mkv");
    put("font/woff", "woff");
    put("font/woff2", "woff2");
    put("font/ttf", "ttf");
  }

  private ContentTypes() {}

  private static void put(String type, String extensions) {
    for (String extension : extensions.split(" ", -1)) {
      BY_EXTENSION.put(extension, type);
    }
  }

  /** The type of a file by its name. */
  static String of(String name) {
    int dot = name.lastIndexOf('.');
    if (dot < 0 || name.indexOf('/', dot) >= 0) {
      return DEFAULT;
    }
    return BY_EXTENSION.getOrDefault(name.substring(dot + 1).toLowerCase(Locale.ROOT), DEFAULT);
  }
}
