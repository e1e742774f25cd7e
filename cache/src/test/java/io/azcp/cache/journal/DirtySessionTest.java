package io.azcp.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirtySessionTest {
  @TempDir Path dirty;

  @Test
  void aLiveSessionIsNotTakenOver() throws IOException {
    try (DirtySession live = DirtySession.create(dirty.toString())) {
      assertThat(DirtySession.takeOverDead(dirty.toString())).isEmpty();
      assertThat(Path.of(live.folder())).isDirectory().hasParent(dirty);
    }
  }

  @Test
  void aDeadSessionIsTakenOverOnceWithItsFiles() throws IOException {
    DirtySession first = DirtySession.create(dirty.toString());
    long file = first.newFileId();
    Files.writeString(Path.of(first.stagingPath(file)), "content");
    try (Journal journal = Journal.open(first.journalPath(), batch -> {})) {
      journal.append(new JournalRecord(1, new byte[0]));
    }
    first.giveUp();
    List<DirtySession> dead = DirtySession.takeOverDead(dirty.toString());
    assertThat(dead).hasSize(1);
    DirtySession taken = dead.get(0);
    assertThat(taken.id()).isEqualTo(first.id());
    assertThat(taken.stagingFiles()).containsExactly(file);
    assertThat(taken.newFileId()).isGreaterThan(file);
    assertThat(DirtySession.takeOverDead(dirty.toString())).isEmpty();
    taken.close();
    assertThat(Path.of(taken.stagingPath(file))).hasContent("content");
  }

  @Test
  void anEmptySessionGoesWhenItIsClosed() throws IOException {
    DirtySession session = DirtySession.create(dirty.toString());
    Journal.open(session.journalPath(), batch -> {}).close();
    session.close();
    assertThat(dirty).isEmptyDirectory();
  }

  @Test
  void whatIsNotOursKeepsTheFolder() throws IOException {
    DirtySession session = DirtySession.create(dirty.toString());
    Path other = Path.of(session.folder(), "notes");
    Files.writeString(other, "mine");
    session.close();
    assertThat(other).hasContent("mine");
  }
}
