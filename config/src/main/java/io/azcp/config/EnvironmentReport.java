package io.azcp.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What {@code azcp env} prints: every variable, and which of them are set, without secrets. */
public final class EnvironmentReport {
  /** A signature, or a password before a host, in a value that is no secret as a whole. */
  private static final Pattern SECRET = Pattern.compile("(sig=)[^&\\s]+|(//)[^/@\\s]+(@)");

  private final Environment environment;
  private final StringBuilder text = new StringBuilder();

  private EnvironmentReport(Environment environment) {
    this.environment = environment;
  }

  /** A line {@code NAME=value} for each, lines ending in a newline. */
  public static String render(Environment environment) {
    return new EnvironmentReport(environment).render();
  }

  private String render() {
    for (ServiceVariable variable : ServiceVariable.values()) {
      for (String name : spellings(variable)) {
        line(name, variable.secret());
      }
    }
    for (VariableName variable : VariableName.values()) {
      line("QD_" + variable.bare(), false);
      line(variable.key(), false);
    }
    return text.toString();
  }

  /** A name, and the other spellings of it that are set. */
  private List<String> spellings(ServiceVariable variable) {
    List<String> names = new ArrayList<>(List.of(variable.key()));
    boolean proxy = variable.key().endsWith("_PROXY");
    String other = proxy ? variable.key().toLowerCase(Locale.ROOT) : "QD_" + bare(variable);
    if (environment.variable(other).isPresent()) {
      names.add(other);
    }
    return names;
  }

  private static String bare(ServiceVariable variable) {
    return variable.key().replaceFirst("^AZFUSE_", "");
  }

  private void line(String name, boolean secret) {
    String value = environment.variable(name).map(v -> secret ? "set" : shown(v)).orElse("");
    text.append(name).append('=').append(value).append('\n');
  }

  private static String shown(String value) {
    return SECRET.matcher(value.replaceAll("\\p{Cntrl}", "?")).replaceAll("$1$2…$3");
  }
}
