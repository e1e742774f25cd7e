package io.azcp.transfer.blob;

import static io.azcp.transfer.blob.BlobServiceContract.at;
import static io.azcp.transfer.blob.BlobServiceContract.bytes;
import static io.azcp.transfer.blob.BlobServiceContract.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.FaultProxy.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client of Azurite sees when the network between them fails. Pauses are virtual. */
@Timeout(300)
class OutageTest {
  private final String container = "o" + Long.toString(System.nanoTime(), 36);
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final RetryCounters counters = new RetryCounters();
  private FaultProxy proxy;
  private BlobService service;

  @BeforeEach
  void start() throws IOException {
    proxy = FaultProxy.to(AzuriteServer.shared().endpoint());
    service = client(patience(Duration.ofMinutes(1)));
    service.createContainer(container);
  }

  /** Only what is meant to be overdue is: a server without a processor for a while is not. */
  private static ClientOptions patience(Duration idle) {
    return ClientOptions.DEFAULT.withTimeouts(Duration.ofMinutes(1), idle, Duration.ofMinutes(2));
  }

  private static boolean any(FaultProxy.Request request) {
    return request.status() == 0;
  }

  private static boolean get(FaultProxy.Request request) {
    return request.gets("b");
  }

  private BlobService client(ClientOptions options) throws IOException {
    AzuriteServer azurite = AzuriteServer.shared();
    Repeater repeater = new Repeater(5, counters, new Backoff(() -> 0.5), pauses::add);
    return new RetryingBlobService(
        new HttpBlobService(
            BlobUrl.parse(proxy.endpoint(), null),
            Credential.SharedKey.of(azurite.account(), azurite.key(), "test"),
            options),
        repeater,
        counters);
  }

  @AfterEach
  void stop() {
    service.close();
    proxy.close();
    assertThat(proxy.pendingFaults()).as("faults no request met").isZero();
  }

