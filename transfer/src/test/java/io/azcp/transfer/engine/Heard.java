package io.azcp.transfer.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a job told. */
final class Heard implements TransferEvents {
  final List<String> planned = new CopyOnWriteArrayList<>();
  final List<String> failed = new CopyOnWriteArrayList<>();
  final List<String> warned = new CopyOnWriteArrayList<>();

  @Override
  public void planned(String name) {
    planned.add(name);
  }

  @Override
  public void failed(String sentence) {
    failed.add(sentence);
  }

  @Override
  public void warned(String sentence) {
    warned.add(sentence);
  }
}
