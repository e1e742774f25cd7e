package io.azcp.transfer.identity;

import io.azcp.base.AzcpException;
import io.azcp.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The login of the {@code az} command, which is run for it: {@code az account get-access-token},
 * and {@code az storage account keys list}. Both take a second or two.
 */
final class AzureCli implements TokenSource {
  private static final String NAME = "az CLI";

  /** As {@code 2026-11-20 18:03:07.000000}, in local time. */
  private static final DateTimeFormatter EXPIRES_ON =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSSSSS]");

  private final Map<String, String> environment;
  private final Duration limit;
  private final LongSupplier epochMillis;

  /**
   * A login.
   *
   * @param environment what the command is run with, and where its {@code PATH} is taken from
   * @param limit how long one command may take
   */
  AzureCli(Map<String, String> environment, Duration limit, LongSupplier epochMillis) {
    this.environment = environment;
    this.limit = limit;
    this.epochMillis = epochMillis;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public AccessToken fetch() throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("account", "get-access-token", "--resource", Identities.RESOURCE));
    String tenant = environment.getOrDefault("AZURE_TENANT_ID", "").strip();
    if (!tenant.isEmpty()) {
      arguments.addAll(List.of("--tenant", tenant));
    }
    Map<?, ?> fields = TokenRequest.object(run(arguments));
    return TokenRequest.token(TokenRequest.text(fields, "accessToken"), lifetime(fields), NAME);
  }

  /** Newer versions tell the expiry in seconds since the epoch, all of them in local time. */
  private long lifetime(Map<?, ?> fields) {
    long now = epochMillis.getAsLong() / 1000;
    long seconds = TokenRequest.number(fields, "expires_on");
    if (seconds >= 0) {
      return seconds - now;
    }
    try {
      return LocalDateTime.parse(TokenRequest.text(fields, "expiresOn"), EXPIRES_ON)
              .atZone(ZoneId.systemDefault())
              .toEpochSecond()
          - now;
    } catch (DateTimeException e) {
      return -1;
    }
  }

  /**
   * A key of an account, Base64.
   *
   * @throws IdentityException where the login may not list them
   */
  String accountKey(String account) throws IOException {
    String output = run(List.of("storage", "account", "keys", "list", "--account-name", account));
    try {
      if (Json.parse(output.strip()) instanceof List<?> keys) {
        for (Object key : keys) {
          if (key instanceof Map<?, ?> fields && !TokenRequest.text(fields, "value").isEmpty()) {
            return TokenRequest.text(fields, "value");
          }
        }
      }
    } catch (AzcpException e) {
      throw IdentityException.absent(NAME + ": the list of account keys is no JSON");
    }
    throw IdentityException.absent(NAME + ": account " + account + " has no keys");
  }

  private String run(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(executable().toString());
    command.addAll(arguments);
    command.addAll(List.of("--output", "json"));
    CommandOutput output;
    try {
      output = CommandOutput.of(command, environment, limit);
    } catch (IOException e) {
      throw IdentityException.absent(NAME + ": " + e.getMessage(), e);
    }
    if (output.code() != 0) {
      String reason = TokenRequest.firstLine(output.err());
      throw IdentityException.absent(
          NAME + ": " + (reason.isEmpty() ? "az ended with " + output.code() : reason));
    }
    return output.out();
  }

  private Path executable() throws IdentityException {
    for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
      Path az = folder.startsWith("/") ? Path.of(folder, "az") : null;
      if (az != null && Files.isExecutable(az) && Files.isRegularFile(az)) {
        return az;
      }
    }
    throw IdentityException.absent(NAME + ": there is no az command");
  }
}