  private static byte[] got(BlobService service, String container) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    service.get(container, "b", GetRange.ALL, at(0, out));
    return out.toByteArray();
  }

  @Test
  void aBodyCutShortIsResumedWhereItBrokeOff() throws IOException {
    byte[] content = bytes(1_000_000);
    service.put(container, "b", BodySource.of(content), PutOptions.NONE);
    proxy.next(OutageTest::get, Fault.cut(600_000));
    proxy.next(OutageTest::get, Fault.cut(0));
    assertThat(got(service, container)).isEqualTo(content);
    assertThat(counters.transport()).isEqualTo(2);
    List<FaultProxy.Request> gets = proxy.requests().stream().filter(OutageTest::get).toList();
    assertThat(gets).hasSize(3);
    assertThat(gets.get(0).range()).isEmpty();
    // The client takes whole buffers off a body, so it goes on at a buffer's end.
    assertThat(gets.get(1).range()).isEqualTo("bytes=" + Buffers.PLAIN + "-999999");
    assertThat(gets.get(2).range()).isEqualTo(gets.get(1).range());
  }

  @Test
  void aResumedBodyIsNeverOfTwoVersions() throws IOException {
    service.put(container, "b", BodySource.of(bytes(1_000_000)), PutOptions.NONE);
    proxy.next(OutageTest::get, Fault.cut(600_000));
    boolean[] changed = {false};
    assertThatThrownBy(
            () ->
                service.get(
                    container,
                    "b",
                    GetRange.ALL,
                    (offset, data) -> {
                      if (!changed[0]) {
                        changed[0] = true;
                        service.put(
                            container, "b", BodySource.of(bytes(1_000_001)), PutOptions.NONE);
                      }
                    }))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
  }

  @Test
  void aStalledAnswerIsOverdueAndAskedForAgain() throws IOException {
    byte[] content = bytes(100_000);
    service.put(container, "b", BodySource.of(content), PutOptions.NONE);
    proxy.next(OutageTest::get, Fault.stall());
    try (BlobService hasty = client(patience(Duration.ofSeconds(2)))) {
      assertThat(got(hasty, container)).isEqualTo(content);
    }
    assertThat(counters.transport()).isPositive();
  }

  @Test
  void aServiceThatStaysStalledIsNamed() throws IOException {
    service.put(container, "b", BodySource.of(bytes(10)), PutOptions.NONE);
    proxy.next(6, OutageTest::get, Fault.stall());
    try (BlobService hasty = client(patience(Duration.ofMillis(700)))) {
      assertThatThrownBy(() -> got(hasty, container))
          .isInstanceOfSatisfying(
              TransportException.class,
              e -> assertThat(e.kind()).isEqualTo(TransportException.Kind.OVERDUE))
          .hasMessageContaining("http://127.0.0.1:" + proxy.port())
          .hasMessageContaining("700 ms");
    }
    assertThat(pauses).hasSize(5);
  }

  @Test
  void aStormOf503sIsWaitedOut() throws IOException {
    proxy.next(3, OutageTest::any, Fault.busy());
    proxy.next(OutageTest::any, Fault.answer(503, "ServerBusy", "Retry-After: 7\r\n"));
    service.put(container, "b", BodySource.of(bytes(10)), PutOptions.NONE);
    assertThat(pauses)
        .containsExactly(
            Duration.ofMillis(500),
            Duration.ofMillis(1000),
            Duration.ofMillis(2000),
            Duration.ofSeconds(7));
    assertThat(counters.summary()).isEqualTo("503x4 429x0 5xxx0 transport-err x0");
    assertThat(got(service, container)).isEqualTo(bytes(10));
  }

  @Test
  void aStormThatDoesNotEndFailsWithTheServicesCode() throws IOException {
    proxy.next(6, OutageTest::any, Fault.busy());
    assertThatThrownBy(() -> service.head(container, "b"))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo("ServerBusy"));
  }

  @Test
  void ourOwnPutIsKnownAlthoughItsAnswerWasLost() throws IOException {
    proxy.next(r -> r.method().equals("PUT"), Fault.dropAnswer());
    PutOptions absent = new PutOptions("", "", Map.of(), Conditions.ABSENT);
    BlobProperties put = service.put(container, "b", BodySource.of(bytes(5000)), absent);
    assertThat(put.etag()).isEqualTo(service.head(container, "b").etag());
    assertThat(proxy.requests())
        .filteredOn(r -> r.method().equals("PUT") && r.path().endsWith("/b"))
        .extracting(FaultProxy.Request::status)
        .containsExactly(201, 409);
  }

  @Test
  void aStrangersPutIsNotTakenForOurs() throws IOException {
    service.put(container, "b", BodySource.of(bytes(4999)), PutOptions.NONE);
    proxy.next(r -> r.method().equals("PUT"), Fault.answer(500, "InternalError", ""));
    PutOptions absent = new PutOptions("", "", Map.of(), Conditions.ABSENT);
    assertThatThrownBy(() -> service.put(container, "b", BodySource.of(bytes(5000)), absent))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
  }

  @Test
  void ourOwnBlockListCopyAndDeleteAreKnown() throws IOException {
    service.putBlock(container, "b", id(1), BodySource.of(bytes(50)));
    proxy.next(r -> r.query().contains("comp=blocklist"), Fault.dropAnswer());
    PutOptions absent = new PutOptions("", "", Map.of(), Conditions.ABSENT);
    String etag = service.putBlockList(container, "b", List.of(id(1)), absent).etag();
    assertThat(etag).isEqualTo(service.head(container, "b").etag());

    proxy.next(r -> r.path().endsWith("/copy"), Fault.dropAnswer());
    Map<String, String> operation = Map.of(MetadataKeys.OPERATION, "42");
    service.copy(container, "b", etag, container, "copy", operation, Conditions.ABSENT);
    assertThat(service.head(container, "copy").metadata()).isEqualTo(operation);

    proxy.next(r -> r.method().equals("DELETE"), Fault.dropAnswer());
    service.delete(container, "b", Conditions.match(etag));
    assertThatThrownBy(() -> service.delete(container, "b", Conditions.NONE))
        .hasMessageContaining("BlobNotFound");
    assertThat(proxy.requests())
        .filteredOn(r -> r.status() / 100 == 4)
        .extracting(FaultProxy.Request::method)
        .contains("PUT", "DELETE");
  }

  @Test
  void aPageThatBreaksOffShowsNothingTwice() throws IOException {
    for (int i = 0; i < 200; i++) {
      service.put(container, "n" + (1000 + i), BodySource.of(new byte[0]), PutOptions.NONE);
    }
    proxy.next(r -> r.query().contains("comp=list"), Fault.cut(60_000));
    List<String> names = new CopyOnWriteArrayList<>();
    service.list(container, ListQuery.flat(""), (name, p) -> names.add(name));
    assertThat(names).hasSize(200).doesNotHaveDuplicates();
    assertThat(counters.transport()).isEqualTo(1);
  }

  @Test
  void keptConnectionsThatAreGoneCostNoRetry() throws IOException {
    service.put(container, "b", BodySource.of(bytes(10)), PutOptions.NONE);
    proxy.breakConnections();
    assertThat(got(service, container)).isEqualTo(bytes(10));
    assertThat(counters.total()).isZero();
    assertThat(pauses).isEmpty();
  }

  @Test
  void anAnswerBeforeTheBodyWasSentCounts() throws IOException {
    proxy.next(r -> r.method().equals("PUT"), Fault.early(403, "AuthorizationPermissionMismatch"));
    assertThatThrownBy(
            () -> service.put(container, "b", BodySource.of(new byte[8 << 20]), PutOptions.NONE))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES));
  }

  @Test
  void aServiceThatWasNeverThereFailsSoon() throws IOException {
    proxy.refuse();
    BlobService fresh = client(ClientOptions.DEFAULT);
    try (fresh) {
      assertThatThrownBy(() -> fresh.head(container, "b"))
          .hasMessageContaining("http://127.0.0.1:" + proxy.port() + " cannot be reached")
          .hasMessageContaining("refused");
    }
    assertThat(pauses).hasSize(1);
  }

  @Test
  void aServiceThatComesBackIsFound() throws IOException {
    service.put(container, "b", BodySource.of(bytes(10)), PutOptions.NONE);
    proxy.refuse();
    assertThatThrownBy(() -> got(service, container)).isInstanceOf(TransportException.class);
    proxy.forward();
    assertThat(got(service, container)).isEqualTo(bytes(10));
  }

  @Test
  void anUnknownHostIsNamed() throws IOException {
    BlobUrl nowhere = BlobUrl.parse("http://no-such-host.invalid:1/acct", "http://x.invalid/y");
    try (OpenedService opened =
        BlobServices.open(
            nowhere,
            new Credential.Anonymous(),
            ClientOptions.DEFAULT.withMaxRetries(0),
            List.of())) {
      assertThatThrownBy(() -> opened.service().listContainers())
          .hasMessageContaining("the host no-such-host.invalid is not known");
    }
  }

  @Test
  void closingEndsACallUnderWay() throws Exception {
    service.put(container, "b", BodySource.of(bytes(10)), PutOptions.NONE);
    BlobService patient = client(ClientOptions.DEFAULT);
    proxy.next(OutageTest::get, Fault.stall());
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                got(patient, container);
                outcome.complete(null);
              } catch (IOException | RuntimeException e) {
                outcome.complete(e);
              }
            });
    reader.start();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> proxy.pendingFaults() == 0);
    patient.close();
    assertThat(outcome.get(1, TimeUnit.MINUTES))
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECANCELED));
    reader.join(TimeUnit.MINUTES.toMillis(1));
  }

  @Test
  void aFileIsSentAsItLies(@TempDir Path dir) throws IOException {
    byte[] content = bytes(3_000_000);
    Path file = dir.resolve("f");
    Files.write(file, content);
    try (FileChannel channel = FileChannel.open(file)) {
      BodySource part =
          new BodySource() {
            @Override
            public long length() {
              return 2_000_000;
            }

            @Override
            public int read(long position, ByteBuffer into) throws IOException {
              throw new IOException("the file itself should be sent");
            }

            @Override
            public FileChannel file() {
              return channel;
            }

            @Override
            public long fileOffset() {
              return 500_000;
            }
          };
      service.put(container, "b", part, PutOptions.NONE);
    }
    assertThat(got(service, container))
        .isEqualTo(java.util.Arrays.copyOfRange(content, 500_000, 2_500_000));
  }
}
