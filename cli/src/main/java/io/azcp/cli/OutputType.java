package io.azcp.cli;

import io.azcp.base.Json;
import java.io.PrintStream;
import java.util.Map;
import java.util.regex.Pattern;

/** The form of what is printed ({@code --output-type}). */
enum OutputType {
  /** Sentences and columns for people; the forms are stable. */
  TEXT {
    @Override
    void complain(PrintStream err, String sentence) {
      err.println("azcp: " + hidden(sentence));
    }
  },

  /** One object a line: results on standard output, failures and warnings on standard error. */
  JSON {
    @Override
    void complain(PrintStream err, String sentence) {
      err.println(Json.write(Map.of("type", "message", "message", hidden(sentence))));
    }
  };

  private static final Pattern SIGNATURE = Pattern.compile("([?&]sig=)[^&'\\s]+");

  /** Prints one sentence to stderr. A signature in a URL that it quotes is not shown. */
  abstract void complain(PrintStream err, String sentence);

  private static String hidden(String sentence) {
    return SIGNATURE.matcher(sentence).replaceAll("$1…");
  }
}
