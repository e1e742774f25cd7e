package io.azcp.cluster;

import java.util.Locale;

/** The lines that rank 0 prints. Their form is stable: scripts read them. */
final class Summary {
  private static final double NANOS = 1e9;
  private static final double BITS = 8;

  private Summary() {}

  static String list(long files, long bytes, long nanos) {
    return "[list] " + files + " files, " + bytes + " bytes " + time(nanos);
  }

  static String diff(long peer, long azure, long skipped, long nanos) {
    long count = peer + azure;
    String from = count == 0 ? "" : " (" + peer + " peer, " + azure + " azure)";
    return "[diff] " + count + " to transfer" + from + ", " + skipped + " skipped " + time(nanos);
  }

  static String ranks(int downloading, int all) {
    return "[shard] "
        + downloading
        + "/"
        + all
        + " ranks will download; remaining "
        + (all - downloading)
        + " ranks bcast-only";
  }

  static String share(int rank, long ranges, long bytes) {
    return "[shard] rank " + rank + ": " + ranges + " ranges, " + bytes + " bytes";
  }

  static String download(long bytes, long nanos) {
    return "[download] " + bytes + " bytes " + time(nanos) + " " + bandwidth(bytes, nanos);
  }

  /** Requests repeated after 503, after 429, after other answers, and for want of one; or empty. */
  static String retries(long[] counts, int ranks) {
    String[] names = {"503x", "429x", "5xxx", "transport-errx"};
    var text = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      if (counts[i] > 0) {
        text.append(' ').append(names[i]).append(counts[i]);
      }
    }
    return text.isEmpty() ? "" : "[cluster] retries:" + text + " across " + ranks + " downloaders";
  }

  static String broadcast(String what, long bytes, long nanos) {
    return "[bcast] "
        + what
        + " "
        + bytes
        + " bytes "
        + time(nanos)
        + " "
        + bandwidth(bytes, nanos);
  }

  static String filelist(long entries, long nanos) {
    String what = entries < 0 ? "skipped (no --save-filelist)" : "wrote " + entries + " entries";
    return "[filelist] " + what + " " + time(nanos);
  }

  static String total(long nanos) {
    return "[total] " + time(nanos);
  }

  private static String time(long nanos) {
    return String.format(Locale.ROOT, "T=%.2fs", nanos / NANOS);
  }

  /** Decimal bits a second. */
  private static String bandwidth(long bytes, long nanos) {
    double bits = nanos <= 0 ? 0 : bytes * BITS / (nanos / NANOS);
    String[] units = {"b/s", "Kb/s", "Mb/s", "Gb/s"};
    int unit = 0;
    while (unit < units.length - 1 && bits >= 1000) {
      bits /= 1000;
      unit++;
    }
    return unit == 0 && bits == 0
        ? "BW=0 b/s"
        : String.format(Locale.ROOT, "BW=%.2f %s", bits, units[unit]);
  }
}
