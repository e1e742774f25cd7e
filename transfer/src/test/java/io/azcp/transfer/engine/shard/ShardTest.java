package io.azcp.transfer.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {
  @Test
  void isReadAsIndexAndCount() throws Exception {
    assertThat(Shard.parse("3/4")).isEqualTo(new Shard(3, 4)).hasToString("3/4");
    assertThat(Shard.parse("3/4").isWhole()).isFalse();
  }

  @Test
  void ofOneIsEverything() throws Exception {
    assertThat(Shard.parse("0/1")).isEqualTo(Shard.WHOLE);
    assertThat(Shard.WHOLE.isWhole()).isTrue();
  }

  @Test
  void beyondTheLastIsRefusedInWordsThatScriptsKnow() {
    assertThatThrownBy(() -> Shard.parse("4/4"))
        .isInstanceOf(UsageException.class)
        .hasMessage("shard index 4 must be < count 4");
    assertThatThrownBy(() -> Shard.parse("0/0"))
        .isInstanceOf(UsageException.class)
        .hasMessage("shard index 0 must be < count 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1/", "/2", "-1/2", "1/-2", "a/b", "1/2/3", " 1/2", "1.0/2"})
  void ofAnotherFormIsRefused(String text) {
    assertThatThrownBy(() -> Shard.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("write I/N, as 0/4");
  }

  @Test
  void hasABinForEachWorker() {
    Shard.Bins bins = new Shard(2, 4).bins(3);
    assertThat(bins).isEqualTo(new Shard.Bins(6, 3, 12));
    assertThat(bins.own(5)).isFalse();
    assertThat(bins.own(6)).isTrue();
    assertThat(bins.own(8)).isTrue();
    assertThat(bins.own(9)).isFalse();
  }
}
