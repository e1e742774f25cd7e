package io.azcp.cli;

import io.azcp.transfer.engine.CheckMd5;
import io.azcp.transfer.engine.Overwrite;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The words an option takes, in any case, and what each means. */
abstract class Words<T> implements ITypeConverter<T>, Iterable<String> {
  private final Map<String, T> meanings = new LinkedHashMap<>();
  private final T bare;

  /**
   * No words yet.
   *
   * @param bare what the option means without a word, or null where it needs one
   */
  Words(T bare) {
    this.bare = bare;
  }

  /** One more word. */
  final void word(String word, T meaning) {
    meanings.put(word, meaning);
  }

  @Override
  public final T convert(String text) {
    if (text.isEmpty() && bare != null) {
      return bare;
    }
    for (Map.Entry<String, T> each : meanings.entrySet()) {
      if (each.getKey().equalsIgnoreCase(text)) {
        return each.getValue();
      }
    }
    throw new TypeConversionException(
        "'" + text + "' is none of " + String.join(", ", meanings.keySet()));
  }

  @Override
  public final Iterator<String> iterator() {
    return meanings.keySet().iterator();
  }

  /** Those of {@code --overwrite}. */
  static final class ForOverwrite extends Words<Overwrite> {
    ForOverwrite() {
      super(Overwrite.TRUE);
      word("true", Overwrite.TRUE);
      word("false", Overwrite.FALSE);
      word("prompt", Overwrite.PROMPT);
      word("ifSourceNewer", Overwrite.IF_SOURCE_NEWER);
    }
  }

  /** Those of {@code --check-md5}; without one it is {@link CheckMd5#AUTO} here. */
  static final class ForCheckMd5 extends Words<CheckMd5> {
    ForCheckMd5() {
      super(CheckMd5.AUTO);
      word("NoCheck", CheckMd5.NO_CHECK);
      word("LogOnly", CheckMd5.LOG_ONLY);
      word("FailIfDifferent", CheckMd5.FAIL_IF_DIFFERENT);
      word("FailIfDifferentOrMissing", CheckMd5.FAIL_IF_DIFFERENT_OR_MISSING);
    }
  }

  /** Those of {@code --output-type}. */
  static final class ForOutputType extends Words<OutputType> {
    ForOutputType() {
      super(null);
      for (OutputType type : OutputType.values()) {
        word(type.name().toLowerCase(Locale.ROOT), type);
      }
    }
  }

  /** Those of {@code --log-level}, AzCopy's too. */
  static final class ForLogLevel extends Words<LogLevel> {
    ForLogLevel() {
      super(null);
      for (LogLevel level : LogLevel.values()) {
        word(level.name().toLowerCase(Locale.ROOT), level);
      }
      word("warning", LogLevel.WARN);
    }
  }
}
