package io.azcp.transfer.engine.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.engine.list.PrefixGroups.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrefixGroupsTest {
  @Test
  void neighboursShareAPrefixThatNoOtherHas() {
    assertThat(PrefixGroups.of(List.of("p/a1/", "p/a2/", "p/b/", "p/c1/", "p/c2/"), 2, 2))
        .containsExactly(new Group("p/a", 0, 2), new Group("p/b/", 2, 3), new Group("p/c", 3, 5));
  }

  @Test
  void largeOnesAreDividedFurther() {
    assertThat(PrefixGroups.of(List.of("d10", "d11", "d12", "d20", "d21"), 0, 3))
        .containsExactly(new Group("d1", 0, 3), new Group("d2", 3, 5));
    assertThat(PrefixGroups.of(List.of("d10", "d11", "d12", "d20", "d21"), 0, 2))
        .containsExactly(
            new Group("d10", 0, 1),
            new Group("d11", 1, 2),
            new Group("d12", 2, 3),
            new Group("d2", 3, 5));
  }

  @Test
  void aNameThatBeginsTheOthersStandsAlone() {
    assertThat(PrefixGroups.of(List.of("a", "a-b", "a/"), 0, 2))
        .containsExactly(new Group("a", 0, 1), new Group("a-b", 1, 2), new Group("a/", 2, 3));
  }

  @Test
  void aPairOfSurrogatesIsNotCut() {
    assertThat(PrefixGroups.of(List.of("\uD83D\uDE00a", "\uD83D\uDE01a"), 0, 1))
        .containsExactly(new Group("\uD83D\uDE00a", 0, 1), new Group("\uD83D\uDE01a", 1, 2));
    assertThat(PrefixGroups.of(List.of("\uD83D\uDE00a", "\uD83D\uDE00b", "\uD83D\uDE01"), 0, 2))
        .containsExactly(new Group("\uD83D\uDE00", 0, 2), new Group("\uD83D\uDE01", 2, 3));
  }
}
