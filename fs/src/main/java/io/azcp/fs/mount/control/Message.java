package io.azcp.fs.mount.control;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One JSON object of the protocol, read by key and type. Immutable. */
public final class Message {
  private final Map<String, Object> values;

  private Message(Map<String, Object> values) {
    this.values = values;
  }

  /** An object without keys. */
  public static Message empty() {
    return new Message(Map.of());
  }

  /**
   * The same with one more key.
   *
   * @param value a string, a whole number, a boolean, null, a message, or a list of these
   */
  public Message with(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(key, plain(value));
    return new Message(Collections.unmodifiableMap(more));
  }

  private static Object plain(Object value) {
    if (value instanceof Message m) {
      return m.values;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Message::plain).toList();
    }
    return value instanceof Integer n ? (Object) n.longValue() : value;
  }

  static Message parse(String line) throws AzcpException {
    Object value = Json.parse(line);
    if (value instanceof Map<?, ?> map) {
      return ofMap(map);
    }
    throw new AzcpException(Errno.EPROTO, "a message is one JSON object");
  }

  private static Message ofMap(Map<?, ?> map) {
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((k, v) -> values.put((String) k, v));
    return new Message(Collections.unmodifiableMap(values));
  }

  /** The text of this object, on one line. */
  public String json() {
    return Json.write(values);
  }

  /** Whether the key is there and not null. */
  public boolean has(String key) {
    return values.get(key) != null;
  }

  Object raw(String key) {
    return values.get(key);
  }

  /** A string; {@code EPROTO} where it is missing or something else. */
  public String text(String key) throws AzcpException {
    return typed(key, String.class, "a string");
  }

  /** A string, or another one where it is missing. */
  public String text(String key, String otherwise) throws AzcpException {
    return has(key) ? text(key) : otherwise;
  }

  /** A whole number. */
  public long number(String key) throws AzcpException {
    return typed(key, Long.class, "a whole number");
  }

  /** A boolean; false where it is missing. */
  public boolean flag(String key) throws AzcpException {
    return has(key) && typed(key, Boolean.class, "true or false");
  }

  /** An object. */
  public Message object(String key) throws AzcpException {
    return ofMap(typed(key, Map.class, "an object"));
  }

  /** A list of strings; empty where it is missing. */
  public List<String> texts(String key) throws AzcpException {
    List<String> all = new ArrayList<>();
    for (Object item : items(key)) {
      if (!(item instanceof String s)) {
        throw new AzcpException(Errno.EPROTO, key + " must be a list of strings");
      }
      all.add(s);
    }
    return all;
  }

  /** A list of objects; empty where it is missing. */
  public List<Message> objects(String key) throws AzcpException {
    List<Message> all = new ArrayList<>();
    for (Object item : items(key)) {
      if (!(item instanceof Map<?, ?> map)) {
        throw new AzcpException(Errno.EPROTO, key + " must be a list of objects");
      }
      all.add(ofMap(map));
    }
    return all;
  }

  private List<?> items(String key) throws AzcpException {
    return has(key) ? typed(key, List.class, "a list") : List.of();
  }

  private <T> T typed(String key, Class<T> type, String what) throws AzcpException {
    Object value = values.get(key);
    if (!type.isInstance(value)) {
      throw new AzcpException(Errno.EPROTO, key + " must be " + what);
    }
    return type.cast(value);
  }

  @Override
  public String toString() {
    return json();
  }
}
