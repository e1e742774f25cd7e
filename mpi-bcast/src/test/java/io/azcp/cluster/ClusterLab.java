package io.azcp.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.azcp.base.Rate;
import io.azcp.mpi.InProcessWorld;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySink;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.CredentialHandover;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.ForwardingBlobService;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.RetryCounters;
import io.azcp.transfer.engine.shard.ShardList;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Nodes that are folders, ranks that are threads, and a service in memory that counts. */
final class ClusterLab {
  static final String CONTAINER = "data";
  static final String PREFIX = "set/";

  final MemoryBlobService blobs = new MemoryBlobService();
  final LongAdder bytesRead = new LongAdder();
  final LongAdder requests = new LongAdder();
  private final Path folder;
  private List<String> hosts;

  /** What happens to the service of each rank. */
  private UnaryOperator<BlobService> service = s -> s;

  private IntFunction<Landing> landings = rank -> new DirectoryLanding(node(rank).toString());

  ClusterLab(Path folder, int ranks) throws IOException {
    this.folder = folder;
    this.hosts = new ArrayList<>();
    for (int r = 0; r < ranks; r++) {
      hosts.add("host" + r);
    }
    blobs.createContainer(CONTAINER);
  }

  /** All ranks on one node. */
  ClusterLab together() {
    hosts = Collections.nCopies(hosts.size(), "host");
    return this;
  }

  /** Each rank's service is the one in memory with something around it. */
  ClusterLab around(UnaryOperator<BlobService> with) {
    service = with;
    return this;
  }

  ClusterLab landing(IntFunction<Landing> with) {
    landings = with;
    return this;
  }

  /** The folder of a rank's node. */
  Path node(int rank) {
    return folder.resolve("node" + rank);
  }

  /** Puts a blob below the prefix, of so many bytes by chance. */
  byte[] put(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(name.hashCode()).nextBytes(content);
    put(name, content);
    return content;
  }

  void put(String name, byte[] content) throws IOException {
    blobs.put(CONTAINER, PREFIX + name, BodySource.of(content), PutOptions.NONE);
  }

  /** What a run did. */
  record Result(
      List<Integer> codes, List<String> out, List<String> notes, List<String> complaints) {
    int code() {
      if (codes.stream().distinct().count() != 1) {
        throw new AssertionError("the ranks left with different codes: " + codes);
      }
      return codes.get(0);
    }

    String complaint() {
      return String.join("\n", complaints);
    }
  }

  Result run(Draft draft) throws Exception {
    return run(rank -> draft);
  }

  Result run(IntFunction<Draft> drafts) throws Exception {
    List<String> out = Collections.synchronizedList(new ArrayList<>());
    List<String> notes = Collections.synchronizedList(new ArrayList<>());
    List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    bytesRead.reset();
    requests.reset();
    List<Integer> codes =
        new InProcessWorld(hosts, Duration.ofSeconds(60))
            .run(
                world ->
                    new ClusterRun(
                            world,
                            drafts.apply(world.rank()).options(folder),
                            new Storage(),
                            landings.apply(world.rank()),
                            new Console(out, notes, complaints))
                        .run());
    return new Result(codes, out, notes, complaints);
  }

  private record Console(List<String> out, List<String> notes, List<String> complaints)
      implements ClusterConsole {
    @Override
    public void result(String line) {
      out.add(line);
    }

    @Override
    public void note(String line) {
      notes.add(line);
    }

    @Override
    public void complain(String sentence) {
      complaints.add(sentence);
    }

    @Override
    public void progress(long downloaded, long toDownload, long sent, long toSend) {
      if (downloaded < 0 || sent < 0 || toDownload < 0 || toSend < 0) {
        throw new IllegalStateException("progress goes back");
      }
    }

    @Override
    public void progressOver() {}
  }

  private final class Storage implements ClusterStorage {
    @Override
    public String container() {
      return CONTAINER;
    }

    @Override
    public String name() {
      return PREFIX;
    }

    @Override
    public CredentialHandover find() throws IOException {
      return CredentialHandover.received("sas\nsecret\n\ntest".getBytes(UTF_8));
    }

    @Override
    public OpenedService open(CredentialHandover credential, RequestLimits limits) {
      return new OpenedService(
          service.apply(new Counting(blobs)), new RetryCounters(), "test", List.of());
    }
  }

  /** Counts what is asked and what comes. */
  private final class Counting extends ForwardingBlobService {
    Counting(BlobService service) {
      super(service);
    }

    @Override
    protected <T> T through(FaultyBlobService.Request request, Call<T> call) throws IOException {
      requests.increment();
      return super.through(request, call);
    }

    @Override
    public BlobProperties get(String container, String name, GetRange range, BodySink sink)
        throws IOException {
      requests.increment();
      return service()
          .get(
              container,
              name,
              range,
              new BodySink() {
                @Override
                public void begin(BlobProperties p) throws IOException {
                  sink.begin(p);
                }

                @Override
                public void accept(long offset, ByteBuffer data) throws IOException {
                  bytesRead.add(data.remaining());
                  sink.accept(offset, data);
                }
              });
    }

    @Override
    public void close() {}
  }

  /** Files below a folder with their content's hash; temporaries too. */
  static SortedMap<String, Integer> tree(Path folder) throws IOException {
    var found = new TreeMap<String, Integer>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        // An URI has the bytes of the name, whatever the locale makes of them.
        String name = folder.toUri().relativize(file.toUri()).getPath();
        found.put(name, Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return found;
  }

  /** Options that can be changed one by one; small chunks, so that little data is many. */
  static final class Draft {
    Compare compare = Compare.NONE;
    Path filelist;
    Path saveFilelist;
    String shardlist;
    int chunk = 64 << 10;
    int pipeline = 2;
    int downloadRanks;
    boolean verify;
    long shardSize;
    int fileShards;
    Upto upto = Upto.ALL;
    Rate maxBandwidth;

    ClusterOptions options(Path folder) throws IOException {
      var options =
          new ClusterOptions(
              compare,
              filelist,
              saveFilelist,
              shardlist == null ? null : new ShardList(shardlist, InputStream.nullInputStream()),
              8,
              16 << 10,
              4,
              chunk,
              pipeline,
              2,
              true,
              maxBandwidth,
              downloadRanks,
              verify,
              shardSize,
              fileShards,
              upto,
              folder);
      options.check();
      return options;
    }
  }
}
