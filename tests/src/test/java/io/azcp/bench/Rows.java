package io.azcp.bench;

import java.util.ArrayList;
import java.util.List;

/** The table: every figure that is promised, and how it is measured. */
final class Rows {
  private static final long BIG = Dataset.of("big").bytes();
  private static final long SMALL = Dataset.of("small").bytes();
  private static final Must LEAN = Must.peak(200);

  private Rows() {}

  static List<Row> all() {
    var rows = new ArrayList<Row>();
    start(rows);
    bigDown(rows);
    bigUp(rows);
    checked(rows);
    small(rows);
    lists(rows);
    growth(rows);
    return rows;
  }

  private static void start(List<Row> rows) {
    rows.add(
        Row.of("ls-http", "`ls` of ten blobs, http", "", 1, b -> List.of("ls", b.http("tiny")))
            .reference(b -> b.curl("-o", "/dev/null", b.http("tiny") + "?comp=list"))
            .must(Must.wall(0.15)));
    rows.add(
        Row.of("ls-https", "`ls` of ten blobs, https", "", 1, b -> List.of("ls", b.https("tiny")))
            .reference(b -> b.curl("-o", "/dev/null", b.https("tiny") + "?comp=list"))
            .must(Must.wall(0.35)));
  }

  private static void bigDown(List<Row> rows) {
    rows.add(
        Row.of("https-tmpfs", "4×1 GiB https → tmpfs", "GiB", 4, b -> down(b.https("big"), b))
            .reference(b -> b.curlBig(b.https("big")))
            .arrives(BIG)
            .must(Must.cpuOfCurl(0.8), Must.wallOfCurl(1.1), LEAN));
    rows.add(
        Row.of("https-discard", "4×1 GiB https, discarded", "GiB", 4, b -> gone(b.https("big")))
            .reference(b -> b.curlNowhere(b.https("big")))
            .must(Must.cpuOfCurl(0.6), LEAN));
    rows.add(
        Row.of("http-tmpfs", "4×1 GiB http → tmpfs", "GiB", 4, b -> down(b.http("big"), b))
            .reference(b -> b.curlBig(b.http("big")))
            .arrives(BIG)
            .must(Must.cpuOfCurl(1), LEAN));
    rows.add(
        Row.of("http-discard", "4×1 GiB http, discarded", "GiB", 4, b -> gone(b.http("big")))
            .reference(b -> b.curlNowhere(b.http("big")))
            .must(Must.cpuOfCurl(1), LEAN));
  }

  private static void bigUp(List<Row> rows) {
    rows.add(
        Row.of("up-http", "4×1 GiB up, http", "GiB", 4, b -> up(b.http("up"), b))
            .reference(b -> b.curlUp(b.http("up")))
            .from(Source.BIG)
            .must(Must.cpuPerGiB(0.5), LEAN));
    rows.add(
        Row.of("up-https", "4×1 GiB up, https", "GiB", 4, b -> up(b.https("up"), b))
            .reference(b -> b.curlUp(b.https("up")))
            .from(Source.BIG)
            .must(Must.cpuPerGiB(0.8), LEAN));
    rows.add(
        Row.of(
                "up-https-md5",
                "the same with `--put-md5`",
                "GiB",
                4,
                b -> up(b.https("up"), b, "--put-md5"))
            .from(Source.BIG)
            .must(Must.cpuPerGiB(2.4), LEAN));
  }

  private static void checked(List<Row> rows) {
    rows.add(
        Row.of(
                "https-checked",
                "4×1 GiB https, discarded, MD5 checked",
                "GiB",
                4,
                b -> gone(b.https("big-md5"), "--check-md5=FailIfDifferentOrMissing"))
            .must(Must.cpuPerGiBMoreThan("https-discard", 1.7), LEAN));
  }

