package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import io.azcp.cache.Cache;
import io.azcp.config.MappingRule;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares what is whole in a cache folder with what the service has, and drops the rest. A folder
 * that is believed without asking needs that when it is refreshed. What is open stays readable.
 *
 * <p>Versions are remembered as two 64-bit hashes each, 16 bytes a blob, so a million of them are
 * compared in 16 MiB. Used once, by one thread.
 */
final class Recheck {
  private static final int FIRST = 1024;

  private final MappingRule rule;
  private final BlobService service;
  private final Cache cache;
  private long[] known = new long[FIRST];
  private int count;

  Recheck(MappingRule rule, BlobService service, Cache cache) {
    this.rule = rule;
    this.service = service;
    this.cache = cache;
  }

  /** Compares a name and all below it; answers the files dropped. */
  long run(String name) throws IOException {
    List<String> here = new ArrayList<>();
    String below = name.isEmpty() ? "" : name + "/";
    if (!name.isEmpty() && cache.wholeVersion(name).isPresent()) {
      here.add(name);
      head(name);
      Arrays.sort(known, 0, count);
    }
    if (name.isEmpty() || cache.holdsBelow(name)) {
      list(below);
      Arrays.sort(known, 0, count);
      cache.forEachWhole(
          (file, version) -> {
            if (file.startsWith(below) && !has(file, version)) {
              here.add(file);
            }
          });
    }
    long dropped = 0;
    for (String file : here) {
      dropped += cache.wholeVersion(file).filter(v -> !has(file, v)).isPresent() ? drop(file) : 0;
    }
    return dropped;
  }

  private int drop(String file) throws IOException {
    return cache.dropOther(file, null) ? 1 : 0;
  }

  private void head(String name) throws IOException {
    try {
      add(name, service.head(rule.account().containerName(), rule.blobName(name)));
    } catch (AzcpException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  private void list(String below) throws IOException {
    int start = rule.blobPrefix().length();
    String marker = "";
    do {
      ListQuery page =
          new ListQuery(rule.blobPrefix() + below, false, marker, ListQuery.MAX_PAGE, false);
      marker =
          service.list(
              rule.account().containerName(),
              page,
              (blob, properties) -> add(blob.substring(start), properties));
    } while (!marker.isEmpty());
  }

  private void add(String name, BlobProperties p) {
    add(hash(name, p.etag()));
    if (!p.contentMd5().isEmpty()) {
      add(hash(name, p.length() + "/" + p.contentMd5()));
    }
  }

  private void add(long hash) {
    if (count == known.length) {
      known = Arrays.copyOf(known, 2 * count);
    }
    known[count++] = hash;
  }

  /** Whether the service has this content under the name. */
  private boolean has(String name, BlobVersion version) {
    return holds(hash(name, version.etag()))
        || (!version.contentMd5().isEmpty()
            && holds(hash(name, version.length() + "/" + version.contentMd5())));
  }

  private boolean holds(long hash) {
    return Arrays.binarySearch(known, 0, count, hash) >= 0;
  }

  /** FNV-1a over both texts, finished by the mixer of SplitMix64. */
  private static long hash(String name, String version) {
    long h = 0xcbf29ce484222325L;
    String text = name + '\0' + version;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * 0x100000001b3L;
    }
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    return h ^ (h >>> 31);
  }
}
