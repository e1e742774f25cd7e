package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchAnswerTest {
  private static final String ANSWER =
      """
      --batchresponse_66925647
      Content-Type: application/http
      Content-ID: 0

      HTTP/1.1 202 Accepted
      x-ms-request-id: r0
      x-ms-version: 2018-11-09

      --batchresponse_66925647
      content-type: application/http
      content-id: 1

      HTTP/1.1 404 The specified blob does not exist.
      x-ms-error-code: BlobNotFound
      x-ms-request-id: r1
      Content-Length: 216

      <?xml version="1.0" encoding="utf-8"?>
      <Error><Code>BlobNotFound</Code><Message>Content-ID: 2
      HTTP/1.1 200 not a status line</Message></Error>
      --batchresponse_66925647--
      """;

  @Test
  void eachPartIsUnderstoodWithEitherEndOfLine() {
    for (String answer : new String[] {ANSWER, ANSWER.replace("\n", "\r\n")}) {
      var parts = BatchAnswer.read(answer);
      assertThat(parts).containsOnlyKeys(0, 1);
      assertThat(parts.get(0)).isEqualTo(new BatchAnswer.Part(202, "", "r0"));
      assertThat(parts.get(1)).isEqualTo(new BatchAnswer.Part(404, "BlobNotFound", "r1"));
    }
  }

  @Test
  void whatIsNotUnderstoodIsNoPart() {
    assertThat(BatchAnswer.read("")).isEmpty();
    assertThat(BatchAnswer.read("<html>gateway</html>")).isEmpty();
    assertThat(BatchAnswer.read("--b\nContent-ID: 0\n\nnot HTTP\n--b--")).isEmpty();
    assertThat(BatchAnswer.read("--b\nContent-ID: 0")).isEmpty();
    assertThat(BatchAnswer.read("--b\nHTTP/1.1 202 Accepted\n--b--")).isEmpty();
  }
}