  private static void small(List<Row> rows) {
    rows.add(
        smallDown("small-http", "http", b -> down(b.http("small"), b))
            .reference(b -> b.curlSmall(b.http("small")))
            .must(Must.microsPerFile(60), Must.perSecond(15_000), LEAN));
    rows.add(
        smallDown("small-https", "https", b -> down(b.https("small"), b))
            .reference(b -> b.curlSmall(b.https("small")))
            .must(Must.microsPerFile(90), Must.perSecond(12_000), LEAN));
    rows.add(
        smallDown("small-md5", "http, MD5 sent and checked", b -> down(b.http("small-md5"), b))
            .must(Must.microsPerFile(85), LEAN));
    rows.add(
        smallDown("small-10ms", "http, 10 ms of latency", b -> down(b.http("small"), b))
            .delayed(10)
            .must(Must.perSecond(4000), LEAN));
    rows.add(
        Row.of("small-up", "20,000×16 KiB up, http", "files", 20_000, b -> up(b.http("up"), b))
            .from(Source.SMALL)
            .must(Must.microsPerFile(110), LEAN));
  }

  private static Row smallDown(String id, String how, Row.Words ours) {
    return Row.of(id, "20,000×16 KiB down, " + how, "files", 20_000, ours).arrives(SMALL);
  }

  private static void lists(List<Row> rows) {
    rows.add(
        Row.of("list-1m", "list 1,000,000 names", "names", 1e6, b -> list(b.http("million")))
            .must(Must.perSecond(400_000), Must.peak(120)));
    rows.add(
        Row.of("list-10m", "list 10,000,000 names", "names", 1e7, b -> list(b.http("tenm")))
            .runsOnce()
            .must(Must.peakAsIn("list-1m")));
    rows.add(
        Row.of(
                "list-100ms",
                "list 200 directories of 5,000, 100 ms of latency",
                "names",
                1e6,
                b -> list(b.http("wide")))
            .reference(b -> b.pageByPage(b.http("wide"), 1_000_000))
            .delayed(100)
            .runsOnce()
            .must(Must.timesFaster(8), LEAN));
  }

  private static void growth(List<Row> rows) {
    rows.add(compared("sync-100k", 100_000, "hundredk").must(LEAN));
    rows.add(
        compared("sync-300k", 300_000, "threehundredk").must(Must.peakAsIn("sync-100k"), LEAN));
    rows.add(tinyUp("up-100k", 100_000, Source.BYTES_100K).must(LEAN));
    rows.add(tinyUp("up-1m", 1_000_000, Source.BYTES_1M).must(Must.peakAsIn("up-100k"), LEAN));
    rows.add(
        tinyUp("up-1m-384", 1_000_000, Source.BYTES_1M)
            .inMemory(384)
            .must(Must.peakAsIn("up-100k"), LEAN));
  }

  private static Row compared(String id, int files, String container) {
    return Row.of(
            id,
            String.format("`sync --dry-run` of %,d files", files),
            "files",
            files,
            b -> List.of("sync", b.http(container), b.destination(), "-r", "--dry-run"))
        .runsOnce();
  }

  private static Row tinyUp(String id, int files, Source source) {
    return Row.of(
            id,
            String.format("%,d files of one byte up, http", files),
            "files",
            files,
            b -> up(b.http("up"), b))
        .from(source)
        .runsOnce();
  }

  private static List<String> down(String from, Workbench bench) {
    return List.of("copy", "-r", "--no-progress", from, bench.destination());
  }

  private static List<String> gone(String from, String... more) {
    var words = new ArrayList<>(List.of("copy", "-r", "--no-progress", "--discard"));
    words.addAll(List.of(more));
    words.addAll(List.of(from, "/dev/null"));
    return words;
  }

  private static List<String> up(String to, Workbench bench, String... more) {
    var words = new ArrayList<>(List.of("copy", "-r", "--no-progress"));
    words.addAll(List.of(more));
    words.addAll(List.of(bench.source(), to));
    return words;
  }

  private static List<String> list(String what) {
    return List.of("ls", "-r", "--machine-readable", what);
  }
}
