package io.azcp.transfer.blob;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The hosts that are reached without a proxy, as NO_PROXY lists them: names, which cover what is
 * below them, with or without a leading dot; addresses; blocks of addresses ({@code 10.0.0.0/8});
 * {@code *} for all; each but the last with a port or without. No name is ever resolved.
 */
final class ProxyExceptions {
  private final List<String> entries;

  private ProxyExceptions(List<String> entries) {
    this.entries = entries;
  }

  /** Reads a list separated by commas or blanks. */
  static ProxyExceptions of(String list) {
    List<String> entries = new ArrayList<>();
    for (String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      if (!entry.isEmpty()) {
        entries.add(entry);
      }
    }
    return new ProxyExceptions(entries);
  }

  /** Whether a host is reached without a proxy. */
  boolean cover(String host, int port) {
    String lower = host.toLowerCase(Locale.ROOT);
    for (String entry : entries) {
      if (entry.equals("*") || covers(entry, lower, port)) {
        return true;
      }
    }
    return false;
  }

  private static boolean covers(String entry, String host, int port) {
    int slash = entry.indexOf('/');
    if (slash >= 0) {
      return inBlock(
          Hosts.address(host),
          Hosts.address(entry.substring(0, slash)),
          entry.substring(slash + 1));
    }
    String name = entry;
    int colon = name.lastIndexOf(':');
    boolean ipv6 = colon >= 0 && name.indexOf(':') != colon && !name.startsWith("[");
    if (colon >= 0 && !ipv6 && !name.endsWith("]")) {
      if (!name.substring(colon + 1).equals(Integer.toString(port))) {
        return false;
      }
      name = name.substring(0, colon);
    }
    name = name.replaceAll("[\\[\\]]", "");
    InetAddress listed = Hosts.address(name);
    if (listed != null) {
      return listed.equals(Hosts.address(host));
    }
    String bare = name.replaceAll("^\\*?\\.", "");
    return !bare.isEmpty() && (host.equals(bare) || host.endsWith("." + bare));
  }

  private static boolean inBlock(InetAddress host, InetAddress block, String prefix) {
    if (host == null || block == null || !prefix.matches("\\d{1,3}")) {
      return false;
    }
    byte[] a = host.getAddress();
    byte[] b = block.getAddress();
    int bits = Integer.parseInt(prefix);
    if (a.length != b.length || bits > a.length * 8) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((a[i / 8] & mask) != (b[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
