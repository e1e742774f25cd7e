package io.azcp.transfer.blob;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** What can be told of a host by its text alone; no name is ever resolved. */
final class Hosts {
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private Hosts() {}

  /** Whether it is this machine. */
  static boolean isLoopback(String host) {
    InetAddress address = address(host);
    return address == null
        ? host.equals("localhost") || host.endsWith(".localhost")
        : address.isLoopbackAddress();
  }

  /** Whether no router passes it on, as the address of the metadata service. */
  static boolean isLinkLocal(String host) {
    InetAddress address = address(host);
    return address != null && address.isLinkLocalAddress();
  }

  /** The address of a text that is one, an IPv6 address without brackets; null for a name. */
  static InetAddress address(String text) {
    if (!ADDRESS.matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
