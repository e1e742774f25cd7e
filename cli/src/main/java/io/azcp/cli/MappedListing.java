package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.base.Json;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.engine.BlobListing;
import io.azcp.transfer.engine.BlobPages;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Prints the listing of a mapped path: names as they are below it, and of each file its size, when
 * it was created, its tier, what it is brought back to, and its lease.
 */
abstract class MappedListing implements BlobListing.Visitor {
  private final String prefix;

  private MappedListing(String prefix) {
    this.prefix = prefix;
  }

  /** The form that was asked for. */
  static MappedListing of(
      Invocation invocation, boolean json, boolean machineReadable, String name) {
    String prefix = BlobPages.directoryPrefix(name);
    if (json) {
      return new Objects(prefix, invocation.out());
    }
    return machineReadable
        ? new Columns(prefix, invocation.out(), invocation.err())
        : new Human(prefix, invocation.out());
  }

  abstract void file(String name, BlobProperties blob);

  abstract void folder(String name);

  abstract void end(BlobListing.Totals totals);

  @Override
  public final void directory(String name) {
    folder(below(name));
  }

  @Override
  public final void blob(String name, BlobProperties blob) {
    file(below(name), blob);
  }

  @Override
  public final void blob(String name, long length, long lastModified) {
    throw new IllegalStateException("a listing of the service tells more of " + name);
  }

  /** The one blob of the name itself keeps the last part of it. */
  private String below(String name) {
    return name.startsWith(prefix)
        ? name.substring(prefix.length())
        : name.substring(name.lastIndexOf('/') + 1);
  }

  private static String time(long millis) {
    return millis < 0 ? "" : Instant.ofEpochMilli(millis).toString();
  }

  private static String footer(BlobListing.Totals totals) {
    return totals.directories()
        + " dir(s), "
        + totals.blobs()
        + " file(s), "
        + HumanText.bytes(totals.bytes());
  }

  private static String lease(BlobProperties blob) {
    String state = blob.details().leaseState();
    return state.equals("available") ? "" : state;
  }

  private static final class Human extends MappedListing {
    private final PrintStream out;

    Human(String prefix, PrintStream out) {
      super(prefix);
      this.out = out;
    }

    @Override
    void folder(String name) {
      out.println(String.format(Locale.ROOT, "  %-60s %12s", name, "<DIR>"));
    }

    @Override
    void file(String name, BlobProperties blob) {
      String status = blob.details().archiveStatus();
      String lease = lease(blob);
      out.println(
          String.format(
                  Locale.ROOT,
                  "  %-60s %12s %s %s%s%s",
                  name,
                  HumanText.bytes(blob.length()),
                  time(blob.details().created()),
                  blob.tier(),
                  status.isEmpty() ? "" : " (" + status + ")",
                  lease.isEmpty() ? "" : " lease: " + lease)
              .stripTrailing());
    }

    @Override
    void end(BlobListing.Totals totals) {
      out.println(footer(totals));
    }
  }

  private static final class Columns extends MappedListing {
    private final PrintStream out;
    private final PrintStream err;

    Columns(String prefix, PrintStream out, PrintStream err) {
      super(prefix);
      this.out = out;
      this.err = err;
    }

    @Override
    void folder(String name) {
      out.println(name + "\t-\tDIR");
    }

    @Override
    void file(String name, BlobProperties blob) {
      out.println(
          String.join(
              "\t",
              name,
              Long.toString(blob.length()),
              time(blob.lastModified()),
              time(blob.details().created()),
              blob.tier(),
              blob.details().archiveStatus(),
              lease(blob)));
    }

    @Override
    void end(BlobListing.Totals totals) {
      err.println(footer(totals));
    }
  }

  private static final class Objects extends MappedListing {
    private final PrintStream out;

    Objects(String prefix, PrintStream out) {
      super(prefix);
      this.out = out;
    }

    @Override
    void folder(String name) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("type", "directory");
      object.put("name", name);
      out.println(Json.write(object));
    }

    @Override
    void file(String name, BlobProperties blob) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("type", "file");
      object.put("name", name);
      object.put("bytes", blob.length());
      object.put("lastModified", time(blob.lastModified()));
      object.put("created", time(blob.details().created()));
      object.put("tier", blob.tier());
      object.put("archiveStatus", blob.details().archiveStatus());
      object.put("lease", lease(blob));
      out.println(Json.write(object));
    }

    @Override
    void end(BlobListing.Totals totals) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("type", "summary");
      object.put("directories", totals.directories());
      object.put("files", totals.blobs());
      object.put("bytes", totals.bytes());
      out.println(Json.write(object));
    }
  }
}
