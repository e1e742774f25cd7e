package io.azcp.prefetch;

import io.azcp.cache.Cache;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.engine.Workers;
import java.io.IOException;
import java.util.function.Predicate;

/**
 * Makes files whole in the cache before anybody reads them: names, directories with everything
 * below, and patterns of one rule. Only what is missing is fetched, many files at a time; each is
 * published by itself, so that a mount or another preparation sees it at once. Works on the cache
 * folder alone, with or without a mount: what another process fetches already is waited for, not
 * fetched again. Thread-safe; every run is independent.
 *
 * <p>A name is taken literally where a file or directory of exactly that name exists, else as a
 * pattern where it holds an asterisk, a question mark, or an opening bracket or brace. In a pattern
 * one asterisk crosses no slash, two do. A name that leads nowhere is a failure that names it; the
 * others are prepared.
 */
public final class Prepare {
  private final BlobNames names;
  private final Cache cache;
  private final Workers workers;
  private final Predicate<String> changedHere;

  /**
   * Prepares what lies below a prefix.
   *
   * @param prefix what every blob name starts with: empty, or a prefix that ends in a slash
   * @param changedHere whether the content of a name is local and not yet in the service; such a
   *     file is there by itself
   */
  public Prepare(
      BlobService service,
      String container,
      String prefix,
      Cache cache,
      Workers workers,
      Predicate<String> changedHere) {
    this.names = new BlobNames(service, container, prefix);
    this.cache = cache;
    this.workers = workers;
    this.changedHere = changedHere;
  }

  /**
   * Prepares these, and returns when all are whole or have failed. Throws when the service cannot
   * be listed at all, or what the listener throws.
   *
   * @param wanted what; closed by the caller
   */
  public PrepareResult run(PrepareNames wanted, PrepareOptions options, PrepareListener listener)
      throws IOException {
    return new PrepareRun(names, cache, workers, changedHere, options, listener, PrepareRun.WINDOW)
        .run(wanted);
  }
}
