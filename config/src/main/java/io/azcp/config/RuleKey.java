package io.azcp.config;

import io.azcp.base.ByteSize;
import io.azcp.base.Durations;

/** The keys of a rule in the configuration file: azfuse's five, then ours. */
enum RuleKey implements Option {
  LOCAL(
      "local",
      "a path",
      "required",
      "The path programs use: relative to the working directory (or to the folder given to `azcp"
          + " mount`), absolute, or with `~`. `.` is that folder itself."),
  REMOTE(
      "remote",
      "a blob prefix, or empty",
      "required",
      "What stands for `local` in the container, without the container's name. Empty means the"
          + " whole container."),
  CACHE(
      "cache",
      "a path",
      "required",
      "The local folder that keeps what was read. It may be a symbolic link. Rules may share one"
          + " only where it holds the same blobs at the same places."),
  STORAGE_ACCOUNT(
      "storage_account",
      "the name of an account file, without `.yaml`",
      "required",
      "The account file that says where the blobs are and how to reach them."),
  CACHE_LOCK(
      "cache_lock",
      "true or false",
      "always on",
      "azfuse's switch for sharing one download between processes. Read so that its files load;"
          + " processes always share."),
  CLOSE(
      "close",
      "local or remote",
      "local",
      "When close returns on a written file: once it is safe here and queued, or once the blob is"
          + " committed (with the upload's error)."),
  FSYNC(
      "fsync",
      "local or remote",
      "local",
      "When fsync returns: once the file is on this machine's stable storage, or once the blob is"
          + " committed."),
  DURABILITY(
      "durability",
      "background or close",
      "background",
      "When a closed file is safe from power loss: within five seconds of the close, or before close"
          + " returns (many closes share one sync). It is safe from the death of the daemon at close"
          + " in both."),
  READ_ONLY("read_only", "true or false", "false", "Refuses every change below this rule."),
  SPECIAL_FILES(
      "special_files",
      "true or false",
      "false",
      "Lets mkfifo and mknod make FIFOs, sockets and device nodes, as empty blobs with AzCopy's"
          + " metadata, which are shown as what they are. Otherwise they are refused, and such"
          + " blobs are empty files."),
  UPLOAD_DELAY(
      "upload_delay",
      Durations.ALLOWED,
      "2s",
      "Quiet time after the last close before the upload starts, so that a rename or a rewrite that"
          + " follows at once costs nothing."),
  UPLOAD_EVERY(
      "upload_every",
      Durations.ALLOWED + "; 0 for never",
      "0",
      "How often a file that is open and only grows, as a log, is uploaded before it is closed: what"
          + " was appended to its full blocks of 4 MiB is sent. The file is read each time, to be"
          + " sure that nothing else in it changed."),
  EARLY_UPLOAD(
      "early_upload",
      "a pattern of paths below `local`, as `*.pt` or `runs/{a,b}/*` (`*` stands for slashes, too)",
      "none",
      "Files whose finished blocks of 4 MiB are sent while they are still being written, so that"
          + " little is left to send at the close. For large files that are written from their"
          + " beginning to their end under the name they keep: what is rewritten is sent again, and"
          + " what was sent for a file that is renamed before its upload is sent anew."),
  STAGING(
      "staging",
      "disk or shm",
      "disk",
      "Where new files and files opened with O_TRUNC wait for their upload: in the cache folder, or in"
          + " memory (`/dev/shm`). What is in memory survives the death of the daemon, but not the"
          + " loss of the machine: after a reboot the lost files are named once, by the mount's log,"
          + " `azcp status` and `azcp flush`. Files that are changed in place are on the disk in both."),
  STAGING_SIZE(
      "staging_size",
      ByteSize.ALLOWED,
      "a quarter of /dev/shm, or of what the control group allows",
      "With `staging: shm`, how much of the memory the staged files of all your mounts may take. A file"
          + " that finds no room is staged on the disk, and one that outgrows it goes there."),
  KEEP(
      "keep",
      "true or false",
      "false",
      "With `staging: shm`, keeps a copy of what was uploaded in the cache. Otherwise its memory is"
          + " freed, and the next reader fetches it."),
  MAX_DIRTY(
      "max_dirty",
      ByteSize.ALLOWED,
      "80% of what the cache may hold",
      "How much may wait for its upload: above it, uploads start at once, files are opened for writing"
          + " only once they have made room, and after 10 s without room the open fails with ENOSPC."
          + " What is open may be written on."),
  ATTR_TTL(
      "attr_ttl",
      Durations.ALLOWED,
      "1m",
      "How long attributes and listings are believed before the service is asked again."),
  CONSISTENCY(
      "consistency",
      "ttl, cached or open",
      "ttl",
      "When a new open sees a blob that others replaced: `ttl` after `attr_ttl` at the latest;"
          + " `open` at once, by asking at each open; `cached` never asks for a file that is whole"
          + " in the cache, until `azcp refresh`. While the service is away, `ttl` and `cached`"
          + " serve what is known, `open` fails."),
  ON_CONFLICT(
      "on_conflict",
      "overwrite or keep",
      "overwrite",
      "When somebody else wrote a blob while a whole new version of it waited here: `overwrite` lets"
          + " the later one have the name, `keep` always the one in the service. Ours is then"
          + " uploaded as `NAME.conflict-TIME`, at most three for a name. A file changed in place"
          + " never replaces what somebody else wrote meanwhile."),
  EXCL(
      "excl",
      "local or remote",
      "local",
      "What O_EXCL asks: this mount, so that of two mounts the one that uploads later has its file"
          + " kept beside the other's; or the service, where an empty blob takes the name before"
          + " the open is granted."),
  CACHE_LIMIT(
      "cache_limit",
      ByteSize.ALLOWED,
      "none",
      "Size the cache folder is kept to, by evicting whole files that were not used for longest."
          + " Open and unsent files stay. Without it, azfuse's garbage collection variables say.");

  private final String key;
  private final String allowed;
  private final String fallback;
  private final String help;

  RuleKey(String key, String allowed, String fallback, String help) {
    this.key = key;
    this.allowed = allowed;
    this.fallback = fallback;
    this.help = help;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String allowed() {
    return allowed;
  }

  @Override
  public String fallback() {
    return fallback;
  }

  @Override
  public String help() {
    return help;
  }
}
