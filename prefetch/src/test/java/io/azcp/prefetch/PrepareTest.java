package io.azcp.prefetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import io.azcp.cache.Cache;
import io.azcp.cache.CacheFolder;
import io.azcp.cache.CacheOptions;
import io.azcp.cache.CachedFile;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.FaultyBlobService.Fault;
import io.azcp.transfer.blob.FaultyBlobService.Operation;
import io.azcp.transfer.blob.FaultyBlobService.Request;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.engine.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareTest {
  private static final String CONTAINER = "c";

  @TempDir Path temp;

  private final FaultyBlobService service = new FaultyBlobService(new MemoryBlobService());
  private final Workers workers = new Workers("test", 4);
  private final Set<String> changed = new HashSet<>();
  private final Random random = new Random(7);
  private Cache cache;

  @BeforeEach
  void open() throws Exception {
    service.createContainer(CONTAINER);
    cache = cache(Long.MAX_VALUE);
  }

  private Cache cache(long limit) throws Exception {
    return CacheFolder.open(
        CacheOptions.of(temp.resolve("cache").toString(), "test").withLimit(limit),
        new BlobRangeSource(service, CONTAINER, "p/"),
        EngineThreads.of(workers));
  }

  @AfterEach
  void close() {
    service.close();
    cache.close();
    workers.close();
  }

  private byte[] put(String name, int length) throws Exception {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    service.put(CONTAINER, "p/" + name, BodySource.of(bytes), PutOptions.NONE);
    return bytes;
  }

  private PrepareResult run(String... paths) throws Exception {
    return new Prepare(service, CONTAINER, "p/", cache, workers, changed::contains)
        .run(PrepareNames.of(List.of(paths)), PrepareOptions.NONE, PrepareListener.NONE);
  }

  private byte[] cached(String name) throws Exception {
    return Files.readAllBytes(temp.resolve("cache").resolve(name));
  }

  private int requestsForData() {
    return service.log(Operation.GET).size();
  }

  @Test
  void fillsADirectoryAndASecondTimeDoesNothing() throws Exception {
    byte[] big = put("d/big", 9 << 20);
    byte[] small = put("d/e/small", 100);
    put("d/empty", 0);
    put("dx", 5);

    PrepareResult first = run("d");
    assertThat(first.failures()).isEmpty();
    assertThat(first.files()).isEqualTo(3);
    assertThat(first.bytes()).isEqualTo((9 << 20) + 100);
    assertThat(cached("d/big")).isEqualTo(big);
    assertThat(cached("d/e/small")).isEqualTo(small);
    assertThat(cached("d/empty")).isEmpty();
    assertThat(temp.resolve("cache/dx")).doesNotExist();

    int before = requestsForData();
    PrepareResult second = run("d/");
    assertThat(second.files()).isZero();
    assertThat(second.filesThere()).isEqualTo(3);
    assertThat(second.bytesThere()).isEqualTo((9 << 20) + 100);
    assertThat(requestsForData()).isEqualTo(before);
  }

  @Test
  void takesFilesPatternsAndEverything() throws Exception {
    put("a.txt", 1);
    put("b.bin", 2);
    put("s/c.txt", 3);
    put("odd[1]", 4);

    assertThat(run("a.txt").files()).isEqualTo(1);
    assertThat(run("*.txt").filesThere()).isEqualTo(1);
    assertThat(run("**/*.txt").files()).isEqualTo(1);
    assertThat(run("odd[1]").files()).isEqualTo(1);
    assertThat(run("").files()).isEqualTo(1);
    assertThat(cached("b.bin")).hasSize(2);
  }

  @Test
  void aFileNamedTwiceIsFetchedAndCountedOnce() throws Exception {
    put("d/a", 10);

    PrepareResult result = run("d", "d/a", "**");

    assertThat(result.files()).isEqualTo(1);
    assertThat(result.bytes()).isEqualTo(10);
    assertThat(result.filesThere()).isEqualTo(2);
    assertThat(requestsForData()).isEqualTo(1);
  }

  @Test
  void whatLeadsNowhereIsNamedAndTheRestIsPrepared() throws Exception {
    put("there", 10);

    PrepareResult result = run("gone", "there", "*.none");

    assertThat(result.files()).isEqualTo(1);
    assertThat(result.filesFailed()).isEqualTo(2);
    assertThat(result.failures())
        .extracting(PrepareResult.Failure::message)
        .containsExactlyInAnyOrder("there is no file or directory gone", "no file matches *.none");
    assertThat(result.failures()).allMatch(f -> f.errno() == Errno.ENOENT);
  }

  @Test
  void markersHiddenFilesAndUnnameableOnesAreNotFetched() throws Exception {
    service.put(
        CONTAINER,
        "p/dir",
        BodySource.of(new byte[0]),
        new PutOptions("", "", Map.of("hdi_isfolder", "true"), PutOptions.NONE.conditions()));
    put("dir/a", 1);
    put("a", 1);
    put("a/b", 1);
    put("x//y", 1);

    PrepareResult result = run("");

    assertThat(result.files()).isEqualTo(2);
    assertThat(result.filesSkipped()).isEqualTo(2);
    assertThat(cached("a/b")).hasSize(1);
    assertThat(cached("dir/a")).hasSize(1);
  }

  @Test
  void aFileWhoseTruthIsLocalIsThereByItself() throws Exception {
    put("mine", 10);
    changed.addAll(Set.of("mine", "new"));

    PrepareResult result = run("mine", "new");

    assertThat(result.filesThere()).isEqualTo(2);
    assertThat(result.filesFailed()).isZero();
    assertThat(requestsForData()).isZero();
  }

  @Test
  void aBlobReplacedMeanwhileIsFetchedInItsNewVersion() throws Exception {
    put("f", 1000);
    byte[][] newer = new byte[1][];
    service.next(
        Operation.GET,
        FaultyBlobService.first(
            () -> {
              newer[0] = new byte[] {1, 2, 3};
              service.put(CONTAINER, "p/f", BodySource.of(newer[0]), PutOptions.NONE);
            }));

    PrepareResult result = run("f");

    assertThat(result.failures()).isEmpty();
    assertThat(result.files()).isEqualTo(1);
    assertThat(cached("f")).isEqualTo(newer[0]);
  }

  @Test
  void oneFileThatFailsDoesNotStopTheOthers() throws Exception {
    put("a", 10);
    put("b", 10);
    // The cache may ask again for a small file: every request for a is refused, none for b.
    for (int i = 0; i < 100; i++) {
      service.next(
          Operation.GET,
          new Fault() {
            @Override
            public void before(Request request) throws IOException {
              if (request.name().equals("p/a")) {
                FaultyBlobService.refuse(403, "AuthorizationFailure").before(request);
              }
            }
          });
    }

    PrepareResult result = run("");

    assertThat(result.files()).isEqualTo(1);
    assertThat(result.filesFailed()).isEqualTo(1);
    assertThat(result.failures().get(0).errno()).isEqualTo(Errno.EACCES);
  }

  @Test
  void whatExceedsTheCacheLimitIsRefusedInsteadOfEvictingWhatWasJustFetched() throws Exception {
    cache.close();
    cache = cache(350_000);
    put("a", 100_000);
    put("b", 100_000);
    put("c", 100_000);
    put("d", 100_000);

    PrepareResult result = run("");

    assertThat(result.files() + result.filesFailed()).isEqualTo(4);
    assertThat(result.files()).isPositive();
    assertThat(result.filesFailed()).isPositive();
    assertThat(result.failures()).allMatch(f -> f.errno() == Errno.ENOSPC);
  }

  @Test
  void aServiceThatCannotBeListedEndsIt() throws Exception {
    service.next(Operation.LIST, FaultyBlobService.unreachable());

    assertThatThrownBy(() -> run("")).isInstanceOf(AzcpException.class);
  }

  @Test
  void whatIsPinnedIsSoWhetherItWasThereOrNot() throws Exception {
    put("d/there", 100);
    run("d/there");
    put("d/missing", 100);
    put("other", 100);
    run("other");
    new Prepare(service, CONTAINER, "p/", cache, workers, changed::contains)
        .run(
            PrepareNames.of(List.of("d", "nope")),
            PrepareOptions.NONE.withPin(true),
            PrepareListener.NONE);
    assertThat(cache.pinned("d/there")).isTrue();
    assertThat(cache.pinned("d/missing")).isTrue();
    assertThat(cache.pinned("other")).isFalse();
    assertThat(cache.pinned("nope")).isFalse();
  }

  @Test
  void aListenerThatThrowsStopsItAndNothingStaysOpen() throws Exception {
    for (int i = 0; i < 20; i++) {
      put("f" + i, 1000);
    }
    assertThatThrownBy(
            () ->
                new Prepare(service, CONTAINER, "p/", cache, workers, n -> false)
                    .run(
                        PrepareNames.of(List.of("")),
                        PrepareOptions.NONE,
                        (files, bytes, filesKnown, bytesKnown) -> {
                          throw new AzcpException(Errno.ECANCELED, "nobody listens");
                        }))
        .hasMessage("nobody listens");
    assertThat(run("").filesFailed()).isZero();
  }

  @Test
  void moreFilesThanTheWindowHoldsAreAllFilledTheLargestFirst() throws Exception {
    for (int i = 0; i < 300; i++) {
      service.put(CONTAINER, "p/many/" + i, BodySource.of(new byte[i]), PutOptions.NONE);
    }

    PrepareResult result =
        new PrepareRun(
                new BlobNames(service, CONTAINER, "p/"),
                cache,
                workers,
                n -> false,
                PrepareOptions.NONE,
                PrepareListener.NONE,
                16)
            .run(PrepareNames.of(List.of("many")));

    assertThat(result.files()).isEqualTo(300);
    assertThat(result.bytes()).isEqualTo(299 * 300 / 2);
    assertThat(service.log(Operation.GET).get(0).length()).isGreaterThan(290);
    assertThat(cached("many/299")).hasSize(299);
  }

  private PrepareResult run(PrepareOptions options, String... paths) throws Exception {
    return new Prepare(service, CONTAINER, "p/", cache, workers, changed::contains)
        .run(listed(paths), options, PrepareListener.NONE);
  }

  /** As a manifest has them. */
  private static PrepareNames listed(String... paths) {
    var rest = List.of(paths).iterator();
    return () -> rest.hasNext() ? new PrepareNames.Name(rest.next(), true, 0) : null;
  }

  @Test
  void namesOfAListAreLookedUpWithOneRequestEach() throws Exception {
    put("a", 1);
    put("d/b", 2);
    put("d/c", 3);

    PrepareResult result = run(PrepareOptions.NONE, "a", "d", "none", "d/*");

    assertThat(result.files()).isEqualTo(3);
    assertThat(result.filesThere()).isEqualTo(2);
    assertThat(result.filesFailed()).isEqualTo(1);
    assertThat(service.log(Operation.LIST).stream().filter(r -> r.name().startsWith("p/a")))
        .isEmpty();
  }

  private String[] manyOf(String directory, int count) throws Exception {
    List<String> names = new java.util.ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(directory + i);
      put(directory + i, 1 + i);
    }
    java.util.Collections.shuffle(names, random);
    return names.toArray(String[]::new);
  }

  @Test
  void manyNamesOfADirectoryCostItsListingInsteadOfARequestEach() throws Exception {
    String[] names = manyOf("d/", 300);

    PrepareResult result = run(PrepareOptions.NONE, names);

    assertThat(result.files()).isEqualTo(300);
    assertThat(result.bytes()).isEqualTo(301 * 300 / 2);
    assertThat(cached("d/299")).hasSize(300);
    assertThat(service.log(Operation.HEAD)).hasSizeLessThan(NamedFiles.NAMES_A_PAGE);
    assertThat(service.log(Operation.LIST)).hasSize(1);

    PrepareResult again = run(PrepareOptions.NONE.inOrder(1 << 20), names);
    assertThat(again.filesThere()).isEqualTo(300);
    assertThat(again.files() + again.filesFailed()).isZero();
  }

  @Test
  void whoMayNotListAsksForEachName() throws Exception {
    String[] names = manyOf("d/", 100);
    service.next(Operation.LIST, FaultyBlobService.refuse(403, "AuthorizationPermissionMismatch"));

    PrepareResult result = run(PrepareOptions.NONE, names);

    assertThat(result.files()).isEqualTo(100);
    assertThat(service.log(Operation.LIST)).hasSize(1);
    assertThat(service.log(Operation.HEAD)).hasSize(100);
  }

  @Test
  void aNameThatAListingDoesNotHaveIsAskedForBeforeItIsCalledMissing() throws Exception {
    String[] names = manyOf("d/", 50);
    String[] more = java.util.Arrays.copyOf(names, 52);
    more[50] = "d/none";
    more[51] = "d/late";
    service.next(
        Operation.LIST,
        new Fault() {
          @Override
          public void after(Request request) throws IOException {
            service.put(CONTAINER, "p/d/late", BodySource.of(new byte[5]), PutOptions.NONE);
          }
        });

    PrepareResult result = run(PrepareOptions.NONE, more);

    assertThat(result.files()).isEqualTo(51);
    assertThat(result.failures())
        .extracting(PrepareResult.Failure::message)
        .containsExactly("there is no file or directory d/none");
  }

  @Test
  void aCheckTellsWhatIsMissingAndFetchesNothing() throws Exception {
    put("there", 10);
    put("half", 20 << 20);
    put("d/missing", 5);
    run("there");
    try (CachedFile half = cache.open("half", version("half"))) {
      var done = new java.util.concurrent.CompletableFuture<Void>();
      half.ensure(
          0,
          1,
          false,
          new CachedFile.FaultListener() {
            @Override
            public void ready() {
              done.complete(null);
            }

            @Override
            public void failed(AzcpException reason) {
              done.completeExceptionally(reason);
            }
          });
      done.get(1, java.util.concurrent.TimeUnit.MINUTES);
    }
    int before = requestsForData();

    PrepareResult result = run(PrepareOptions.NONE.checking(), "there", "half", "d", "none");

    assertThat(requestsForData()).isEqualTo(before);
    assertThat(result.files()).isZero();
    assertThat(result.filesThere()).isEqualTo(1);
    assertThat(result.filesMissing()).isEqualTo(2);
    assertThat(result.bytesThere()).isBetween(11L, 10L + (9 << 20));
    assertThat(result.bytesThere() + result.bytesMissing()).isEqualTo(15 + (20 << 20));
    assertThat(result.filesFailed()).isEqualTo(1);
  }

  private BlobVersion version(String name) throws Exception {
    var blob = service.head(CONTAINER, "p/" + name);
    return new BlobVersion(blob.etag(), blob.length(), blob.lastModified(), blob.contentMd5());
  }

  @Test
  void anOrderIsKeptWhateverTheSizes() throws Exception {
    List<String> order = new java.util.ArrayList<>();
    for (int i = 0; i < 200; i++) {
      put("f" + i, 1 + (i * 7919) % 4000);
      order.add("f" + i);
    }
    java.util.Collections.shuffle(order, random);

    PrepareResult result = run(PrepareOptions.NONE.inOrder(1 << 30), order.toArray(String[]::new));

    assertThat(result.files()).isEqualTo(200);
    List<String> fetched =
        service.log(Operation.GET).stream().map(r -> r.name().substring(2)).toList();
    // Lookups and fills under way at a time are out of order among themselves, and one of them may
    // take long; without an order a file would come 67 places too early or too late on average.
    double places =
        IntStream.range(0, fetched.size())
            .map(i -> Math.abs(order.indexOf(fetched.get(i)) - i))
            .average()
            .orElseThrow();
    assertThat(places).isLessThan(50);
  }

  @Test
  void withAnOrderNoMoreIsFetchedThanMayLieAheadOfTheReader() throws Exception {
    String[] order = new String[40];
    for (int i = 0; i < order.length; i++) {
      order[i] = String.format("f%02d", i);
      put(order[i], 100_000);
    }
    var most = new java.util.concurrent.atomic.AtomicLong();
    var read = new java.util.concurrent.atomic.AtomicInteger();
    PrepareListener reader =
        (files, bytes, filesKnown, bytesKnown) -> {
          most.accumulateAndGet(files - read.get(), Math::max);
          // The reader takes two files each time it is looked for, once they are there.
          for (int n = 0; n < 2 && read.get() < order.length; n++) {
            if (cache.wholeVersion(order[read.get()]).isEmpty()) {
              return;
            }
            java.nio.file.Path file = temp.resolve("cache").resolve(order[read.get()]);
            // What a read does where times of access are noted.
            Files.setAttribute(
                file,
                "lastAccessTime",
                java.nio.file.attribute.FileTime.fromMillis(
                    System.currentTimeMillis() + 1000 + read.get()));
            read.incrementAndGet();
          }
        };

    PrepareResult result =
        new Prepare(service, CONTAINER, "p/", cache, workers, changed::contains)
            .run(listed(order), PrepareOptions.NONE.inOrder(1_000_000), reader);

    assertThat(result.files()).isEqualTo(40);
    assertThat(read.get()).isGreaterThan(25);
    assertThat(most.get()).isBetween(1L, 12L);
  }
}
