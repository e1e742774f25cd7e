package io.azcp.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of the table: what azcp does, what curl does beside it, what is demanded.
 *
 * @param id by which the row is chosen, and others compare themselves with it
 * @param work what is done, for people
 * @param unit what is counted: GiB, files or names; empty for nothing
 * @param count how many of them
 * @param ours azcp's arguments
 * @param reference the reference's whole command, or empty
 * @param source what must lie in the source folder, or null
 * @param arrives bytes that must lie in the destination afterwards; −1 for any number
 * @param delayed which server: milliseconds that each answer takes
 * @param once whether one run is enough (and a second JDK too much)
 * @param memoryLimit of a control group that azcp runs in, in MiB; 0 for none
 * @param demands on its figures
 */
record Row(
    String id,
    String work,
    String unit,
    double count,
    Words ours,
    Words reference,
    Source source,
    long arrives,
    int delayed,
    boolean once,
    int memoryLimit,
    List<Must> demands) {
  /** The words of a command, once it is known where things are. */
  interface Words {
    List<String> in(Workbench bench);
  }

  private static final Words NONE = bench -> List.of();

  static Row of(String id, String work, String unit, double count, Words ours) {
    return new Row(id, work, unit, count, ours, NONE, null, -1, 0, false, 0, List.of());
  }

  Row reference(Words command) {
    return new Row(
        id, work, unit, count, ours, command, source, arrives, delayed, once, memoryLimit, demands);
  }

  Row from(Source files) {
    return new Row(
        id,
        work,
        unit,
        count,
        ours,
        reference,
        files,
        arrives,
        delayed,
        once,
        memoryLimit,
        demands);
  }

  Row arrives(long bytes) {
    return new Row(
        id, work, unit, count, ours, reference, source, bytes, delayed, once, memoryLimit, demands);
  }

  Row delayed(int millis) {
    return new Row(
        id,
        work,
        unit,
        count,
        ours,
        reference,
        source,
        arrives,
        millis,
        once,
        memoryLimit,
        demands);
  }

  Row runsOnce() {
    return new Row(
        id,
        work,
        unit,
        count,
        ours,
        reference,
        source,
        arrives,
        delayed,
        true,
        memoryLimit,
        demands);
  }

  Row inMemory(int mebibytes) {
    return new Row(
        id, work, unit, count, ours, reference, source, arrives, delayed, once, mebibytes, demands);
  }

  Row must(Must... more) {
    var all = new ArrayList<>(demands);
    all.addAll(List.of(more));
    return new Row(
        id,
        work,
        unit,
        count,
        ours,
        reference,
        source,
        arrives,
        delayed,
        once,
        memoryLimit,
        List.copyOf(all));
  }
}
