package io.azcp.prefetch;

/**
 * How a preparation goes about it.
 *
 * @param pin whether all is pinned in the cache, what is there already included
 * @param check whether nothing is fetched and only told what is there
 * @param inOrder whether files are fetched in the order of their names' coming, which is the order
 *     in which they will be read, and only so far ahead of the reader as {@code aheadBytes} says;
 *     else the largest go first
 * @param aheadBytes how many bytes may lie ahead of the reader; 0 for half of what the cache holds
 */
public record PrepareOptions(boolean pin, boolean check, boolean inOrder, long aheadBytes) {
  /** Fetches what is missing, the largest first. */
  public static final PrepareOptions NONE = new PrepareOptions(false, false, false, 0);

  /** The same with pins, or without. */
  public PrepareOptions withPin(boolean pinned) {
    return new PrepareOptions(pinned, check, inOrder, aheadBytes);
  }

  /** Only tells what is there. */
  public PrepareOptions checking() {
    return new PrepareOptions(pin, true, inOrder, aheadBytes);
  }

  /** In the order of the names, so far ahead of the reader; 0 for half of what the cache holds. */
  public PrepareOptions inOrder(long bytes) {
    return new PrepareOptions(pin, check, true, bytes);
  }
}
