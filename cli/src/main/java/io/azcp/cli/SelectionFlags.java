package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.NameFilter;
import io.azcp.transfer.engine.filter.FileFilter;
import java.time.ZoneId;
import java.util.List;

/** Which files a command takes. Names are those below the source, with slashes. */
final class SelectionFlags extends Flags {
  private final Value<List<String>> includePattern =
      arguments
          .texts("--include-pattern")
          .label("GLOB[;GLOB]")
          .says(
              "Only files whose path below the source matches one: * stands for anything, slashes too,"
                  + " ? for one character, **/ for any directories or none, [a-z] and {a,b} choose.");

  private final Value<List<String>> excludePattern =
      arguments.texts("--exclude-pattern").label("GLOB[;GLOB]").says("No files that match one.");

  private final Value<List<String>> includeRegex =
      arguments
          .texts("--include-regex")
          .label("REGEX[;REGEX]")
          .says("Only files in whose path below the source one of the expressions is found.");

  private final Value<List<String>> excludeRegex =
      arguments
          .texts("--exclude-regex")
          .label("REGEX[;REGEX]")
          .says("No files in whose path one is found.");

  private final Value<List<String>> includePath =
      arguments
          .texts("--include-path")
          .label("PATH[;PATH]")
          .says("Only these files, and what these directories hold, below the source.");

  private final Value<List<String>> excludePath =
      arguments
          .texts("--exclude-path")
          .label("PATH[;PATH]")
          .says("Not these files, nor what these directories hold.");

  private final Value<String> includeAfter =
      arguments
          .text("--include-after")
          .label("TIME")
          .says(
              "Only files changed then or later: 2026-01-31, or 2026-01-31T15:04:05Z; without a zone it"
                  + " is local time.");

  private final Value<String> includeBefore =
      arguments.text("--include-before").label("TIME").says("Only files changed then or earlier.");

  SelectionFlags(Arguments arguments) {
    super(arguments);
  }

  /** What the options say as a filter. */
  NameFilter filter() throws UsageException {
    return FileFilter.builder(ZoneId.systemDefault())
        .includePattern(includePattern.get())
        .excludePattern(excludePattern.get())
        .includeRegex(includeRegex.get())
        .excludeRegex(excludeRegex.get())
        .includePath(includePath.get())
        .excludePath(excludePath.get())
        .includeAfter(includeAfter.get())
        .includeBefore(includeBefore.get())
        .build();
  }
}
