package io.azcp.transfer.engine;

import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.engine.shard.Shard;
import io.azcp.transfer.limit.RequestLimits;
import java.nio.file.Path;

/**
 * How a transfer is done.
 *
 * @param recursive whether directories are moved
 * @param prefix whether a source in the service is what names start with, and not a directory
 * @param overwrite what happens to files that exist at the destination
 * @param dryRun whether it is only told what would be moved
 * @param blockSize bytes of a range
 * @param concurrency requests under way at once, at most; of each group of {@code workers}
 * @param parallelFiles files cut into ranges at once; of each group too
 * @param workers independent groups of connections
 * @param limits how many of the requests are made at once now; the rates are the service's business
 * @param shard which part of the files is moved
 * @param folder where names are kept meanwhile that are too many for memory
 * @param filter which files are moved
 * @param names the files to move, in place of all that the source holds; null for all
 * @param checkMd5 what a download does with the MD5 stored with a blob
 * @param putMd5 whether an upload computes and stores an MD5 of each file
 * @param preservePosix whether owner, mode and times are stored and restored
 * @param symlinks what an upload does with symbolic links
 * @param guessType whether the content type is told by the name
 * @param attributes type (empty: by the name), metadata, headers, tier and tags of what is uploaded
 * @param deleteSource whether each file is removed where it came from once it is moved
 * @param direct whether downloads go around the page cache
 * @param discard whether downloads are checked and thrown away
 */
