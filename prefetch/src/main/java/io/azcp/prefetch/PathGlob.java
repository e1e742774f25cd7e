package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of names, matched against the whole name: {@code *} and {@code ?} cross no slash,
 * {@code **} does ({@code **}{@code /} also matches nothing, so that {@code **}{@code /x} finds
 * {@code x}), {@code [abc]}, {@code [a-z]} and {@code [!a]} stand for one character, names in
 * braces separated by commas for either, and a backslash takes the next character as it is.
 */
final class PathGlob {
  private final Pattern pattern;
  private final String literalPrefix;
  private final boolean oneDirectory;

  private PathGlob(Pattern pattern, String literalPrefix, boolean oneDirectory) {
    this.pattern = pattern;
    this.literalPrefix = literalPrefix;
    this.oneDirectory = oneDirectory;
  }

  /** Whether the text holds a character with a meaning here. */
  static boolean isGlob(String text) {
    return firstSpecial(text) < text.length();
  }

  /** Compiles a pattern; {@code EINVAL} says what is wrong with it. */
  static PathGlob of(String glob) throws AzcpException {
    int special = firstSpecial(glob);
    String rest = glob.substring(special);
    boolean oneDirectory = rest.indexOf('/') < 0 && !rest.contains("**");
    try {
      return new PathGlob(
          Pattern.compile(new Translator(glob).regex(), Pattern.DOTALL),
          glob.substring(0, special),
          oneDirectory);
    } catch (PatternSyntaxException e) {
      throw new AzcpException(
          Errno.EINVAL, glob + " is no valid pattern: " + e.getDescription(), e);
    }
  }

  private static int firstSpecial(String text) {
    int i = 0;
    while (i < text.length() && "*?[{\\".indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i;
  }

  boolean matches(String name) {
    return pattern.matcher(name).matches();
  }

  /** What every matching name starts with. */
  String literalPrefix() {
    return literalPrefix;
  }

  /** Whether all matching names lie in one directory, that of the literal prefix. */
  boolean oneDirectory() {
    return oneDirectory;
  }

  /** Turns the pattern into a regular expression, one character at a time. */
  private static final class Translator {
    private final String glob;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int groups;

    Translator(String glob) {
      this.glob = glob;
    }

    String regex() throws AzcpException {
      while (at < glob.length()) {
        char c = glob.charAt(at++);
        switch (c) {
          case '*' -> star();
          case '?' -> out.append("[^/]");
          case '[' -> set();
          case '{' -> {
            groups++;
            out.append("(?:");
          }
          case '}' -> close();
          case ',' -> out.append(groups > 0 ? "|" : ",");
          case '\\' -> literal(at < glob.length() ? glob.charAt(at++) : '\\');
          default -> literal(c);
        }
      }
      return out.toString();
    }

    private void star() {
      if (at >= glob.length() || glob.charAt(at) != '*') {
        out.append("[^/]*");
        return;
      }
      at++;
      if (at < glob.length() && glob.charAt(at) == '/') {
        at++;
        out.append("(?:.*/)?");
      } else {
        out.append(".*");
      }
    }

    private void set() throws AzcpException {
      int end = glob.indexOf(']', Math.min(glob.length(), at + 1));
      if (end < 0) {
        throw new AzcpException(Errno.EINVAL, glob + " is no valid pattern: a [ without its ]");
      }
      String body = glob.substring(at, end);
      at = end + 1;
      out.append('[');
      if (body.startsWith("!") || body.startsWith("^")) {
        out.append('^').append('/');
        body = body.substring(1);
      }
      for (int i = 0; i < body.length(); i++) {
        char c = body.charAt(i);
        if ("\\[]^&".indexOf(c) >= 0) {
          out.append('\\');
        }
        out.append(c);
      }
      out.append(']');
    }

    private void close() {
      if (groups == 0) {
        literal('}');
        return;
      }
      groups--;
      out.append(')');
    }

    private void literal(char c) {
      if ("\\.[]{}()<>*+-=!?^$|".indexOf(c) >= 0) {
        out.append('\\');
      }
      out.append(c);
    }
  }
}
