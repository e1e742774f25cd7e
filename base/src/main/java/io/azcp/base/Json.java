package io.azcp.base;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON text of RFC 8259, strictly, as plain values: {@link Map} in the order written, {@link List},
 * {@link String}, {@link Long}, {@link Double}, {@link Boolean} and null. A key given twice is
 * refused, so are nesting deeper than {@value #DEEPEST} and an integer that no long holds.
 */
public final class Json {
  private static final int DEEPEST = 32;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** The value a text stands for; {@code EPROTO} says where it is wrong. */
  public static Object parse(String text) throws AzcpException {
    Json json = new Json(text);
    json.blanks();
    Object value = json.value(0);
    json.blanks();
    if (json.at < text.length()) {
      throw json.wrong("something follows the value");
    }
    return value;
  }

  private AzcpException wrong(String what) {
    return new AzcpException(Errno.EPROTO, "no valid JSON at character " + (at + 1) + ": " + what);
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() throws AzcpException {
    if (at >= text.length()) {
      throw wrong("the text ends too early");
    }
    return text.charAt(at);
  }

  private void expect(char c) throws AzcpException {
    if (peek() != c) {
      throw wrong("'" + c + "' is missing");
    }
    at++;
  }

  private Object value(int depth) throws AzcpException {
    if (depth > DEEPEST) {
      throw wrong("it is nested too deep");
    }
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Object word(String word, Object value) throws AzcpException {
    if (!text.startsWith(word, at)) {
      throw wrong("an unknown word");
    }
    at += word.length();
    return value;
  }

  private Map<String, Object> object(int depth) throws AzcpException {
    Map<String, Object> map = new LinkedHashMap<>();
    expect('{');
    blanks();
    if (peek() == '}') {
      at++;
      return map;
    }
    while (true) {
      blanks();
      String key = string();
      if (map.containsKey(key)) {
        throw wrong("the key " + key + " is given twice");
      }
      blanks();
      expect(':');
      blanks();
      map.put(key, value(depth + 1));
      blanks();
      if (peek() == '}') {
        at++;
        return map;
      }
      expect(',');
    }
  }

  private List<Object> array(int depth) throws AzcpException {
    List<Object> list = new ArrayList<>();
    expect('[');
    blanks();
    if (peek() == ']') {
      at++;
      return list;
    }
    while (true) {
      blanks();
      list.add(value(depth + 1));
      blanks();
      if (peek() == ']') {
        at++;
        return list;
      }
      expect(',');
    }
  }

  private String string() throws AzcpException {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (true) {
      char c = peek();
      at++;
      if (c == '"') {
        return out.toString();
      }
      if (c < ' ') {
        throw wrong("a control character inside a string");
      }
      out.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() throws AzcpException {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hex();
      default -> throw wrong("an unknown escape");
    };
  }

  private char hex() throws AzcpException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw wrong("four hexadecimal digits are missing");
      }
      value = value << 4 | digit;
      at++;
    }
    return (char) value;
  }

  private Object number() throws AzcpException {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    int whole = digits();
    if (whole == 0 || (whole > 1 && text.charAt(at - whole) == '0')) {
      throw wrong("neither a value nor a number");
    }
    boolean fraction = false;
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      fraction = true;
      needDigits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      fraction = true;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      needDigits();
    }
    String digits = text.substring(start, at);
    try {
      return fraction ? (Object) Double.valueOf(digits) : (Object) Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw wrong("the number " + digits + " is too large");
    }
  }

  private void needDigits() throws AzcpException {
    if (digits() == 0) {
      throw wrong("a digit is missing");
    }
  }

  private int digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - start;
  }

  /**
   * The text of a value, on one line.
   *
   * @throws IllegalArgumentException for what JSON has no form for
   */
  public static String write(Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, Object value) {
    if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> e : map.entrySet()) {
        out.append(separator);
        quote(out, (String) e.getKey());
        out.append(':');
        append(out, e.getValue());
        separator = ",";
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Iterable<?> list) {
      String separator = "";
      out.append('[');
      for (Object item : list) {
        out.append(separator);
        append(out, item);
        separator = ",";
      }
      out.append(']');
    } else if (value instanceof String s) {
      quote(out, s);
    } else if (value == null || value instanceof Boolean || value instanceof Number) {
      out.append(value);
    } else {
      throw new IllegalArgumentException("JSON has no " + value.getClass().getName());
    }
  }

  private static void quote(StringBuilder out, String s) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
