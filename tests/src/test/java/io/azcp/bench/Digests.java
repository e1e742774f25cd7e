package io.azcp.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The MD5s of the blobs whose containers have them, computed when first asked for. Thread-safe. */
final class Digests {
  private final Pattern pattern;
  private final Map<String, String[]> known = new ConcurrentHashMap<>();

  Digests(Pattern pattern) {
    this.pattern = pattern;
  }

  /** In Base64; empty where the container has none. */
  String md5(Dataset dataset, int blob) {
    return dataset.md5() ? known.computeIfAbsent(dataset.name(), n -> all(dataset))[blob] : "";
  }

  private String[] all(Dataset dataset) {
    var digests = new String[dataset.count()];
    boolean equal = dataset.size() > Pattern.LENGTH;
    for (int i = 0; i < digests.length; i++) {
      digests[i] = equal && i > 0 ? digests[0] : pattern.md5(i, dataset.size());
    }
    return digests;
  }
}
