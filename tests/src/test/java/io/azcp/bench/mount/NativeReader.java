package io.azcp.bench.mount;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Reads and writes as a job does, in a process that costs nothing itself: {@code
 * tests/src/test/native}, compiled where it is first used.
 */
final class NativeReader {
  private final Path program;

  private NativeReader(Path program) {
    this.program = program;
  }

  /**
   * What a run did.
   *
   * @param count of bytes, reads, calls or files
   * @param seconds for all of them
   */
  record Work(long count, double seconds) {
    double rate() {
      return count / seconds;
    }
  }

  /** Compiles it with {@code cc}, which must be there. */
  static NativeReader compiled() throws IOException {
    Path root = Path.of(System.getProperty("azcp.root", ".")).toAbsolutePath();
    Path program = Files.createDirectories(root.resolve("tests/target")).resolve("bench-reader");
    String source = root.resolve("tests/src/test/native/reader.c").toString();
    Process compiler;
    try {
      compiler = new ProcessBuilder("cc", "-O2", "-o", program.toString(), source).start();
    } catch (IOException e) {
      throw new IOException("this row needs a C compiler, cc (Debian, Ubuntu: gcc)", e);
    }
    String said = new String(compiler.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (Stage.await(compiler) != 0) {
      throw new IOException("cc: " + said);
    }
    return new NativeReader(program);
  }

  /** Starts it; a reader of files says {@code ready} first, and waits for a line. */
  Process start(Object... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    for (Object word : words) {
      command.add(word.toString());
    }
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Runs it to its end. */
  Work run(Object... words) throws IOException {
    return finish(start(words));
  }

  /** Waits for one that was started. */
  static Work finish(Process reader) throws IOException {
    BufferedReader out = reader.inputReader();
    String line = out.readLine();
    if (Stage.await(reader) != 0 || line == null) {
      throw new IOException("a reader failed");
    }
    String[] both = line.split(" ", -1);
    return new Work(Long.parseLong(both[0]), Double.parseDouble(both[1]));
  }

  /** Several read the files of a list together; answers how many a second. */
  double together(Path list, int readers) throws IOException {
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      all.add(start("files", list, i, readers));
    }
    for (Process reader : all) {
      reader.inputReader().readLine();
    }
    long start = System.nanoTime();
    for (Process reader : all) {
      reader.outputWriter().append('\n').flush();
    }
    long files = 0;
    for (Process reader : all) {
      files += finish(reader).count();
    }
    return files / ((System.nanoTime() - start) / 1e9);
  }

  /** Does something alternately here and there, and compares. */
  static final class Pairs {
    private static final int ROUNDS = 5;

    /** One of the two. */
    interface Side {
      double measure() throws IOException;
    }

    private final List<double[]> pairs = new ArrayList<>();

    /** The mount after the native file system, five times. */
    static Pairs of(Side mounted, Side natively) throws IOException {
      return of(ROUNDS, mounted, natively);
    }

    /** The same so many times. */
    static Pairs of(int rounds, Side mounted, Side natively) throws IOException {
      Pairs result = new Pairs();
      for (int i = 0; i < rounds; i++) {
        double there = natively.measure();
        result.pairs.add(new double[] {mounted.measure(), there});
      }
      return result;
    }

    double mounted() {
      return median(pair -> pair[0]);
    }

    double natively() {
      return median(pair -> pair[1]);
    }

    /** How many times what the native file system gave; of each round by itself. */
    double ratio() {
      return median(pair -> pair[0] / pair[1]);
    }

    private double median(ToDoubleFunction<double[]> figure) {
      return pairs.stream()
          .mapToDouble(figure)
          .sorted()
          .skip(pairs.size() / 2)
          .findFirst()
          .orElseThrow();
    }
  }
}
