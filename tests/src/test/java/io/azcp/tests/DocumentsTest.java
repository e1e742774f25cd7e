package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents agree with the checkout. */
class DocumentsTest {
  private static final Pattern VERSION = Pattern.compile("<([a-z.]+)\\.version>([^<]+)</");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)[^)]*\\)");

  @Test
  void everyPinnedVersionIsListedWithItsReason() throws IOException {
    String page = Files.readString(root().resolve("docs/dependencies.md"));
    Matcher pinned = VERSION.matcher(Files.readString(root().resolve("pom.xml")));
    List<String> missing = new ArrayList<>();
    int found = 0;
    while (pinned.find()) {
      found++;
      if (!page.contains("| " + pinned.group(2) + " |")) {
        missing.add(pinned.group(1) + " " + pinned.group(2));
      }
    }
    assertThat(found).isPositive();
    assertThat(missing).as("missing in docs/dependencies.md").isEmpty();
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains("://") && !Files.exists(page.resolveSibling(target))) {
          broken.add(root().relativize(page) + " -> " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    try (Stream<Path> top = Files.list(root());
        Stream<Path> docs = Files.walk(root().resolve("docs"))) {
      Stream.concat(top, docs).filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    assertThat(pages).isNotEmpty();
    return pages;
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("docs"))) {
      folder = folder.getParent();
      assertThat(folder).as("a folder above with docs").isNotNull();
    }
    return folder;
  }
}
