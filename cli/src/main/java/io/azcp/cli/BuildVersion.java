package io.azcp.cli;

import io.azcp.base.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class BuildVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"azcp " + Version.text()};
  }
}
