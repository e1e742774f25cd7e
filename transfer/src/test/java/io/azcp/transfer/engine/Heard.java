package io.azcp.transfer.engine;

import java.io.IOException;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a job told. */
final class Heard implements TransferEvents {
  final List<String> planned = new CopyOnWriteArrayList<>();
  final List<String> plannedDeletions = new CopyOnWriteArrayList<>();
  final List<String> failed = new CopyOnWriteArrayList<>();
  final List<String> warned = new CopyOnWriteArrayList<>();

  final List<FileResult> ended = new CopyOnWriteArrayList<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final Deque<Answer> answers = new ConcurrentLinkedDeque<>();

  /** The names of the files that ended so. */
  List<String> ended(FileResult.Status status) {
    return ended.stream().filter(r -> r.status() == status).map(FileResult::name).toList();
  }

  @Override
  public void ended(FileResult result) {
    ended.add(result);
  }

  @Override
  public Answer ask(String name) throws IOException {
    asked.add(name);
    return answers.isEmpty() ? TransferEvents.super.ask(name) : answers.pop();
  }

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

  @Override
  public void plannedDeletion(String name) {
    plannedDeletions.add(name);
  }

  @Override
  public boolean mayDelete(long files, List<String> first) throws IOException {
    asked.add(files + ": " + String.join(", ", first));
    return answers.isEmpty()
        ? TransferEvents.super.mayDelete(files, first)
        : answers.pop() == Answer.YES;
  }
}
