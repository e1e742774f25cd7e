package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.TransportException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client makes of answers that Azurite never gives. */
@Timeout(300)
class HttpBlobServiceTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private ScriptedServer server;
  private HttpBlobService service;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
    service = service(new Credential.Anonymous());
  }

  private HttpBlobService service(Credential credential) throws IOException {
    return new HttpBlobService(
        BlobUrl.parse(server.endpoint(), null),
        credential,
        ClientOptions.DEFAULT.withTimeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20)));
  }

  @AfterEach
  void stop() throws IOException {
    service.close();
    server.close();
  }

  private String get(GetRange range) throws IOException {
    StringBuilder text = new StringBuilder();
    service.get(
        "c", "b", range, (offset, data) -> text.append(StandardCharsets.UTF_8.decode(data)));
    return text.toString();
  }

  private List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    service.list("c", ListQuery.flat(""), (name, properties) -> names.add(name));
    return names;
  }

  private static void failsAs(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
    assertThatThrownBy(c)
        .isInstanceOfSatisfying(TransportException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageNotContaining("\n");
  }

  @Test
  void chunkedListingsAreReadAndTheConnectionKept() throws IOException {
    String page = "<EnumerationResults><Blobs><Blob><Name>é</Name></Blob></Blobs><NextMarker/>";
    String rest = "</EnumerationResults>";
    for (int i = 0; i < 2; i++) {
      server.answer(
          OK
              + "transfer-encoding: Chunked\r\n\r\n"
              + Integer.toHexString(page.getBytes(StandardCharsets.UTF_8).length)
                  .toUpperCase(java.util.Locale.ROOT)
              + ";x=y\r\n"
              + page
              + "\r\n15\r\n"
              + rest
              + "\r\n0\r\nTrailer: x\r\n\r\n");
      assertThat(list()).containsExactly("é");
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void listingsUntilTheEndOfTheConnectionAreReadWhenTheyAreWhole() throws IOException {
    server.answer("HTTP/1.0 200 OK\r\n\r\n<EnumerationResults></EnumerationResults>\u0000");
    assertThat(list()).isEmpty();
    server.answer("HTTP/1.0 200 OK\r\n\r\n<EnumerationResults>\u0000");
    failsAs(Kind.BROKEN, this::list);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transfer-encoding: chunked\r\n\r\nzz\r\n",
        "transfer-encoding: chunked\r\n\r\n-5\r\n",
        "transfer-encoding: chunked\r\n\r\n3\r\nabcdef\r\n",
        "content-length: twelve\r\n\r\n",
        "content-length: 3, 4\r\n\r\nabc",
        "content-length: 3\r\ncontent-length: 4\r\n\r\nabc"
      })
  void brokenFramingIsNonsense(String answer) {
    server.answer(OK + answer + ScriptedServer.CLOSE);
    failsAs(Kind.NONSENSE, this::list);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transfer-encoding: chunked\r\n\r\n10\r\nabc",
        "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "content-length: 30\r\n\r\nabc",
        "content-len"
      })
  void answersThatEndEarlyAreBroken(String answer) {
    server.answer(OK + answer + ScriptedServer.CLOSE);
    failsAs(Kind.BROKEN, this::list);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200\r\n\r\n", "\r\n\r\n"})
  void otherProtocolsAreNonsense(String answer) {
    server.answer(answer + ScriptedServer.CLOSE);
    failsAs(Kind.NONSENSE, this::list);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 206 P\r\nContent-Range: bytes 0-2/10\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 206 P\r\nContent-Range: bytes 5-6/10\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 206 P\r\nContent-Length: 3\r\n\r\nabc"
      })
  void otherBytesThanWereAskedForAreNeverHandedOn(String answer) {
    server.answer(answer);
    List<Long> offsets = new ArrayList<>();
    failsAs(
        Kind.NONSENSE,
        () -> service.get("c", "b", GetRange.of(5, 3, null), (o, d) -> offsets.add(o)));
    assertThat(offsets).isEmpty();
  }

  @Test
  void interimAnswersAreSkippedAndConnectionsKept() throws IOException {
    server.answer("HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK + "Content-Length: 3\r\n\r\nabc");
    server.answer(OK + "Content-Length: 2\r\nConnection: close\r\n\r\nde");
    server.answer(OK + "Content-Length: 0\r\n\r\n");
    assertThat(get(GetRange.ALL)).isEqualTo("abc");
    assertThat(get(GetRange.ALL)).isEqualTo("de");
    assertThat(get(GetRange.ALL)).isEmpty();
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void moreBytesThanPromisedMakeTheConnectionUnfit() throws IOException {
    server.answer(OK + "Content-Length: 3\r\n\r\nabcdef");
    server.answer(OK + "Content-Length: 1\r\n\r\nx");
    assertThat(get(GetRange.ALL)).isEqualTo("abc");
    assertThat(get(GetRange.ALL)).isEqualTo("x");
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void redirectsAreNotFollowed() {
    server.answer("HTTP/1.1 302 F\r\nLocation: http://evil/\r\nContent-Length: 0\r\n\r\n");
    assertThatThrownBy(() -> service.head("c", "b"))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("http://evil/")
        .hasMessageContaining("not followed");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aClockThatIsOffIsBlamedForARefusedSignature() throws IOException {
    try (BlobService signing = service(Credential.SharedKey.of("acct", "a2V5", "file"))) {
      server.answer(
          "HTTP/1.1 403 No\r\nDate: "
              + HttpDate.format(System.currentTimeMillis() - 3_630_000)
              + "\r\nx-ms-error-code: AuthenticationFailed\r\nContent-Length: 0\r\n\r\n");
      assertThatThrownBy(() -> signing.head("c", "b"))
          .isInstanceOfSatisfying(
              AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES))
          .hasMessageContaining("clock is 60 minutes ahead");
    }
  }

  @Test
  void theCodeIsFoundInTheBodyWhereNoHeaderHasIt() {
    String body = "<?xml version=\"1.0\"?><Error><Code>LeaseIdMissing</Code></Error>";
    server.answer("HTTP/1.1 412 No\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    assertThatThrownBy(() -> get(GetRange.ALL))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo("LeaseIdMissing");
              assertThat(e.errno()).isEqualTo(Errno.EBUSY);
            });
  }

  @Test
  void aPendingCopyIsWaitedFor() throws IOException {
    String copy = "x-ms-copy-id: 1\r\nETag: \"2\"\r\nContent-Length: 0\r\nx-ms-copy-status: ";
    server.answer("HTTP/1.1 202 A\r\n" + copy + "pending\r\n\r\n");
    server.answer(OK + copy + "pending\r\n\r\n");
    server.answer(OK + copy + "success\r\n\r\n");
    server.answer(OK + copy + "success\r\n\r\n");
    assertThat(service.copy("c", "a", null, "c", "b", null, Conditions.NONE).etag()).isEqualTo("2");
    server.answer("HTTP/1.1 202 A\r\n" + copy + "pending\r\n\r\n");
    server.answer(OK + copy + "failed\r\nx-ms-copy-status-description: disk gone\r\n\r\n");
    assertThatThrownBy(
            () -> service.copy("c", "a", null, "c", "b", Map.of("k", "v"), Conditions.NONE))
        .hasMessageContaining("disk gone");
  }

  @Test
  void aBriefCopyThatIsCompleteAtOnceIsOneRequest() throws IOException {
    String times = "Last-Modified: Mon, 02 Jun 2025 10:00:00 GMT\r\nContent-Length: 0\r\n";
    String copy = "x-ms-copy-id: 1\r\n" + times + "ETag: \"3\"\r\nx-ms-copy-status: ";
    CopyOptions brief =
        new CopyOptions(Map.of("k", "v"), "", Map.of(), Conditions.NONE, /* brief= */ true);
    server.answer("HTTP/1.1 202 A\r\n" + copy + "success\r\n\r\n");
    BlobProperties made = service.copy("c", "a", null, "c", "b", brief);
    assertThat(made.etag()).isEqualTo("3");
    assertThat(made.lastModified()).isEqualTo(1_748_858_400_000L);
    assertThat(made.metadata()).containsEntry("k", "v");
    assertThat(made.length()).isEqualTo(-1);
    // One that is pending has the ETag of its end only then.
    server.answer("HTTP/1.1 202 A\r\n" + copy + "pending\r\n\r\n");
    server.answer(OK + copy.replace("\"3\"", "\"4\"") + "success\r\n\r\n");
    server.answer(OK + copy.replace("\"3\"", "\"4\"") + "success\r\n\r\n");
    assertThat(service.copy("c", "a", null, "c", "b", brief).etag()).isEqualTo("4");
  }

  @Test
  void aLargeHeadIsReadInPieces() throws IOException {
    StringBuilder metadata = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      metadata
          .append("x-ms-meta-Key")
          .append(i)
          .append(": ")
          .append("v".repeat(300))
          .append("\r\n");
    }
    server.answer(OK + metadata + "Content-Length: 5\r\n\r\nhello");
    List<BlobProperties> begun = new ArrayList<>();
    service.get(
        "c",
        "b",
        GetRange.ALL,
        new BodySink() {
          @Override
          public void begin(BlobProperties properties) {
            begun.add(properties);
          }

          @Override
          public void accept(long offset, ByteBuffer data) {
            assertThat(data.remaining()).isEqualTo(5);
          }
        });
    assertThat(begun.get(0).metadata()).hasSize(100).containsEntry("Key7", "v".repeat(300));
  }

  @Test
  void aRequestHasAnEnd() throws IOException {
    try (BlobService hasty =
        new HttpBlobService(
            BlobUrl.parse(server.endpoint(), null),
            new Credential.Anonymous(),
            ClientOptions.DEFAULT.withTimeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMillis(300)))) {
      server.answer(OK + "Content-Length: 5\r\n\r\n");
      server.answer(OK + "Content-Le");
      assertThatThrownBy(() -> hasty.get("c", "b", GetRange.ALL, (o, d) -> {}))
          .hasMessageContaining("--timeout");
      failsAs(Kind.OVERDUE, () -> hasty.head("c", "b"));
    }
  }
}
