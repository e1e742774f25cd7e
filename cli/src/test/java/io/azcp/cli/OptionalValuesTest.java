package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class OptionalValuesTest {
  private static CommandSpec copy() {
    return CommandSpec.create()
        .addOption(OptionSpec.builder("-r", "--recursive").type(boolean.class).arity("0").build())
        .addOption(
            OptionSpec.builder("--progress").type(Boolean.class).arity("0").negatable(true).build())
        .addOption(
            OptionSpec.builder("--check-md5")
                .arity("0..1")
                .fallbackValue("")
                .completionCandidates(new Words.ForCheckMd5())
                .build())
        .addOption(OptionSpec.builder("--deep").type(boolean.class).arity("0..1").build())
        .addOption(OptionSpec.builder("--name").arity("1").build());
  }

  @ParameterizedTest
  @CsvSource({
    "copy -r a b, copy -r a b",
    "copy --recursive true a, copy --recursive a",
    "copy --recursive FALSE a, copy a",
    "copy --recursive=false a, copy a",
    "copy -r=true a, copy -r a",
    "copy --recursive=maybe a, copy --recursive=maybe a",
    "copy --progress=false, copy --no-progress",
    "copy --no-progress=false, copy --progress",
    "copy --no-progress a, copy --no-progress a",
    "copy --deep a, copy --deep=true a",
    "copy --deep false a, copy --deep=false a",
    "copy --check-md5 a b, copy --check-md5= a b",
    "copy --check-md5=x a, copy --check-md5=x a",
    "copy --check-md5 logonly a, copy --check-md5=logonly a",
    "copy a --check-md5, copy a --check-md5=",
    "copy --name --recursive a, copy --name --recursive a",
    "copy --name -r -r, copy --name -r -r",
    "copy -- -r true, copy -- -r true",
    "-r true copy, -r true copy",
    "copy --unknown a, copy --unknown a",
    "copy --name, copy --name",
  })
  void theWordAfterAnOptionIsItsValueOnlyWhereItIsOneOfItsWords(String given, String settled) {
    CommandSpec program = CommandSpec.create().name("azcp");
    program.addSubcommand("copy", new CommandLine(copy()));
    assertThat(OptionalValues.settle(program, given.split(" ", -1)))
        .containsExactly(settled.split(" ", -1));
  }
}
