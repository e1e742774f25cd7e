package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitFlagsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "copy a http://127.0.0.1/acct/c --memory 1MiB,at least 128MiB",
    "copy a http://127.0.0.1/acct/c --memory 16XYZ,is not a size",
    "copy http://127.0.0.1/acct/c a --shard 4/4,shard index 4 must be < count 4",
    "copy a http://127.0.0.1/acct/c --shardlist l,--shardlist means nothing",
    "copy a http://127.0.0.1/acct/c --max-bandwidth 0.1,too small",
    "copy a http://127.0.0.1/acct/c --max-requests 0,--max-requests must be at least 1",
    "copy a http://127.0.0.1/acct/c --workers 0,--workers must be at least 1",
    "copy a http://127.0.0.1/acct/c --workers 100 --concurrency 100,at most 4096",
    "sync a http://127.0.0.1/acct/c --shard 0/2 --delete-destination=true,--shard",
  })
  void whatCannotBeMeantIsAUsageError(String line, String sentence) {
    CliRunner.Result result = new CliRunner(directory).run(line.split(" "));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(sentence);
  }
}
