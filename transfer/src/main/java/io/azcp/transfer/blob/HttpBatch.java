package io.azcp.transfer.blob;

import io.azcp.transfer.blob.TransportException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Blob Batch on one container: many deletions as the parts of one multipart/mixed request. A part
 * is a request of its own, signed by itself, and has an answer of its own.
 */
final class HttpBatch {
  private static final String LINE = "\r\n";

  private final HttpCalls calls;
  private final String container;

  HttpBatch(HttpCalls calls, String container) {
    this.calls = calls;
    this.container = container;
  }

  /** The refusals by name. */
  Map<String, ServiceException> delete(Map<String, Conditions> blobs) throws IOException {
    if (blobs.isEmpty() || blobs.size() > BlobService.MAX_BATCH) {
      throw new IllegalArgumentException("a batch of " + blobs.size());
    }
    List<String> names = List.copyOf(blobs.keySet());
    String boundary = "batch_" + UUID.randomUUID();
    RequestBuilder request =
        calls
            .request("POST", container)
            .query("restype", "container")
            .query("comp", "batch")
            .header("content-type", "multipart/mixed; boundary=" + boundary)
            .body(
                () ->
                    BodySource.of(parts(boundary, names, blobs).getBytes(StandardCharsets.UTF_8)));
    try (Exchange exchange = calls.exchange(request, "delete a batch of", container)) {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      for (ByteBuffer piece = exchange.next(); piece != null; piece = exchange.next()) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        answer.writeBytes(bytes);
      }
      return refusals(names, BatchAnswer.read(answer.toString(StandardCharsets.UTF_8)));
    }
  }

  /** Below the service's 4 MiB: a part has a name of 1,024 characters and a SAS at most. */
  private String parts(String boundary, List<String> names, Map<String, Conditions> blobs)
      throws IOException {
    StringBuilder body = new StringBuilder(names.size() * 512);
    for (int i = 0; i < names.size(); i++) {
      body.append("--").append(boundary).append(LINE);
      body.append("Content-Type: application/http").append(LINE);
      body.append("Content-Transfer-Encoding: binary").append(LINE);
      body.append("Content-ID: ").append(i).append(LINE).append(LINE);
      body.append(
          calls
              .request("DELETE", container, names.get(i))
              .header("x-ms-delete-snapshots", "include")
              .conditions(blobs.get(names.get(i)))
              .part());
      body.append(LINE);
    }
    return body.append("--").append(boundary).append("--").append(LINE).toString();
  }

  private Map<String, ServiceException> refusals(
      List<String> names, Map<Integer, BatchAnswer.Part> parts) throws IOException {
    Map<String, ServiceException> refusals = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      BatchAnswer.Part part = parts.get(i);
      if (part == null) {
        throw new TransportException(
            Kind.NONSENSE,
            "the answer to a batch on " + container + " does not tell of " + names.get(i),
            null);
      }
      if (part.status() >= 300) {
        refusals.put(
            names.get(i),
            ServiceErrors.of(
                "delete",
                HttpCalls.subject(container, names.get(i)),
                part.status(),
                part.code(),
                part.requestId(),
                ""));
      }
    }
    return refusals;
  }
}
