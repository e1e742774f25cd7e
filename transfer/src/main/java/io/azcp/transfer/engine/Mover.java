package io.azcp.transfer.engine;

import java.io.IOException;

/**
 * Moves the files of a job, one after the other as its source finds them, whatever the source is: a
 * walk, a listing, a list of names, the difference of two trees. It looks at the destination as the
 * options say, and counts and tells what becomes of each file.
 */
@FunctionalInterface
interface Mover {
  /**
   * Queues a file; called by the thread that plans, which waits where the schedule is full. Its
   * failure is not thrown but told and counted.
   *
   * @throws IOException the job is over
   */
  void move(Schedule schedule, SourceFile file) throws IOException;
}
