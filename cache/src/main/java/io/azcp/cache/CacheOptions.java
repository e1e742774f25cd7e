package io.azcp.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a cache folder is used.
 *
 * @param folder the folder, absolute; made where it is missing
 * @param identity what the folder mirrors: a hash of endpoint, container and prefix. Files marked
 *     with another identity are foreign
 * @param limitBytes how many bytes whole and partial files may take; {@link Long#MAX_VALUE} for no
 *     limit but the disk
 * @param readableByOthers whether published files are 0444 instead of 0400
 * @param forceMarksFolder whether marks are kept in {@code .azcp/marks} although the file system
 *     has extended attributes
 * @param bootId identifies this boot of the machine
 * @param overrideAfter how long a claim of another process may stay without progress before its
 *     range is fetched here too
 * @param durableAfter how long published files wait, to be synced together
 * @param faultBudget how long an application's read waits while no byte of it comes
 */
public record CacheOptions(
    String folder,
    String identity,
    long limitBytes,
    boolean readableByOthers,
    boolean forceMarksFolder,
    String bootId,
    Duration overrideAfter,
    Duration durableAfter,
    Duration faultBudget) {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Duration OVERRIDE_AFTER = Duration.ofSeconds(10);
  private static final Duration DURABLE_AFTER = Duration.ofSeconds(4);

  /** Before the 60 s after which the kernel is answered, so that the failure names the blob. */
  private static final Duration FAULT_BUDGET = Duration.ofSeconds(57);

  /** The defaults: no limit, files readable by their owner alone. */
  public static CacheOptions of(String folder, String identity) {
    return new CacheOptions(
        folder,
        identity,
        Long.MAX_VALUE,
        false,
        false,
        currentBoot(),
        OVERRIDE_AFTER,
        DURABLE_AFTER,
        FAULT_BUDGET);
  }

  /** The same with a size limit. */
  public CacheOptions withLimit(long bytes) {
    var changed = new Draft(this);
    changed.limitBytes = bytes;
    return changed.options();
  }

  /** The same with published files readable by other users, or not. */
  public CacheOptions withReadableByOthers(boolean readable) {
    var changed = new Draft(this);
    changed.readableByOthers = readable;
    return changed.options();
  }

  /** The same with marks in files of their own. */
  public CacheOptions withForcedMarksFolder(boolean forced) {
    var changed = new Draft(this);
    changed.forceMarksFolder = forced;
    return changed.options();
  }

  /** The same as if the machine had booted under another id. */
  CacheOptions withBootId(String boot) {
    var changed = new Draft(this);
    changed.bootId = boot;
    return changed.options();
  }

  /** The same with other waits. */
  CacheOptions withWaits(Duration override, Duration durable) {
    var changed = new Draft(this);
    changed.overrideAfter = override;
    changed.durableAfter = durable;
    return changed.options();
  }

  /** The same with another patience of reads. */
  CacheOptions withFaultBudget(Duration budget) {
    var changed = new Draft(this);
    changed.faultBudget = budget;
    return changed.options();
  }

  private static String currentBoot() {
    try {
      return Files.readString(BOOT_ID).trim();
    } catch (IOException e) {
      throw new UncheckedIOException("This system does not tell its boot id in " + BOOT_ID, e);
    }
  }

  /** Options that can be changed one by one. */
  private static final class Draft {
    private final String folder;
    private final String identity;
    private long limitBytes;
    private boolean readableByOthers;
    private boolean forceMarksFolder;
    private String bootId;
    private Duration overrideAfter;
    private Duration durableAfter;
    private Duration faultBudget;

    Draft(CacheOptions from) {
      folder = from.folder;
      identity = from.identity;
      limitBytes = from.limitBytes;
      readableByOthers = from.readableByOthers;
      forceMarksFolder = from.forceMarksFolder;
      bootId = from.bootId;
      overrideAfter = from.overrideAfter;
      durableAfter = from.durableAfter;
      faultBudget = from.faultBudget;
    }

    CacheOptions options() {
      return new CacheOptions(
          folder,
          identity,
          limitBytes,
          readableByOthers,
          forceMarksFolder,
          bootId,
          overrideAfter,
          durableAfter,
          faultBudget);
    }
  }
}
