package io.azcp.transfer.engine.shard;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The longest-processing-time rule (Graham, 1969): files by size, the largest first and equal ones
 * by name, each to the bin with the least load, the lowest of several. No bin is over 4/3 of the
 * best division, and every machine that knows the same files computes the same bins.
 */
public final class LongestFirst {
  private LongestFirst() {}

  /** Compares two files by their numbers. */
  @FunctionalInterface
  public interface Order {
    /** Negative where the first comes before the second. */
    int compare(int a, int b);
  }

  private static final class Bin {
    private final int number;
    private long load;

    Bin(int number) {
      this.number = number;
    }
  }

  /**
   * The bin of each file.
   *
   * @param sizes bytes of each file; only the first {@code files} are looked at
   * @param byName the order of equally large files
   */
  public static int[] bins(long[] sizes, int files, Order byName, int count) {
    int[] sorted =
        sorted(
            files,
            (a, b) -> sizes[a] == sizes[b] ? byName.compare(a, b) : sizes[a] > sizes[b] ? -1 : 1);
    var lightest =
        new PriorityQueue<Bin>(
            Comparator.<Bin>comparingLong(bin -> bin.load).thenComparingInt(bin -> bin.number));
    for (int i = 0; i < count; i++) {
      lightest.add(new Bin(i));
    }
    int[] bins = new int[files];
    for (int file : sorted) {
      Bin bin = lightest.remove();
      bins[file] = bin.number;
      bin.load += sizes[file];
      lightest.add(bin);
    }
    return bins;
  }

  /** The numbers from 0 on in an order; a merge sort, for want of one of primitives in the JDK. */
  private static int[] sorted(int files, Order order) {
    int[] from = new int[files];
    for (int i = 0; i < files; i++) {
      from[i] = i;
    }
    int[] to = new int[files];
    for (int width = 1; width > 0 && width < files; width *= 2) {
      for (int start = 0; start < files; start += 2 * width) {
        int middle = Math.min(start + width, files);
        int end = (int) Math.min((long) start + 2L * width, files);
        merge(from, start, middle, end, to, order);
        if (end == files) {
          break;
        }
      }
      int[] swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  private static void merge(int[] from, int start, int middle, int end, int[] to, Order order) {
    int left = start;
    int right = middle;
    for (int at = start; at < end; at++) {
      boolean takeLeft =
          left < middle && (right >= end || order.compare(from[left], from[right]) <= 0);
      to[at] = takeLeft ? from[left++] : from[right++];
    }
  }
}
