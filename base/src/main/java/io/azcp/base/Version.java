package io.azcp.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build of azcp this is. */
public final class Version {
  private static final String TEXT = read();

  private Version() {}

  /** The version of the build, as {@code 0.1.0}. */
  public static String text() {
    return TEXT;
  }

  private static String read() {
    // The JVM knows the manifest when it loads a class from a jar; a resource costs a start 10 ms.
    String built = Version.class.getPackage().getImplementationVersion();
    return built == null ? readResource() : built;
  }

  private static String readResource() {
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
