package io.azcp.transfer.blob.strict;

import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.CopyOptions;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Copy Blob, whose copies may be pending for some looks, and the fetching of sources by URL. */
final class StrictCopies {
  private static final int TIMEOUT_MILLIS = 60_000;

  private final String account;
  private final MemoryBlobService blobs;
  private final Map<String, Made> made = new ConcurrentHashMap<>();

  /** How many looks at a new copy find it pending. */
  volatile int pendingLooks;

  private static final class Made {
    final String id = UUID.randomUUID().toString();
    final String source;
    final String etag;
    int looks;

    Made(String source, String etag, int looks) {
      this.source = source;
      this.etag = etag;
      this.looks = looks;
    }
  }

  /** What was read from a URL. */
  @SuppressWarnings("ArrayRecordComponent")
  record Fetched(byte[] bytes, PutOptions properties) {
    /** What is given, and the source's where nothing is. */
    PutOptions orElse(PutOptions given) {
      BlobHeaders mine = given.headers();
      BlobHeaders its = properties.headers();
      return new PutOptions(
          or(given.contentType(), properties.contentType()),
          or(given.contentMd5(), properties.contentMd5()),
          given.metadata().isEmpty() ? properties.metadata() : given.metadata(),
          new BlobHeaders(
              or(mine.contentEncoding(), its.contentEncoding()),
              or(mine.contentLanguage(), its.contentLanguage()),
              or(mine.contentDisposition(), its.contentDisposition()),
              or(mine.cacheControl(), its.cacheControl()),
              mine.tier(),
              mine.tags()),
          given.conditions());
    }

    private static String or(String given, String otherwise) {
      return given.isEmpty() ? otherwise : given;
    }
  }

  StrictCopies(String account, MemoryBlobService blobs) {
    this.account = account;
    this.blobs = blobs;
  }

  /** Copy Blob, from this account alone. */
  StrictAnswer copy(StrictRequest request, String container, String name)
      throws IOException, StrictRefusal {
    String url = request.header("x-ms-copy-source").replaceAll("\\?.*", "");
    String path = URI.create(url).getRawPath();
    if (!path.startsWith("/" + account + "/")) {
      throw new StrictRefusal(404, "CannotVerifyCopySource");
    }
    String[] source = path.substring(account.length() + 2).split("/", 2);
    Map<String, String> metadata = StrictProperties.metadata(request);
    BlobProperties copied =
        blobs.copy(
            StrictRequest.decoded(source[0]),
            StrictRequest.decoded(source[1]),
            StrictProperties.ofSource(request).ifMatch(),
            container,
            name,
            new CopyOptions(
                metadata.isEmpty() ? null : metadata,
                request.header("x-ms-access-tier"),
                StrictProperties.tags(request.header("x-ms-tags")),
                request.conditions()));
    var copy = new Made(url, copied.etag(), pendingLooks);
    made.put(container + "/" + name, copy);
    return StrictProperties.version(new StrictAnswer(202), copied)
        .with("x-ms-copy-id", copy.id)
        .with("x-ms-copy-status", copy.looks > 0 ? "pending" : "success");
  }

  /** Says of what copy a blob is. */
  void tell(StrictAnswer answer, String container, String name, BlobProperties blob) {
    Made copy = made.get(container + "/" + name);
    if (copy != null && copy.etag.equals(blob.etag())) {
      boolean pending;
      synchronized (copy) {
        pending = copy.looks > 0;
        copy.looks -= pending ? 1 : 0;
      }
      answer
          .with("x-ms-copy-id", copy.id)
          .with("x-ms-copy-source", copy.source)
          .with("x-ms-copy-status", pending ? "pending" : "success");
    }
  }

  /** Nothing changes a blob onto which a copy is under way. */
  void checkNotPending(String container, String name) throws StrictRefusal {
    Made copy = made.get(container + "/" + name);
    if (copy != null) {
      synchronized (copy) {
        if (copy.looks > 0) {
          // The refused attempts of a client that waits are looks, too.
          copy.looks--;
          throw new StrictRefusal(409, "PendingCopyOperation");
        }
      }
    }
  }

  /** Reads a source as the service does: with what its URL or the request authorizes. */
  Fetched fetch(StrictRequest request, String range) throws IOException, StrictRefusal {
    var connection =
        (HttpURLConnection) URI.create(request.header("x-ms-copy-source")).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setRequestProperty("x-ms-version", BlobService.API_VERSION);
    connection.setRequestProperty("x-ms-date", request.header("x-ms-date"));
    set(connection, "Authorization", request.header("x-ms-copy-source-authorization"));
    set(connection, "If-Match", request.header("x-ms-source-if-match"));
    set(connection, "x-ms-range", range);
    int status = connection.getResponseCode();
    if (status == 412) {
      throw new StrictRefusal(412, "SourceConditionNotMet");
    }
    if (status == 416) {
      throw new StrictRefusal(416, "InvalidRange");
    }
    if (status >= 300) {
      throw new StrictRefusal(status == 403 || status == 401 ? 403 : 404, "CannotVerifyCopySource");
    }
    try (InputStream in = connection.getInputStream()) {
      return new Fetched(in.readAllBytes(), properties(connection));
    }
  }

  private static void set(HttpURLConnection connection, String name, String value) {
    if (!value.isEmpty()) {
      connection.setRequestProperty(name, value);
    }
  }

  private static PutOptions properties(HttpURLConnection answer) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> header : answer.getHeaderFields().entrySet()) {
      String name = header.getKey() == null ? "" : header.getKey();
      if (name.toLowerCase(Locale.ROOT).startsWith("x-ms-meta-")) {
        metadata.put(name.substring(10), header.getValue().get(0));
      }
    }
    return new PutOptions(
        header(answer, "Content-Type"),
        header(answer, "Content-MD5"),
        metadata,
        new BlobHeaders(
            header(answer, "Content-Encoding"),
            header(answer, "Content-Language"),
            header(answer, "Content-Disposition"),
            header(answer, "Cache-Control"),
            "",
            Map.of()),
        io.azcp.transfer.blob.Conditions.NONE);
  }

  private static String header(HttpURLConnection answer, String name) {
    String value = answer.getHeaderField(name);
    return value == null ? "" : value;
  }
}
