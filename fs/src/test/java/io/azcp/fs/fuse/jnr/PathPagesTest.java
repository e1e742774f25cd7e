package io.azcp.fs.fuse.jnr;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.fs.fuse.jnr.PathPages.Open;
import io.azcp.fs.fuse.jnr.PathPages.Way;
import org.junit.jupiter.api.Test;

/** Whose pages an open through libfuse 2 may read. */
class PathPagesTest {
  private final PathPages pages = new PathPages(0);

  private Way openAndClose(long node) {
    Open open = pages.opened("/f", node);
    pages.closed(open);
    return open.way();
  }

  @Test
  void pagesAreKeptFromOneOpenOfANodeToTheNext() {
    pages.seen("/f", 1);
    assertThat(openAndClose(1)).isEqualTo(Way.FRESH);
    assertThat(openAndClose(1)).isEqualTo(Way.KEEP);
  }

  @Test
  void aNodeThatWasOnlySeenDoesNotGetThePagesOfTheOneBefore() {
    openAndClose(1);
    pages.seen("/f", 2);
    assertThat(openAndClose(2)).isEqualTo(Way.FRESH);
    assertThat(openAndClose(2)).isEqualTo(Way.KEEP);
  }

  @Test
  void whileAnotherNodeIsOpenPagesAreReadPast() {
    Open old = pages.opened("/f", 1);
    pages.seen("/f", 2);
    assertThat(openAndClose(2)).isEqualTo(Way.DIRECT);
    assertThat(openAndClose(1)).isEqualTo(Way.KEEP);
    pages.closed(old);
    pages.seen("/f", 2);
    assertThat(openAndClose(2)).isEqualTo(Way.FRESH);
  }
}
