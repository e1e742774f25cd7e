package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.NameFilter;
import io.azcp.transfer.engine.filter.FileFilter;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which files a command takes. Names are those below the source, with slashes. */
final class SelectionFlags {
  @Option(
      names = "--include-pattern",
      paramLabel = "GLOB[;GLOB]",
      description =
          "Only files whose path below the source matches one: * stands for anything, slashes too,"
              + " ? for one character, **/ for any directories or none, [a-z] and {a,b} choose.")
  private List<String> includePattern = new ArrayList<>();

  @Option(
      names = "--exclude-pattern",
      paramLabel = "GLOB[;GLOB]",
      description = "No files that match one.")
  private List<String> excludePattern = new ArrayList<>();

  @Option(
      names = "--include-regex",
      paramLabel = "REGEX[;REGEX]",
      description = "Only files in whose path below the source one of the expressions is found.")
  private List<String> includeRegex = new ArrayList<>();

  @Option(
      names = "--exclude-regex",
      paramLabel = "REGEX[;REGEX]",
      description = "No files in whose path one is found.")
  private List<String> excludeRegex = new ArrayList<>();

  @Option(
      names = "--include-path",
      paramLabel = "PATH[;PATH]",
      description = "Only these files, and what these directories hold, below the source.")
  private List<String> includePath = new ArrayList<>();

  @Option(
      names = "--exclude-path",
      paramLabel = "PATH[;PATH]",
      description = "Not these files, nor what these directories hold.")
  private List<String> excludePath = new ArrayList<>();

  @Option(
      names = "--include-after",
      paramLabel = "TIME",
      description =
          "Only files changed then or later: 2026-01-31, or 2026-01-31T15:04:05Z; without a zone it"
              + " is local time.")
  private String includeAfter = "";

  @Option(
      names = "--include-before",
      paramLabel = "TIME",
      description = "Only files changed then or earlier.")
  private String includeBefore = "";

  /** What the options say as a filter. */
  NameFilter filter() throws UsageException {
    return FileFilter.builder(ZoneId.systemDefault())
        .includePattern(includePattern)
        .excludePattern(excludePattern)
        .includeRegex(includeRegex)
        .excludeRegex(excludeRegex)
        .includePath(includePath)
        .excludePath(excludePath)
        .includeAfter(includeAfter)
        .includeBefore(includeBefore)
        .build();
  }
}
