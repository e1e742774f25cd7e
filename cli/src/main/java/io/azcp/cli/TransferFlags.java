package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.CheckMd5;
import io.azcp.transfer.engine.Overwrite;
import io.azcp.transfer.engine.Symlinks;
import io.azcp.transfer.engine.TransferOptions;

/** The options of all commands that move data. */
final class TransferFlags extends Flags {
  private final Value<Boolean> recursive =
      arguments
          .flag("-r", "--recursive")
          .label("WORD")
          .mayHaveValue()
          .says("Directories with what they hold.");

  private final Value<Boolean> prefix =
      arguments
          .flag("--prefix")
          .says("The source is what names start with, and no directory: p takes p/x, pp and pq/x.");

  private final Value<Overwrite> overwrite =
      arguments
          .words(Overwrite.class, new Words.ForOverwrite(), "--overwrite")
          .label("WORD")
          .bare("true")
          .says(
              "What happens to files that are there: ${COMPLETION-CANDIDATES} (default true). With"
                  + " ifSourceNewer a rerun goes on where the last run ended.");

  private final Value<Boolean> noOverwrite =
      arguments.flag("--no-overwrite").says("As --overwrite false.");

  private final Value<CheckMd5> checkMd5 =
      arguments
          .words(CheckMd5.class, new Words.ForCheckMd5(), "--check-md5")
          .label("WORD")
          .bare("")
          .says(
              "Check downloads against the stored MD5: ${COMPLETION-CANDIDATES} (FailIfDifferent where"
                  + " none is given; without the option, files that come in one piece are checked). On"
                  + " an upload without a word: --put-md5.");

  private final Value<Boolean> putMd5 =
      arguments.flag("--put-md5").says("Store the MD5 of each file with its blob.");

  private final Value<Boolean> posix =
      arguments
          .flag("--preserve-posix-properties")
          .says("Store owner, mode and times as metadata; restore them on a download.");

  private final Value<Boolean> preserveSymlinks =
      arguments
          .flag("--preserve-symlinks")
          .says("Upload symbolic links as such, and make them on a download.");

  private final Value<Boolean> followSymlinks =
      arguments
          .flag("--follow-symlinks")
          .says("Upload what symbolic links lead to (default: they are skipped and named).");

  private final Value<Boolean> direct =
      arguments.flag("--direct").says("Write downloads around the page cache (O_DIRECT).");

  private final Value<Boolean> discard =
      arguments
          .flag("--discard")
          .says("Check downloads and throw them away, as with the destination /dev/null.");

  final SelectionFlags selection = arguments.group("Which files", SelectionFlags::new);

  final ListFlags lists = arguments.group("Lists of files", ListFlags::new);

  final AttributeFlags attributes = arguments.group("What new blobs carry", AttributeFlags::new);

  final SpeedFlags speed = arguments.group("Speed", SpeedFlags::new);

  final DisplayFlags display = arguments.group("What is shown", DisplayFlags::new);

  TransferFlags(Arguments arguments) {
    super(arguments);
  }

  /** What the engine is told of a transfer that goes this way. */
  TransferOptions.Builder chosen(Direction direction, Invocation invocation) throws UsageException {
    check(direction);
    TransferOptions.Builder options =
        TransferOptions.builder()
            .recursive(recursive.get())
            .prefix(prefix.get())
            .overwrite(overwrite())
            .dryRun(display.dryRun())
            .filter(selection.filter())
            .preservePosix(posix.get())
            .symlinks(symlinks())
            .guessType(attributes.guessesType())
            .attributes(attributes.chosen())
            .direct(direct.get())
            .discard(discard.get());
    if (direction == Direction.UPLOAD) {
      options.putMd5(putMd5.get() || checkMd5.get() != null);
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
    boolean checks = checkMd5.get() != null && !(upload && checkMd5.get() == CheckMd5.AUTO);
    direction.refuse(upload && prefix.get(), "--prefix", "");
    if (!download) {
      direction.refuse(direct.get(), "--direct", "");
      direction.refuse(discard.get(), "--discard", "");
      direction.refuse(checks, "--check-md5", upload ? "--put-md5 stores one" : "");
    }
    if (!upload) {
      direction.refuse(putMd5.get(), "--put-md5", download ? "--check-md5 checks it" : "");
      direction.refuse(followSymlinks.get(), "--follow-symlinks", "");
    }
    if (direction == Direction.COPY) {
      direction.refuse(posix.get(), "--preserve-posix-properties", "metadata is copied as it is");
      direction.refuse(
          preserveSymlinks.get(), "--preserve-symlinks", "metadata is copied as it is");
    }
  }

  /** Refuses what makes no sense where two whole trees are compared. */
  void checkWholeTrees() throws UsageException {
    if (prefix.get() || discard.get() || lists.nameFiles()) {
      throw new UsageException(
          "sync compares whole directories: --prefix, --discard, --list-of-files and --shardlist"
              + " mean nothing there");
    }
    if (overwrite.get() == Overwrite.PROMPT || overwrite.get() == Overwrite.IF_SOURCE_NEWER) {
      throw new UsageException(
          "sync replaces what differs by --compare-method, or with --overwrite=false nothing");
    }
  }

  private CheckMd5 check() {
    if (checkMd5.get() == null) {
      return CheckMd5.AUTO;
    }
    return checkMd5.get() == CheckMd5.AUTO ? CheckMd5.FAIL_IF_DIFFERENT : checkMd5.get();
  }

  private Overwrite overwrite() throws UsageException {
    if (noOverwrite.get() && overwrite.get() != null && overwrite.get() != Overwrite.FALSE) {
      throw new UsageException("--overwrite and --no-overwrite contradict each other");
    }
    if (overwrite.get() != null) {
      return overwrite.get();
    }
    return noOverwrite.get() ? Overwrite.FALSE : Overwrite.TRUE;
  }

  private Symlinks symlinks() throws UsageException {
    if (preserveSymlinks.get() && followSymlinks.get()) {
      throw new UsageException("--preserve-symlinks and --follow-symlinks contradict each other");
    }
    if (preserveSymlinks.get()) {
      return Symlinks.PRESERVE;
    }
    return followSymlinks.get() ? Symlinks.FOLLOW : Symlinks.SKIP;
  }
}
