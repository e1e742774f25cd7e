package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.CopyOptions;
import io.azcp.transfer.blob.MetadataKeys;
import io.azcp.transfer.blob.NameEncoding;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.ServiceErrors;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * Copies the blobs it is given, each in the version listed, with its type, MD5, headers, metadata,
 * tier and tags where nothing else is asked for. Within one service it is Copy Blob; else {@link
 * AccountCopy}. A source that is to go is deleted only in the version that was copied.
 */
final class CopyMover implements Mover {
  private static final String ARCHIVE = "Archive";

  private final Job job;
  private final BlobService source;
  private final String sourceContainer;
  private final String base;
  private final String container;
  private final UnaryOperator<String> naming;
  private final AccountCopy accountCopy;
  private final Ascent emptied;
  private final Replacement replacement;
  private final AtomicBoolean tagsRefused = new AtomicBoolean();

  /**
   * A mover for a job whose service is the destination's.
   *
   * @param schedule where directories are removed that are empty
   * @param source the source's service; the job's own where both are in one account
   * @param base what the names of the sources start with, before {@link SourceFile#name()}
   * @param naming the name of the copy for that of the source without the base
   */
  CopyMover(
      Job job,
      Schedule schedule,
      Workers team,
      BlobService source,
      String sourceContainer,
      String base,
      String container,
      UnaryOperator<String> naming) {
    this.job = job;
    this.source = source;
    this.sourceContainer = sourceContainer;
    this.base = base;
    this.container = container;
    this.naming = naming;
    this.replacement = new Replacement(job);
    this.emptied =
        new Ascent(
            directory -> schedule.small(() -> removeDirectory(directory)), this::removeDirectory);
    this.accountCopy = source == job.service ? null : new AccountCopy(job, team, source);
  }

  @Override
  public void move(Schedule schedule, SourceFile file) throws IOException {
    job.checkGoing();
    job.stats.plannedFiles.increment();
    job.stats.plannedBytes.add(file.length());
    String from = base + file.name();
    Ascent.Directory in = enter(from, file.blob());
    Runnable unit = () -> emptied.left(in, moved(from, file));
    if (accountCopy == null || file.blob().isFolder() || accountCopy.whole(file.length())) {
      schedule.small(unit);
    } else {
      schedule.large(unit);
    }
  }

  /** The directory whose turn to be removed waits for this source; the copy of its marker, too. */
  private Ascent.Directory enter(String from, BlobProperties blob) throws IOException {
    if (!job.options.deleteSource()) {
      return null;
    }
    Ascent.Directory in = emptied.enter(from);
    if (!blob.isFolder()) {
      return in;
    }
    emptied.open(from);
    return emptied.enter(BlobPages.directoryPrefix(from));
  }

  /** Nothing more is to be moved: directories that are to go can go. */
  void finish() throws IOException {
    emptied.finish();
  }

  /** Whether nothing keeps the source's directory. */
  private boolean moved(String from, SourceFile file) {
    var gone = new boolean[1];
    job.attempt(from, () -> gone[0] = copied(from, file));
    return gone[0];
  }

  private boolean copied(String from, SourceFile file) throws IOException {
    String to = naming.apply(file.name());
    NameEncoding.check(to);
    long changed = BlobTimes.here(file.blob(), job.options, source);
    Conditions conditions = replacement.ofBlob(from, container, to, changed, true);
    if (conditions == null) {
      job.skip(from, file.length());
      return false;
    }
    if (job.options.dryRun()) {
      job.planned(from);
      return false;
    }
    if (file.blob().tier().equals(ARCHIVE)) {
      throw ServiceErrors.of("copy", sourceContainer + "/" + from, 409, "BlobArchived", "", "");
    }
    try {
      BlobProperties made = copy(from, file.blob(), to, conditions);
      if (job.options.deleteSource() && !file.blob().isFolder()) {
        removeSource(from, file.blob(), made);
      }
    } catch (ServiceException e) {
      if (!Replacement.appeared(conditions, e)) {
        throw e;
      }
      job.skip(from, file.length());
      return false;
    }
    job.done(from, file.length());
    return true;
  }

