package io.azcp.transfer.engine.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
    new ListAhead(
            service,
            SlowListings.CONTAINER,
            SlowListings.query("", 10),
            service.clock::get,
            Long.MAX_VALUE / 2)
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
            () ->
                new ListAhead(
                        service,
                        SlowListings.CONTAINER,
                        SlowListings.query("", 10),
                        service.clock::get,
                        Long.MAX_VALUE / 2)
                    .each((name, blob) -> heard.add(name)))
        .hasMessage("thrown by a test");
    assertThat(heard).isEqualTo(names.subList(0, 300));
  }

  @Test
  void whatTheVisitorThrowsEndsIt() throws IOException {
    SlowListings service = SlowListings.holding(names(50, 10));
    AtomicInteger heard = new AtomicInteger();
    assertThatThrownBy(
            () ->
                new ListAhead(
                        service,
                        SlowListings.CONTAINER,
                        SlowListings.query("", 10),
                        service.clock::get,
                        Long.MAX_VALUE / 2)
                    .each(
                        (name, blob) -> {
                          if (heard.incrementAndGet() == 123) {
                            throw new IOException("enough");
                          }
                        }))
        .hasMessage("enough");
    assertThat(heard).hasValue(123);
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
