package io.azcp.transfer.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The clouds of Azure, told by the endpoint's suffix. Each has an authority of its own; the
 * resource that tokens are for is the same in all ("Authorize access to blobs using Microsoft Entra
 * ID").
 */
public enum Cloud {
  /** The public cloud; the second suffix is that of accounts with zonal endpoints. */
  PUBLIC("https://login.microsoftonline.com", "core\\.windows\\.net|storage\\.azure\\.net"),
  /** Azure Government. */
  US_GOVERNMENT("https://login.microsoftonline.us", "core\\.usgovcloudapi\\.net"),
  /** Azure operated by 21Vianet. */
  CHINA("https://login.chinacloudapi.cn", "core\\.chinacloudapi\\.cn");

  private final String authority;
  private final Pattern hosts;

  Cloud(String authority, String suffixes) {
    this.authority = authority;
    this.hosts = Pattern.compile(".+\\.(" + suffixes + ")");
  }

  /** The cloud of a host, if it is one of Azure's. */
  public static Optional<Cloud> of(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    for (Cloud cloud : values()) {
      if (cloud.hosts.matcher(lower).matches()) {
        return Optional.of(cloud);
      }
    }
    return Optional.empty();
  }

  /** Where it gives tokens, where {@code AZURE_AUTHORITY_HOST} does not say otherwise. */
  String authority() {
    return authority;
  }
}
