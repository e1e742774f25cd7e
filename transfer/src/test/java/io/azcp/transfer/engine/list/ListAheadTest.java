package io.azcp.transfer.engine.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.MemoryBudget;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListAheadTest {
  private static List<String> names(int directories, int files) {
    List<String> names = new ArrayList<>();
    for (int d = 0; d < directories; d++) {
      for (int f = 0; f < files; f++) {
        names.add(String.format(Locale.ROOT, "d%04d/f%06d", d, f));
      }
    }
    return names;
  }

  private static int pages(int names, int page) {
    return (names + page - 1) / page;
  }

  @Test
  void fastPagesAreOneStream() throws IOException {
    List<String> names = names(200, 10);
    SlowListings service = SlowListings.holding(names);
    service.delay = 1_000_000;
    assertThat(service.listed(SlowListings.query("", 10))).isEqualTo(names);
    assertThat(service.listings).hasValue(pages(names.size(), 10));
  }

  @Test
  void whatFitsInAPageIsOneRequest() throws IOException {
    List<String> names = names(20, 1);
    SlowListings service = SlowListings.holding(names);
    assertThat(service.listed(SlowListings.query("", 20))).isEqualTo(names);
    assertThat(service.listings).hasValue(1);
  }

  @Test
  void directoriesOfAPageEachCostARequestEach() throws IOException {
    List<String> names = names(200, 10);
    SlowListings service = SlowListings.holding(names);
    assertThat(service.listed(SlowListings.query("", 10))).isEqualTo(names);
    // And those for the names of the directories, which come ten a page too.
    assertThat(service.listings.get()).isLessThanOrEqualTo(1 + 200 + 20 + 1);
  }

  @Test
  void smallDirectoriesAreListedSeveralAtOnce() throws IOException {
    List<String> names = names(1000, 10);
    SlowListings service = SlowListings.holding(names);
    assertThat(service.listed(SlowListings.query("", 1000))).isEqualTo(names);
    assertThat(service.listings.get()).isLessThanOrEqualTo(3 * pages(names.size(), 1000));
  }

  @Test
  void aHugeFlatDirectoryCostsNoMoreThanOneStream() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      names.add(String.format(Locale.ROOT, "f%06d", i));
    }
    SlowListings service = SlowListings.holding(names);
    assertThat(service.listed(SlowListings.query("", 10))).isEqualTo(names);
    assertThat(service.listings).hasValue(200);
  }

  @Test
  void eightAndMoreRequestsAreUnderWayAtOnce() throws IOException {
    List<String> names = names(200, 10);
    var together = new CountDownLatch(8);
    SlowListings service =
        new SlowListings(SlowListings.holding(names)) {
          @Override
          public String list(String container, ListQuery query, ListVisitor visitor)
              throws IOException {
            if (!query.prefix().isEmpty()) {
              together.countDown();
              try {
                assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            }
            return super.list(container, query, visitor);
          }
        };
    assertThat(service.listed(SlowListings.query("", 10))).isEqualTo(names);
    assertThat(together.getCount()).isZero();
  }

  @Test
  void deepTreesAreDividedWhereTheyBranch() throws IOException {
    List<String> names = new ArrayList<>();
    for (String below : names(60, 10)) {
      names.add("a/b/c/" + below);
    }
    names.add("a/b/d");
    names.add("a/z/1");
    SlowListings service = SlowListings.holding(names);
    assertThat(service.listed(SlowListings.query("a/", 10))).isEqualTo(names);
  }

  @Test
  void whatIsHeldBackIsBounded() throws IOException {
    List<String> names = names(300, 10);
    SlowListings service = SlowListings.holding(names);
    List<String> heard = new ArrayList<>();
    service
        .ahead(SlowListings.query("", 10))
        .each(
            (name, blob) -> {
              heard.add(name);
              int asked = 10 * service.listings.get();
              // 40 pages held, and pages of directories, of which one leads to ten others.
              assertThat(asked - heard.size()).isLessThan(40 * 10 + 30 * 10 + 50);
            });
    assertThat(heard).isEqualTo(names);
  }

  @Test
  void pagesHeldBackAreReservedAndGivenBack() throws IOException {
    List<String> names = names(300, 10);
    SlowListings service = SlowListings.holding(names);
    service.budget = new MemoryBudget(2 << 20, 0);
    List<String> heard = new ArrayList<>();
    var most = new AtomicLong();
    service
        .ahead(SlowListings.query("", 10))
        .each(
            (name, blob) -> {
              heard.add(name);
              most.accumulateAndGet(service.budget.used(), Math::max);
            });
    assertThat(heard).isEqualTo(names);
    // A half is left to others; a page takes 36 KiB, of which the one due is there in any case.
    assertThat(most.get()).isBetween(36L << 10, (1L << 20) + (72 << 10));
    await().untilAsserted(() -> assertThat(service.budget.used()).isZero());
  }

  /** What others hold leaves nothing: each page is asked for when it is its turn. */
  @Test
  void withoutMemoryNothingIsHeldBack() throws IOException {
    List<String> names = names(100, 10);
    var underWay = new AtomicInteger();
    var together = new AtomicInteger();
    SlowListings service =
        new SlowListings(SlowListings.holding(names)) {
          @Override
          public String list(String container, ListQuery query, ListVisitor visitor)
              throws IOException {
            boolean page = !query.hierarchical();
            together.accumulateAndGet(page ? underWay.incrementAndGet() : 0, Math::max);
            try {
              return super.list(container, query, visitor);
            } finally {
              underWay.addAndGet(page ? -1 : 0);
            }
          }
        };
    service.budget = new MemoryBudget(1, 0);
    try (MemoryBudget.Reservation others = service.budget.reserveAnyway(1 << 20)) {
      assertThat(service.listed(SlowListings.query("", 10))).isEqualTo(names);
      assertThat(together).hasValue(1);
      await().untilAsserted(() -> assertThat(service.budget.used()).isEqualTo(1 << 20));
      assertThat(others).isNotNull();
    }
  }

  @Test
  void aFailureComesAfterWhatWasBeforeIt() throws IOException {
    List<String> names = names(50, 10);
    SlowListings service =
        new SlowListings(SlowListings.holding(names)) {
          @Override
          public String list(String container, ListQuery query, ListVisitor visitor)
              throws IOException {
            if (query.prefix().startsWith("d0030")) {
              throw new AzcpException(Errno.EHOSTDOWN, "thrown by a test");
            }
            return super.list(container, query, visitor);
          }
        };
    List<String> heard = new ArrayList<>();
    assertThatThrownBy(
            () -> service.ahead(SlowListings.query("", 10)).each((name, blob) -> heard.add(name)))
        .hasMessage("thrown by a test");
    assertThat(heard).isEqualTo(names.subList(0, 300));
    await().untilAsserted(() -> assertThat(service.budget.used()).isZero());
  }

  @Test
  void whatTheVisitorThrowsEndsIt() throws IOException {
    SlowListings service = SlowListings.holding(names(50, 10));
    AtomicInteger heard = new AtomicInteger();
    assertThatThrownBy(
            () ->
                service
                    .ahead(SlowListings.query("", 10))
                    .each(
                        (name, blob) -> {
                          if (heard.incrementAndGet() == 123) {
                            throw new IOException("enough");
                          }
                        }))
        .hasMessage("enough");
    assertThat(heard).hasValue(123);
    await().untilAsserted(() -> assertThat(service.budget.used()).isZero());
  }

  /** Each listing of a prefix takes the service a minute. */
  @Test
  void goesBackToOneStreamWhereThatIsFaster() throws IOException {
    List<String> names = names(200, 10);
    SlowListings service =
        new SlowListings(SlowListings.holding(names)) {
          @Override
          public String list(String container, ListQuery query, ListVisitor visitor)
              throws IOException {
            if (!query.prefix().isEmpty()) {
              clock.addAndGet(60_000_000_000L);
            }
            return super.list(container, query, visitor);
          }
        };
    service.patience = 1_000_000_000;
    assertThat(service.listed(SlowListings.query("", 10))).isEqualTo(names);
    assertThat(service.listings.get()).isLessThan(300);
  }
}