public record TransferOptions(
    boolean recursive,
    boolean prefix,
    Overwrite overwrite,
    boolean dryRun,
    long blockSize,
    int concurrency,
    int parallelFiles,
    int workers,
    RequestLimits limits,
    Shard shard,
    Path folder,
    NameFilter filter,
    NameSource names,
    CheckMd5 checkMd5,
    boolean putMd5,
    boolean preservePosix,
    Symlinks symlinks,
    boolean guessType,
    PutOptions attributes,
    boolean deleteSource,
    boolean direct,
    boolean discard) {
  /** Files cut into ranges at once unless asked otherwise. */
  public static final int DEFAULT_PARALLEL_FILES = 16;

  /** Requests at once at most unless asked otherwise; how many pay is found out. */
  public static final int DEFAULT_CONCURRENCY = 64;

  /** One file, replaced where it exists. */
  public static TransferOptions defaults() {
    return new Builder().build();
  }

  /** What is not said is as in {@link #defaults()}. */
  public static Builder builder() {
    return new Builder();
  }

  /** The same, to be changed. */
  public Builder toBuilder() {
    var builder = new Builder();
    builder.recursive = recursive;
    builder.prefix = prefix;
    builder.overwrite = overwrite;
    builder.dryRun = dryRun;
    builder.blockSize = blockSize;
    builder.concurrency = concurrency;
    builder.parallelFiles = parallelFiles;
    builder.workers = workers;
    builder.limits = limits;
    builder.shard = shard;
    builder.folder = folder;
    builder.filter = filter;
    builder.names = names;
    builder.checkMd5 = checkMd5;
    builder.putMd5 = putMd5;
    builder.preservePosix = preservePosix;
    builder.symlinks = symlinks;
    builder.guessType = guessType;
    builder.attributes = attributes;
    builder.deleteSource = deleteSource;
    builder.direct = direct;
    builder.discard = discard;
    return builder;
  }

  /** Puts options together. Used by one thread. */
  public static final class Builder {
    private boolean recursive = false;
    private boolean prefix = false;
    private Overwrite overwrite = Overwrite.TRUE;
    private boolean dryRun = false;
    private long blockSize = BlockPlan.DEFAULT_BLOCK_SIZE;
    private int concurrency = DEFAULT_CONCURRENCY;
    private int parallelFiles = DEFAULT_PARALLEL_FILES;
    private int workers = 1;
    private RequestLimits limits = RequestLimits.NONE;
    private Shard shard = Shard.WHOLE;
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    private NameFilter filter = NameFilter.ALL;
    private NameSource names = null;
    private CheckMd5 checkMd5 = CheckMd5.AUTO;
    private boolean putMd5 = false;
    private boolean preservePosix = false;
    private Symlinks symlinks = Symlinks.SKIP;
    private boolean guessType = true;
    private PutOptions attributes = PutOptions.NONE;
    private boolean deleteSource = false;
    private boolean direct = false;
    private boolean discard = false;

    private Builder() {}

    /** Whether directories are moved. */
    public Builder recursive(boolean value) {
      recursive = value;
      return this;
    }

    /** Whether a source in the service is what names start with, and not a directory. */
    public Builder prefix(boolean value) {
      prefix = value;
      return this;
    }

    /** What happens to files that exist at the destination. */
    public Builder overwrite(Overwrite value) {
      overwrite = value;
      return this;
    }

    /** Whether it is only told what would be moved. */
    public Builder dryRun(boolean value) {
      dryRun = value;
      return this;
    }

    /** Bytes of a range. */
    public Builder blockSize(long value) {
      blockSize = value;
      return this;
    }

    /** Requests under way at once, at most; of each group of {@code workers}. */
    public Builder concurrency(int value) {
      concurrency = value;
      return this;
    }

    /** Files cut into ranges at once; of each group too. */
    public Builder parallelFiles(int value) {
      parallelFiles = value;
      return this;
    }

    /** Independent groups of connections. */
    public Builder workers(int value) {
      workers = value;
      return this;
    }

    /** The limits that the service was opened with. */
    public Builder limits(RequestLimits value) {
      limits = value;
      return this;
    }

    /** Which part of the files is moved. */
    public Builder shard(Shard value) {
      shard = value;
      return this;
    }

    /** Where names are kept meanwhile that are too many for memory. */
    public Builder folder(Path value) {
      folder = value;
      return this;
    }

    /** Which files are moved. */
    public Builder filter(NameFilter value) {
      filter = value;
      return this;
    }

    /** The files to move, in place of all that the source holds; null for all. */
    public Builder names(NameSource value) {
      names = value;
      return this;
    }

    /** What a download does with the MD5 stored with a blob. */
    public Builder checkMd5(CheckMd5 value) {
      checkMd5 = value;
      return this;
    }

    /** Whether an upload computes and stores an MD5 of each file. */
    public Builder putMd5(boolean value) {
      putMd5 = value;
      return this;
    }

    /** Whether owner, mode and times are stored and restored. */
    public Builder preservePosix(boolean value) {
      preservePosix = value;
      return this;
    }

    /** What an upload does with symbolic links. */
    public Builder symlinks(Symlinks value) {
      symlinks = value;
      return this;
    }

    /** Whether the content type is told by the name. */
    public Builder guessType(boolean value) {
      guessType = value;
      return this;
    }

    /** Type (empty: by the name), metadata, headers, tier and tags of what is uploaded. */
    public Builder attributes(PutOptions value) {
      attributes = value;
      return this;
    }

    /** Whether each file is removed where it came from once it is moved. */
    public Builder deleteSource(boolean value) {
      deleteSource = value;
      return this;
    }

    /** Whether downloads go around the page cache. */
    public Builder direct(boolean value) {
      direct = value;
      return this;
    }

    /** Whether downloads are checked and thrown away. */
    public Builder discard(boolean value) {
      discard = value;
      return this;
    }

    /** The options. */
    public TransferOptions build() {
      return new TransferOptions(
          recursive,
          prefix,
          overwrite,
          dryRun,
          blockSize,
          concurrency,
          parallelFiles,
          workers,
          limits,
          shard,
          folder,
          filter,
          names,
          checkMd5,
          putMd5,
          preservePosix,
          symlinks,
          guessType,
          attributes,
          deleteSource,
          direct,
          discard);
    }
  }

  /** The same for directories. */
  public TransferOptions withRecursive(boolean value) {
    return toBuilder().recursive(value).build();
  }

  /** The same with or without replacing. */
  public TransferOptions withOverwrite(boolean value) {
    return toBuilder().overwrite(value ? Overwrite.TRUE : Overwrite.FALSE).build();
  }

  /** The same, telling only. */
  public TransferOptions withDryRun(boolean value) {
    return toBuilder().dryRun(value).build();
  }

  /** The same with another block size. */
  public TransferOptions withBlockSize(long value) {
    return toBuilder().blockSize(value).build();
  }

  /** The same with other limits. */
  public TransferOptions withLimits(int requests, int files) {
    return toBuilder().concurrency(requests).parallelFiles(files).build();
  }
}
