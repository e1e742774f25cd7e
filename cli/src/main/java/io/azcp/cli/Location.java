package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.engine.LocalPaths;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a command takes from or brings to. */
sealed interface Location {
  /**
   * A path on this machine.
   *
   * @param directory whether it was given with a slash at its end
   */
  record Local(Path path, boolean directory) implements Location {}

  /** A place in the service. */
  record Remote(BlobUrl url) implements Location {}

  /** Standard input or output. */
  record Stream() implements Location {}

  /** Nowhere: what is brought there is checked and thrown away. */
  record Nowhere() implements Location {}

  /** Reads an argument. */
  static Location parse(String text, Invocation invocation, GlobalOptions global)
      throws UsageException {
    if (text.equals("-")) {
      return new Stream();
    }
    if (text.isEmpty()) {
      throw new UsageException("a path or URL is empty");
    }
    if (BlobUrl.isUrl(text)) {
      return new Remote(url(text, invocation, global));
    }
    return new Local(LocalPaths.of(invocation.directory(), text), text.endsWith("/"));
  }

  /** The same for a destination, which may be AzCopy's names for nowhere. */
  static Location destination(String text, Invocation invocation, GlobalOptions global)
      throws UsageException {
    boolean nowhere = text.equals("/dev/null") || text.equals("NUL");
    return nowhere ? new Nowhere() : parse(text, invocation, global);
  }

  /** Reads an argument that must be a place in the service. */
  static BlobUrl url(String text, Invocation invocation, GlobalOptions global)
      throws UsageException {
    if (!BlobUrl.isUrl(text)) {
      throw new UsageException(
          "'" + text + "' is no URL of a container or blob (https://…, http://… or az://…)");
    }
    try {
      String endpoint = global.endpoint.get().isEmpty() ? null : global.endpoint.get();
      return BlobServices.parse(text, endpoint, invocation.env());
    } catch (AzcpException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /** The same, which must lie in a container. */
  static BlobUrl inContainer(String text, Invocation invocation, GlobalOptions global)
      throws UsageException {
    BlobUrl url = url(text, invocation, global);
    if (url.container().isEmpty()) {
      throw new UsageException("'" + url + "' names no container");
    }
    return url;
  }

  /**
   * Takes the quoted wildcard off the end of a source: {@code /data/*} is what {@code /data/}
   * holds, as AzCopy has it. A file that is really called {@code *} keeps its name; in a URL that
   * is {@code %2A}.
   */
  static String withoutWildcard(String text, Invocation invocation) {
    if (BlobUrl.isUrl(text)) {
      int query = text.indexOf('?');
      String path = query < 0 ? text : text.substring(0, query);
      return path.endsWith("/*")
          ? path.substring(0, path.length() - 1) + text.substring(path.length())
          : text;
    }
    boolean wildcard = text.equals("*") || text.endsWith("/*");
    if (!wildcard || Files.exists(LocalPaths.of(invocation.directory(), text))) {
      return text;
    }
    return text.equals("*") ? "./" : text.substring(0, text.length() - 1);
  }
}
