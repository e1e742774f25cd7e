package io.azcp.bench;

import io.azcp.bench.Child.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the runs of one command cost: medians, and of the memory the worst. */
record Figures(List<Cost> runs) {
  Figures {
    runs = List.copyOf(runs);
  }

  private double median(ToDoubleFunction<Cost> what) {
    List<Double> sorted = new ArrayList<>(runs.stream().map(what::applyAsDouble).sorted().toList());
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double cpu() {
    return median(Cost::cpu);
  }

  double wall() {
    return median(Cost::wall);
  }

  double peak() {
    return runs.stream().mapToDouble(Cost::peak).max().orElse(0);
  }
}
