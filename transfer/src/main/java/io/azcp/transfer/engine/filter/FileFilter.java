package io.azcp.transfer.engine.filter;

import io.azcp.base.UsageException;
import io.azcp.base.glob.Glob;
import io.azcp.transfer.engine.NameFilter;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The filter options of a command as one filter: a file is taken when every kind of {@code
 * --include-…} that was given takes it (one of the kind's values is enough) and no {@code
 * --exclude-…} does. Immutable and thread-safe.
 */
public final class FileFilter implements NameFilter {
  private final List<Predicate<String>> included;
  private final List<Predicate<String>> excluded;
  private final long after;
  private final long before;

  private FileFilter(Builder builder) {
    included = List.copyOf(builder.included);
    excluded = List.copyOf(builder.excluded);
    after = builder.after;
    before = builder.before;
  }

  @Override
  public boolean accepts(String name, long lastModified) {
    if (lastModified < after || lastModified > before) {
      return false;
    }
    for (Predicate<String> each : included) {
      if (!each.test(name)) {
        return false;
      }
    }
    for (Predicate<String> each : excluded) {
      if (each.test(name)) {
        return false;
      }
    }
    return true;
  }

  /** Takes options; times without a zone are those of this one. */
  public static Builder builder(ZoneId zone) {
    return new Builder(zone);
  }

  /**
   * Puts a filter together. Values may hold several, separated by semicolons ({@code \;} is a plain
   * one); empty ones say nothing. Used by one thread.
   */
  public static final class Builder {
    private final ZoneId zone;
    private final List<Predicate<String>> included = new ArrayList<>();
    private final List<Predicate<String>> excluded = new ArrayList<>();
    private long after = Long.MIN_VALUE;
    private long before = Long.MAX_VALUE;

    private Builder(ZoneId zone) {
      this.zone = zone;
    }

    /** How one value becomes a test. */
    @FunctionalInterface
    private interface Reader {
      Predicate<String> read(String value) throws UsageException;
    }

    /** {@code --include-pattern}: patterns ({@code * ? ** [a-z] {a,b}}) of the whole name. */
    public Builder includePattern(List<String> values) throws UsageException {
      return add(included, "--include-pattern", values, value -> Glob.of(value)::matches);
    }

    /** {@code --exclude-pattern}. */
    public Builder excludePattern(List<String> values) throws UsageException {
      return add(excluded, "--exclude-pattern", values, value -> Glob.of(value)::matches);
    }

    /** {@code --include-regex}: Java's regular expressions, found anywhere in the name. */
    public Builder includeRegex(List<String> values) throws UsageException {
      return add(included, "--include-regex", values, Builder::regex);
    }

    /** {@code --exclude-regex}. */
    public Builder excludeRegex(List<String> values) throws UsageException {
      return add(excluded, "--exclude-regex", values, Builder::regex);
    }

    /** {@code --include-path}: files, or directories with what they hold. */
    public Builder includePath(List<String> values) throws UsageException {
      return add(included, "--include-path", values, value -> PathPrefix.of(value)::holds);
    }

    /** {@code --exclude-path}. */
    public Builder excludePath(List<String> values) throws UsageException {
      return add(excluded, "--exclude-path", values, value -> PathPrefix.of(value)::holds);
    }

    /** {@code --include-after}: changed then or later. */
    public Builder includeAfter(String value) throws UsageException {
      after = value.isBlank() ? after : time("--include-after", value, false);
      return this;
    }

    /** {@code --include-before}: changed then or earlier. */
    public Builder includeBefore(String value) throws UsageException {
      before = value.isBlank() ? before : time("--include-before", value, true);
      return this;
    }

    /** The filter; {@link NameFilter#ALL} itself where nothing was said. */
    public NameFilter build() {
      boolean always = after == Long.MIN_VALUE && before == Long.MAX_VALUE;
      return always && included.isEmpty() && excluded.isEmpty()
          ? NameFilter.ALL
          : new FileFilter(this);
    }

    private Builder add(
        List<Predicate<String>> to, String option, List<String> values, Reader reader)
        throws UsageException {
      List<Predicate<String>> tests = new ArrayList<>();
      for (String value : OptionList.split(values)) {
        try {
          tests.add(reader.read(value));
        } catch (UsageException e) {
          throw new UsageException(option + ": " + e.getMessage(), e);
        }
      }
      tests.stream().reduce(Predicate::or).ifPresent(to::add);
      return this;
    }

    private static Predicate<String> regex(String value) throws UsageException {
      try {
        Pattern pattern = Pattern.compile(value);
        return name -> pattern.matcher(name).find();
      } catch (PatternSyntaxException e) {
        throw new UsageException(
            "'" + value + "' is no valid regular expression: " + e.getDescription(), e);
      }
    }

    private long time(String option, String value, boolean latest) throws UsageException {
      return Instants.parse(value, zone, latest)
          .orElseThrow(
              () ->
                  new UsageException(
                      option + ": '" + value + "' is no time: write " + Instants.ALLOWED));
    }
  }
}
