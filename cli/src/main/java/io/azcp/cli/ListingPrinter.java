package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.base.Json;
import io.azcp.transfer.engine.BlobListing;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Prints listings; the forms are stable, scripts read them. */
abstract class ListingPrinter implements BlobListing.Visitor {
  /** For people: columns, and a footer on standard output. */
  static ListingPrinter human(Invocation invocation) {
    return new Human(invocation.out());
  }

  /** For programs: tabs, and the footer on standard error. */
  static ListingPrinter machineReadable(Invocation invocation) {
    return new MachineReadable(invocation.out(), invocation.err());
  }

  /** For programs that read objects. */
  static ListingPrinter json(Invocation invocation) {
    return new Objects(invocation.out());
  }

  abstract void container(String name, long lastModified);

  abstract void containersEnd(int count);

  abstract void end(BlobListing.Totals totals);

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private static String footer(BlobListing.Totals totals) {
    return totals.directories()
        + " dir(s), "
        + totals.blobs()
        + " blob(s), "
        + HumanText.bytes(totals.bytes());
  }

  private static final class Human extends ListingPrinter {
    private final PrintStream out;

    Human(PrintStream out) {
      this.out = out;
    }

    @Override
    void container(String name, long lastModified) {
      out.println(String.format(Locale.ROOT, "  %-40s %s", name, time(lastModified)));
    }

    @Override
    void containersEnd(int count) {
      out.println(count + " container(s)");
    }

    @Override
    public void directory(String name) {
      out.println(String.format(Locale.ROOT, "  %-60s %12s", name, "<DIR>"));
    }

    @Override
    public void blob(String name, long length, long lastModified) {
      out.println(
          String.format(
              Locale.ROOT, "  %-60s %12s %s", name, HumanText.bytes(length), time(lastModified)));
    }

    @Override
    void end(BlobListing.Totals totals) {
      out.println(footer(totals));
    }
  }

  private static final class MachineReadable extends ListingPrinter {
    private final PrintStream out;
    private final PrintStream err;
    private final ListingLine line = new ListingLine();

    MachineReadable(PrintStream out, PrintStream err) {
      this.out = out;
      this.err = err;
    }

    @Override
    void container(String name, long lastModified) {
      out.println(name + "\t-\t" + time(lastModified));
    }

    @Override
    void containersEnd(int count) {
      err.println(count + " container(s)");
    }

    @Override
    public void directory(String name) {
      out.println(name + "\t-\tDIR");
    }

    @Override
    public void blob(String name, long length, long lastModified) {
      line.text(name).tab().number(length).tab().time(lastModified).print(out);
    }

    @Override
    void end(BlobListing.Totals totals) {
      err.println(footer(totals));
    }
  }

  private static final class Objects extends ListingPrinter {
    private final PrintStream out;

    Objects(PrintStream out) {
      this.out = out;
    }

    private void print(String type, Object... pairs) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("type", type);
      for (int i = 0; i < pairs.length; i += 2) {
        object.put((String) pairs[i], pairs[i + 1]);
      }
      out.println(Json.write(object));
    }

    @Override
    void container(String name, long lastModified) {
      print("container", "name", name, "lastModified", time(lastModified));
    }

    @Override
    void containersEnd(int count) {
      print("summary", "containers", count);
    }

    @Override
    public void directory(String name) {
      print("directory", "name", name);
    }

    @Override
    public void blob(String name, long length, long lastModified) {
      print("file", "name", name, "bytes", length, "lastModified", time(lastModified));
    }

    @Override
    void end(BlobListing.Totals totals) {
      print(
          "summary",
          "directories",
          totals.directories(),
          "files",
          totals.blobs(),
          "bytes",
          totals.bytes());
    }
  }
}
