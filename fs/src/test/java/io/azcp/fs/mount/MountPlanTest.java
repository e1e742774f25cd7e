package io.azcp.fs.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import io.azcp.config.Consistency;
import io.azcp.config.Environment;
import io.azcp.config.Mapping;
import io.azcp.config.MappingRule;
import io.azcp.config.WritePolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MountPlanTest {
  private static List<MountPlan> plan(String directory, String... locals) throws UsageException {
    List<MappingRule> rules =
        Stream.of(locals)
            .map(
                local ->
                    new MappingRule(
                        local,
                        "",
                        "/cache",
                        null,
                        false,
                        false,
                        false,
                        false,
                        Duration.ZERO,
                        Duration.ZERO,
                        Consistency.TTL,
                        WritePolicy.DEFAULT,
                        Long.MAX_VALUE,
                        "c.yaml:1"))
            .toList();
    return MountPlan.of(
        MountRequest.of(
            new Mapping("/c.yaml", rules),
            new Environment(Map.of("HOME", "/home/u"), "/work"),
            Optional.ofNullable(directory)));
  }

  private static List<String> seen(MountPlan plan) {
    return plan.rules().keySet().stream().map(plan::seenAt).toList();
  }

  @Test
  void withADirectoryEverythingAppearsBelowIt() throws Exception {
    List<MountPlan> plans = plan("m", "data/a", ".", "/work/m/abs");

    assertThat(plans).hasSize(1);
    assertThat(plans.get(0).mountPoint()).isEqualTo("/work/m");
    assertThat(seen(plans.get(0))).containsExactly("/work/m/data/a", "/work/m", "/work/m/abs");
    assertThat(plans.get(0).made()).isFalse();
  }

  @Test
  void whatLiesOutsideOfTheDirectoryIsRefusedWithItsPlace() {
    for (String outside : List.of("/elsewhere", "../x", "~/x", "/work/mm")) {
      assertThatThrownBy(() -> plan("m", outside))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("c.yaml:1: local " + outside + " lies outside of /work/m");
    }
  }

  @Test
  void withoutADirectoryNestedRulesAppearInsideTheOuterOne() throws Exception {
    List<MountPlan> plans = plan(null, "data/deep", "data", "~/models", "database");

    assertThat(plans)
        .extracting(MountPlan::mountPoint)
        .containsExactly("/work/data", "/home/u/models", "/work/database");
    assertThat(seen(plans.get(0))).containsExactly("/work/data/deep", "/work/data");
    assertThat(plans).allMatch(MountPlan::made);
  }

  @Test
  void pathsAreComparedByComponents() {
    assertThat(MountPlan.lies("/a/b", "/a")).isTrue();
    assertThat(MountPlan.lies("/a", "/a")).isTrue();
    assertThat(MountPlan.lies("/ab", "/a")).isFalse();
    assertThat(MountPlan.lies("/a", "/")).isTrue();
    assertThat(MountPlan.relative("/a/b", "/")).isEqualTo("a/b");
  }
}
