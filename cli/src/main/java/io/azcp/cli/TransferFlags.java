package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.CheckMd5;
import io.azcp.transfer.engine.Overwrite;
import io.azcp.transfer.engine.Symlinks;
import io.azcp.transfer.engine.TransferOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of all commands that move data. */
final class TransferFlags {
  @Option(
      names = {"-r", "--recursive"},
      arity = "0..1",
      paramLabel = "WORD",
      description = "Directories with what they hold.")
  private boolean recursive;

  @Option(
      names = "--prefix",
      description =
          "The source is what names start with, and no directory: p takes p/x, pp and pq/x.")
  private boolean prefix;

  @Option(
      names = "--overwrite",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "WORD",
      converter = Words.ForOverwrite.class,
      completionCandidates = Words.ForOverwrite.class,
      description =
          "What happens to files that are there: ${COMPLETION-CANDIDATES} (default true). With"
              + " ifSourceNewer a rerun goes on where the last run ended.")
  private Overwrite overwrite;

  @Option(names = "--no-overwrite", description = "As --overwrite false.")
  private boolean noOverwrite;

  @Option(
      names = "--check-md5",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "WORD",
      converter = Words.ForCheckMd5.class,
      completionCandidates = Words.ForCheckMd5.class,
      description =
          "Check downloads against the stored MD5: ${COMPLETION-CANDIDATES} (FailIfDifferent where"
              + " none is given; without the option, files that come in one piece are checked). On"
              + " an upload without a word: --put-md5.")
  private CheckMd5 checkMd5;

  @Option(names = "--put-md5", description = "Store the MD5 of each file with its blob.")
  private boolean putMd5;

  @Option(
      names = "--preserve-posix-properties",
      description = "Store owner, mode and times as metadata; restore them on a download.")
  private boolean posix;

  @Option(
      names = "--preserve-symlinks",
      description = "Upload symbolic links as such, and make them on a download.")
  private boolean preserveSymlinks;

  @Option(
      names = "--follow-symlinks",
      description = "Upload what symbolic links lead to (default: they are skipped and named).")
  private boolean followSymlinks;

  @Option(names = "--direct", description = "Write downloads around the page cache (O_DIRECT).")
  private boolean direct;

  @Option(
      names = "--discard",
      description = "Check downloads and throw them away, as with the destination /dev/null.")
  private boolean discard;

  @ArgGroup(validate = false, heading = "%nWhich files:%n")
  final SelectionFlags selection = new SelectionFlags();

  @ArgGroup(validate = false, heading = "%nLists of files:%n")
  final ListFlags lists = new ListFlags();

  @ArgGroup(validate = false, heading = "%nWhat new blobs carry:%n")
  final AttributeFlags attributes = new AttributeFlags();

  @ArgGroup(validate = false, heading = "%nSpeed:%n")
  final SpeedFlags speed = new SpeedFlags();

  @ArgGroup(validate = false, heading = "%nWhat is shown:%n")
  final DisplayFlags display = new DisplayFlags();

  private TransferFlags() {}

  /** What the engine is told of a transfer that goes this way. */
  TransferOptions.Builder chosen(Direction direction, Invocation invocation) throws UsageException {
    check(direction);
    TransferOptions.Builder options =
        TransferOptions.builder()
            .recursive(recursive)
            .prefix(prefix)
            .overwrite(overwrite())
            .dryRun(display.dryRun())
            .filter(selection.filter())
            .preservePosix(posix)
            .symlinks(symlinks())
            .guessType(attributes.guessesType())
            .attributes(attributes.chosen())
            .direct(direct)
            .discard(discard);
    if (direction == Direction.UPLOAD) {
      options.putMd5(putMd5 || checkMd5 != null);
    } else {
      options.checkMd5(check());
    }
    lists.apply(options, direction, invocation);
    speed.apply(options, invocation);
    return options;
  }

  private void check(Direction direction) throws UsageException {
    attributes.check(direction);
    boolean upload = direction == Direction.UPLOAD;
    boolean download = direction == Direction.DOWNLOAD;
    boolean checks = checkMd5 != null && !(upload && checkMd5 == CheckMd5.AUTO);
    direction.refuse(upload && prefix, "--prefix", "");
    if (!download) {
      direction.refuse(direct, "--direct", "");
      direction.refuse(discard, "--discard", "");
      direction.refuse(checks, "--check-md5", upload ? "--put-md5 stores one" : "");
    }
    if (!upload) {
      direction.refuse(putMd5, "--put-md5", download ? "--check-md5 checks it" : "");
      direction.refuse(followSymlinks, "--follow-symlinks", "");
    }
    if (direction == Direction.COPY) {
      direction.refuse(posix, "--preserve-posix-properties", "metadata is copied as it is");
      direction.refuse(preserveSymlinks, "--preserve-symlinks", "metadata is copied as it is");
    }
  }

  /** Refuses what makes no sense where two whole trees are compared. */
  void checkWholeTrees() throws UsageException {
    if (prefix || discard || lists.nameFiles()) {
      throw new UsageException(
          "sync compares whole directories: --prefix, --discard, --list-of-files and --shardlist"
              + " mean nothing there");
    }
    if (overwrite == Overwrite.PROMPT || overwrite == Overwrite.IF_SOURCE_NEWER) {
      throw new UsageException(
          "sync replaces what differs by --compare-method, or with --overwrite=false nothing");
    }
  }

  private CheckMd5 check() {
    if (checkMd5 == null) {
      return CheckMd5.AUTO;
    }
    return checkMd5 == CheckMd5.AUTO ? CheckMd5.FAIL_IF_DIFFERENT : checkMd5;
  }

  private Overwrite overwrite() throws UsageException {
    if (noOverwrite && overwrite != null && overwrite != Overwrite.FALSE) {
      throw new UsageException("--overwrite and --no-overwrite contradict each other");
    }
    if (overwrite != null) {
      return overwrite;
    }
    return noOverwrite ? Overwrite.FALSE : Overwrite.TRUE;
  }

  private Symlinks symlinks() throws UsageException {
    if (preserveSymlinks && followSymlinks) {
      throw new UsageException("--preserve-symlinks and --follow-symlinks contradict each other");
    }
    if (preserveSymlinks) {
      return Symlinks.PRESERVE;
    }
    return followSymlinks ? Symlinks.FOLLOW : Symlinks.SKIP;
  }
}
