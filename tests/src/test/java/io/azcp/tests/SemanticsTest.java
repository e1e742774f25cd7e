package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every promise of docs/semantics.md is named by a test that is run, and tests name no others. */
class SemanticsTest {
  private static final Pattern PROMISE = Pattern.compile("(?m)^\\| ([a-z][a-z-]*) \\| [A-Z`]");

  /** The comment, annotations, and the method they belong to. */
  private static final Pattern NAMED =
      Pattern.compile(
          "// semantics: ([a-z, -]+)\\n(?:\\s*/\\*\\*.*?\\*/\\n)?(?:\\s+@\\w+(?:\\([^)]*\\))?)+\\s+"
              + "(?:public )?(?:final )?void \\w+\\(",
          Pattern.DOTALL);

  private static final Pattern COMMENT = Pattern.compile("// semantics:");

  @Test
  void everyPromiseIsTested() throws IOException {
    String page = Files.readString(Checkout.root().resolve("docs/semantics.md"));
    Set<String> promised = new TreeSet<>();
    Matcher promise = PROMISE.matcher(page);
    while (promise.find()) {
      assertThat(promised.add(promise.group(1))).as("once: %s", promise.group(1)).isTrue();
    }
    assertThat(promised).hasSizeGreaterThan(30);
    Set<String> named = new TreeSet<>();
    for (Path file : tests()) {
      String text = Files.readString(file);
      Matcher test = NAMED.matcher(text);
      long comments = COMMENT.matcher(text).results().count();
      while (test.find()) {
        comments--;
        named.addAll(List.of(test.group(1).split(", *")));
      }
      assertThat(comments).as("comments without a test in %s", file).isZero();
    }
    assertThat(named).isEqualTo(promised);
  }

  private static List<Path> tests() throws IOException {
    try (Stream<Path> all = Files.walk(Checkout.root())) {
      return all.filter(f -> f.toString().endsWith(".java"))
          .filter(f -> f.toString().contains("/src/test/java/"))
          .filter(f -> !f.endsWith("SemanticsTest.java"))
          .toList();
    }
  }
}
