package io.azcp.transfer.engine.list;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Divides what is left of a flat listing into steps that can be taken side by side. It lies below
 * the directories that the last name is in: what is left of the innermost is one stream, and of
 * each level outwards the children after it are asked for (by a delimiter) and become streams of
 * their own, several in one where they are small. Nothing is taken for granted: where a level's
 * children do not come in the order of their bytes, or cannot be told, the listing stays one
 * stream.
 */
final class Division {
  /** Pages of children passed over at most to find those that are left. */
  private static final int PAGES_PASSED = 3;

  private record Child(String name, BlobProperties blob) {}

  private final BlobService service;
  private final String container;
  private final ListQuery query;
  private final String root;
  private final LongSupplier clock;

  /**
   * A division.
   *
   * @param query the flat listing
   * @param root the prefix of all that is left of it to list
   */
  Division(
      BlobService service, String container, ListQuery query, String root, LongSupplier clock) {
    this.service = service;
    this.container = container;
    this.query = query;
    this.root = root;
    this.clock = clock;
  }

  /**
   * The steps after a page, in the listing's order; none where there is no use in dividing.
   *
   * @param marker where the flat listing goes on
   */
  List<Step> after(PageShape page, String marker) throws IOException {
    List<Step> steps = new ArrayList<>();
    String level = commonDirectory(page.first(), page.last());
    String done = page.last();
    if (!page.reachesBelow(level)) {
      if (level.length() <= root.length()) {
        return List.of();
      }
      done = level;
      level = parent(level);
    }
    int slash = done.indexOf('/', level.length());
    if (slash >= 0) {
      done = done.substring(0, slash + 1);
      steps.add(Step.rest(query, marker, done, page.last(), clock));
    }
    int streams = steps.size();
    while (true) {
      if (!childrenAfter(done, level, page, steps)) {
        return List.of();
      }
      if (level.length() <= root.length()) {
        return steps.size() == streams ? List.of() : steps;
      }
      done = level;
      level = parent(level);
    }
  }

  /** The innermost directory that holds both names, or the root. */
  private String commonDirectory(String first, String last) {
    int common = 0;
    while (common < Math.min(first.length(), last.length())
        && first.charAt(common) == last.charAt(common)) {
      common++;
    }
    int slash = common == 0 ? -1 : first.lastIndexOf('/', common - 1);
    return slash < root.length() ? root : first.substring(0, slash + 1);
  }

  /** The directory around one, or the root. */
  private String parent(String directory) {
    int slash = directory.lastIndexOf('/', directory.length() - 2);
    return slash < root.length() ? root : directory.substring(0, slash + 1);
  }

  /** Adds the steps of a level's children after one; false where they cannot be told. */
  private boolean childrenAfter(String done, String level, PageShape page, List<Step> steps)
      throws IOException {
    ListQuery children = children(level);
    String marker = "";
    String previous = "";
    for (int i = 0; i < PAGES_PASSED; i++) {
      List<Child> found = new ArrayList<>();
      marker = service.list(container, children.from(marker), visitor(found));
      if (!inOrder(previous, found)) {
        return false;
      }
      int from = 0;
      while (from < found.size() && NameOrder.compare(found.get(from).name, done) <= 0) {
        from++;
      }
      if (from < found.size() || marker.isEmpty()) {
        int atOnce = childrenAtOnce(found, page);
        addSteps(found, from, level, atOnce, i == 0, marker.isEmpty(), steps);
        if (!marker.isEmpty()) {
          steps.add(Step.children(children, marker, atOnce, clock));
        }
        return true;
      }
      previous = found.isEmpty() ? previous : found.get(found.size() - 1).name;
    }
    return false;
  }

  private ListQuery children(String level) {
    return new ListQuery(
        level, true, "", query.maxResults(), query.metadata(), query.tags(), query.created());
  }

  private static ListVisitor visitor(List<Child> found) {
    return new ListVisitor() {
      @Override
      public void blob(String name, BlobProperties blob) {
        found.add(new Child(name, blob));
      }

      @Override
      public void prefix(String name) {
        found.add(new Child(name, null));
      }
    };
  }

  private static boolean inOrder(String previous, List<Child> children) {
    String before = previous;
    for (Child child : children) {
      if (NameOrder.compare(before, child.name) >= 0) {
        return false;
      }
      before = child.name;
    }
    return true;
  }

  /** How many children fill a page, from how many of them the last page had. */
  private int childrenAtOnce(List<Child> children, PageShape page) {
    int seen = 1;
    for (Child child : children) {
      boolean before = NameOrder.compare(child.name, page.first()) <= 0;
      boolean after = NameOrder.compare(child.name, page.last()) > 0;
      seen += before || after ? 0 : 1;
    }
    return Math.max(1, query.maxResults() * seen / page.items());
  }

  /** The steps of another page of children, whose rest is a step of its own. */
  List<Step> ofChildren(Step step) throws IOException {
    List<Child> found = new ArrayList<>();
    String marker = service.list(container, step.query.from(step.marker), visitor(found));
    List<Step> steps = new ArrayList<>();
    String level = step.query.prefix();
    addSteps(found, 0, level, step.childrenAtOnce, false, marker.isEmpty(), steps);
    if (!marker.isEmpty()) {
      steps.add(Step.children(step.query, marker, step.childrenAtOnce, clock));
    }
    return steps;
  }

  /**
   * Adds the steps of one page of children from a number on. The first and the last group of a page
   * may have further members on its neighbours, so these are listed one by one.
   */
  private void addSteps(
      List<Child> children,
      int from,
      String level,
      int atOnce,
      boolean firstPage,
      boolean lastPage,
      List<Step> steps) {
    boolean groupable = atOnce > 1 && inOrder("", children);
    List<String> names = children.stream().map(Child::name).toList();
    List<PrefixGroups.Group> groups =
        PrefixGroups.of(names, level.length(), groupable ? atOnce : 1);
    for (int i = 0; i < groups.size(); i++) {
      PrefixGroups.Group group = groups.get(i);
      boolean cut = (i == 0 && !firstPage) || (i == groups.size() - 1 && !lastPage);
      boolean single = cut || !groupable || group.from() < from || group.to() - group.from() == 1;
      if (single) {
        addOneByOne(
            children.subList(Math.max(from, group.from()), Math.max(from, group.to())), steps);
      } else {
        steps.add(flat(group.prefix()));
      }
    }
  }

  private void addOneByOne(List<Child> children, List<Step> steps) {
    Page blobs = null;
    for (Child child : children) {
      if (child.blob == null) {
        steps.add(flat(child.name));
        blobs = null;
        continue;
      }
      if (blobs == null) {
        blobs = new Page();
        steps.add(Step.known(query, blobs, clock));
      }
      blobs.add(child.name, child.blob);
    }
  }

  private Step flat(String prefix) {
    ListQuery below =
        new ListQuery(
            prefix, false, "", query.maxResults(), query.metadata(), query.tags(), query.created());
    return Step.flat(below, clock);
  }
}
