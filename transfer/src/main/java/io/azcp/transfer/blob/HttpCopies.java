package io.azcp.transfer.blob;

import io.azcp.transfer.blob.TransportException.Kind;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The operations by which the service itself fetches the content of a blob. */
record HttpCopies(HttpCalls calls) {
  /** How long a copy may stay pending; within an account it usually is over at once. */
  private static final long COPY_LIMIT_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final long SLOWEST_POLL_MILLIS = 2000;
  private static final String SOURCE = "x-ms-copy-source";
  private static final String SOURCE_IF_MATCH = "x-ms-source-if-match";
  private static final String STATUS = "x-ms-copy-status";

  BlobProperties copy(
      String sourceContainer,
      String sourceName,
      String sourceEtag,
      String container,
      String name,
      CopyOptions options)
      throws IOException {
    NameEncoding.check(sourceName);
    RequestBuilder.Endpoint endpoint = calls.endpoint();
    String source = endpoint.account().at(sourceContainer, sourceName).toString();
    RequestBuilder request =
        calls
            .request("PUT", container, name)
            .header(SOURCE, endpoint.sas().isEmpty() ? source : source + "?" + endpoint.sas())
            .conditions(options.conditions())
            .optional("x-ms-access-tier", options.tier())
            .optional("x-ms-tags", BlobTags.header(options.tags()));
    Map<String, String> metadata = options.metadata();
    request.metadata(metadata == null ? Map.of() : metadata);
    if (sourceEtag != null) {
      request.header(SOURCE_IF_MATCH, RequestBuilder.quoted(sourceEtag));
    }
    String subject =
        HttpCalls.subject(sourceContainer, sourceName)
            + " to "
            + HttpCalls.subject(container, name);
    ResponseHead head = calls.call(request, "copy", subject);
    PutOptions sent =
        new PutOptions("", "", metadata == null ? Map.of() : metadata, Conditions.NONE);
    if (options.brief() && tellsAll(head) && metadata != null && !metadata.isEmpty()) {
      return Answers.changed(head, -1, sent);
    }
    awaitCopy(head, container, name, subject);
    BlobProperties made = calls.completed(container, name, head, sent);
    if (metadata != null && metadata.isEmpty() && !made.metadata().isEmpty()) {
      // Copy Blob without metadata takes the source's; none at all takes a second request.
      return new HttpWrites(calls)
          .setMetadata(container, name, Map.of(), Conditions.match(made.etag()));
    }
    return made;
  }

  /** Whether the copy was complete with its first answer, whose ETag then is that of the copy. */
  private static boolean tellsAll(ResponseHead head) {
    return head.header(STATUS).equals("success")
        && !head.header("etag").isEmpty()
        && !head.header("last-modified").isEmpty();
  }

  private void awaitCopy(ResponseHead started, String container, String name, String subject)
      throws IOException {
    long deadline = System.nanoTime() + COPY_LIMIT_NANOS;
    long pause = 50;
    ResponseHead head = started;
    String id = started.header("x-ms-copy-id");
    while (!head.header(STATUS).equals("success")) {
      String status = head.header(STATUS);
      if (!status.equals("pending") || !head.header("x-ms-copy-id").equals(id)) {
        throw ServiceErrors.of(
            "copy",
            subject,
            head.status(),
            status.equals("pending") ? "BlobOverwritten" : "CopyStatus" + status,
            head.header("x-ms-request-id"),
            head.header("x-ms-copy-status-description"));
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TransportException(
            Kind.OVERDUE, "copy " + subject + " is still pending after an hour", null);
      }
      calls.sleep(pause);
      pause = Math.min(SLOWEST_POLL_MILLIS, pause * 2);
      head =
          calls.call(
              calls.request("HEAD", container, name), "head", HttpCalls.subject(container, name));
    }
  }

  private static RequestBuilder from(RequestBuilder request, CopySource source) {
    return request
        .header(SOURCE, source.url())
        .optional("x-ms-copy-source-authorization", source.authorization())
        .header(SOURCE_IF_MATCH, RequestBuilder.quoted(source.version().etag()));
  }

  BlobProperties putFromUrl(String container, String name, CopySource source, PutOptions options)
      throws IOException {
    RequestBuilder request =
        from(calls.request("PUT", container, name).header("x-ms-blob-type", "BlockBlob"), source);
    ResponseHead head =
        calls.call(
            HttpWrites.describe(request, options),
            "put",
            HttpCalls.subject(container, name) + " from " + source.place());
    return Answers.changed(head, source.version().length(), options);
  }

  void putBlockFromUrl(
      String container, String name, String blockId, CopySource source, long offset, long length)
      throws IOException {
    RequestBuilder request =
        from(
            calls.request("PUT", container, name).query("comp", "block").query("blockid", blockId),
            source);
    calls.call(
        request.header("x-ms-source-range", "bytes=" + offset + "-" + (offset + length - 1)),
        "put block",
        HttpCalls.subject(container, name) + " from " + source.place());
  }
}
