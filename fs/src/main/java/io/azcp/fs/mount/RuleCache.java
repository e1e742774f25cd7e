package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.CacheFolder;
import io.azcp.cache.CacheOptions;
import io.azcp.config.MappingRule;
import io.azcp.transfer.blob.BlobUrl;
import java.io.IOException;

/** The cache folder of a rule, for who brings files into it without asking the service here. */
public final class RuleCache implements AutoCloseable {
  private final CacheFolder folder;

  private RuleCache(CacheFolder folder) {
    this.folder = folder;
  }

  /**
   * Opens the folder, as a mount or a preparation does.
   *
   * @param account where the rule's account is
   */
  public static RuleCache open(MappingRule rule, BlobUrl account) throws IOException {
    CacheOptions options =
        CacheOptions.of(rule.cache(), RuleStore.identity(account, rule))
            .withLimit(rule.cacheLimitBytes());
    return new RuleCache(
        CacheFolder.open(
            options,
            (name, version, offset, length, sink) -> {
              throw new AzcpException(Errno.EOPNOTSUPP, name + " is not fetched here");
            },
            (urgent, fetch) -> fetch.run()));
  }

  /** The folder. */
  public CacheFolder folder() {
    return folder;
  }

  @Override
  public void close() {
    folder.close();
  }
}
