package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Blob index tags on the wire, and what the service allows of them ("Manage and find Azure Blob
 * data with blob index tags").
 */
final class BlobTags {
  private static final int MAX_TAGS = 10;
  private static final int MAX_KEY = 128;
  private static final int MAX_VALUE = 256;

  private BlobTags() {}

  /** Refuses what the service would refuse, and says why. */
  static void check(Map<String, String> tags) throws AzcpException {
    if (tags.size() > MAX_TAGS) {
      throw refusal("there are " + tags.size() + " of them, " + MAX_TAGS + " are allowed");
    }
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      String key = tag.getKey();
      if (key.isEmpty() || key.length() > MAX_KEY) {
        throw refusal("the key '" + key + "' does not have 1 to " + MAX_KEY + " characters");
      }
      if (tag.getValue().length() > MAX_VALUE) {
        throw refusal("the value of '" + key + "' has over " + MAX_VALUE + " characters");
      }
      if (!(key + tag.getValue()).chars().allMatch(BlobTags::allowed)) {
        throw refusal(
            "'"
                + key
                + "' has a character that is neither letter, digit, blank nor one of +-./:=_");
      }
    }
  }

  private static boolean allowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || " +-./:=_".indexOf(c) >= 0;
  }

  private static AzcpException refusal(String why) {
    return new AzcpException(Errno.EINVAL, "these blob tags cannot be set: " + why);
  }

  /** The value of x-ms-tags, empty for none. */
  static String header(Map<String, String> tags) throws AzcpException {
    check(tags);
    return new TreeMap<>(tags)
        .entrySet().stream()
            .map(e -> NameEncoding.query(e.getKey()) + "=" + NameEncoding.query(e.getValue()))
            .collect(Collectors.joining("&"));
  }

  /** The body of Set Blob Tags. No allowed character has a meaning in XML. */
  static String xml(Map<String, String> tags) throws AzcpException {
    check(tags);
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    xml.append("<Tags><TagSet>");
    new TreeMap<>(tags)
        .forEach(
            (key, value) ->
                xml.append("<Tag><Key>")
                    .append(key)
                    .append("</Key><Value>")
                    .append(value)
                    .append("</Value></Tag>"));
    return xml.append("</TagSet></Tags>").toString();
  }

  /** The tags in the answer to Get Blob Tags. */
  static Map<String, String> of(List<SimpleXml.Text> texts) {
    Map<String, String> tags = new LinkedHashMap<>();
    String key = "";
    for (SimpleXml.Text text : texts) {
      if (text.path().endsWith("/Tag/Key")) {
        key = text.value();
      } else if (text.path().endsWith("/Tag/Value")) {
        tags.put(key, text.value());
      }
    }
    return tags;
  }
}