  private BlobProperties copy(String from, BlobProperties version, String to, Conditions conditions)
      throws IOException {
    if (version.isFolder()) {
      return directory(from, version, to, conditions);
    }
    if (accountCopy == null) {
      return within(from, version, to, conditions);
    }
    PutOptions asked = job.options.attributes();
    var copy =
        new AccountCopy.Copy(
            sourceContainer,
            from,
            version,
            container,
            to,
            new PutOptions(
                asked.contentType(), "", asked.metadata(), headers(from, version), conditions));
    BlobProperties made = accountCopy.copy(copy);
    job.stats.moved.add(version.length());
    return made;
  }

  /** A directory is made, not copied: a hierarchical namespace copies none. */
  private BlobProperties directory(
      String from, BlobProperties version, String to, Conditions conditions) throws IOException {
    BlobProperties there = BlobPages.headOrNull(job.service, container, to);
    if (there != null && there.isFolder()) {
      return there;
    }
    Map<String, String> metadata = new HashMap<>(source.head(sourceContainer, from).metadata());
    metadata.put(MetadataKeys.IS_FOLDER, "true");
    return job.service.put(
        container,
        to,
        BodySource.of(new byte[0]),
        new PutOptions(version.contentType(), "", metadata, conditions));
  }

  /** The tier and tags asked for, else the source's. */
  private BlobHeaders headers(String from, BlobProperties version) throws IOException {
    BlobHeaders wanted = job.options.attributes().headers();
    return new BlobHeaders(
        wanted.contentEncoding(),
        wanted.contentLanguage(),
        wanted.contentDisposition(),
        wanted.cacheControl(),
        wanted.tier().isEmpty() ? version.tier() : wanted.tier(),
        wanted.tags().isEmpty() ? tags(from, version) : wanted.tags());
  }

  /** Reading tags takes a right of its own; who lacks it gets the copies without them. */
  private Map<String, String> tags(String from, BlobProperties version) throws IOException {
    if (version.details().tagCount() == 0 || tagsRefused.get()) {
      return Map.of();
    }
    try {
      return source.tags(sourceContainer, from);
    } catch (ServiceException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
      if (tagsRefused.compareAndSet(false, true)) {
        job.warn("tags are not copied: " + e.getMessage());
      }
      return Map.of();
    }
  }

  private BlobProperties within(
      String from, BlobProperties version, String to, Conditions conditions) throws IOException {
    BlobHeaders headers = headers(from, version);
    PutOptions asked = job.options.attributes();
    BlobProperties made =
        job.service.copy(
            sourceContainer,
            from,
            version.etag(),
            container,
            to,
            new CopyOptions(
                asked.metadata().isEmpty() ? null : asked.metadata(),
                headers.tier(),
                headers.tags(),
                conditions));
    job.stats.moved.add(version.length());
    PutOptions changed = Overlay.contentHeaders(asked, made);
    // Copy Blob takes the content headers from the source; others take a second request.
    return changed == null ? made : job.service.setHeaders(container, to, changed);
  }

  private void removeSource(String from, BlobProperties version, BlobProperties made)
      throws IOException {
    if (made.length() != version.length()) {
      throw new AzcpException(
          Errno.ESTALE, from + " is kept: its copy was changed by somebody else at once");
    }
    source.delete(sourceContainer, from, Conditions.match(version.etag()));
  }

  private void removeDirectory(Ascent.Directory directory) {
    boolean gone = false;
    if (!directory.keepsAnything()) {
      try {
        source.delete(sourceContainer, directory.name(), Conditions.NONE);
        gone = true;
      } catch (IOException e) {
        job.warn("the directory " + directory.name() + " is kept: " + e.getMessage());
      }
    }
    emptied.left(directory.above(), gone);
  }
}
