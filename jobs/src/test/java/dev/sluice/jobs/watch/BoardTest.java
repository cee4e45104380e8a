package dev.sluice.jobs.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.Rejection;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BoardTest {
  @Test
  void reader_getsEachCardOnceAndItsLastState() throws Exception {
    Board board = new Board(10);
    board.picture(identity("a"));
    board.picture(identity("b"));
    board.rejection(rejection("a"));

    Board.Changes first = board.after(0, 10, 0);
    assertThat(first.cards())
        .extracting(card -> card.identity().eventId())
        .containsExactly("b", "a");
    assertThat(first.cards().get(1).rejections()).hasSize(1);
    assertThat(first.cards()).extracting(Card::number).containsExactly(2L, 1L);
    assertThat(first.counts()).containsEntry("pictures", 2L).containsEntry("rejections", 1L);
    assertThat(board.after(first.version(), 10, 1).cards()).isEmpty();

    board.preview(identity("b"));
    assertThat(board.after(first.version(), 10, 0).cards())
        .singleElement()
        .matches(Card::preview)
        .matches(card -> card.number() == 2);
  }

  @Test
  void slowReader_isServedInPortions() throws Exception {
    Board board = new Board(10);
    for (int i = 0; i < 5; i++) {
      board.picture(identity("e" + i));
    }
    Board.Changes first = board.after(0, 3, 0);
    assertThat(first.cards()).hasSize(3);
    assertThat(board.after(first.version(), 3, 0).cards()).hasSize(2);
  }

  @Test
  void fullBoard_forgetsTheOldest() throws Exception {
    Board board = new Board(3);
    for (int i = 0; i < 100; i++) {
      board.picture(identity("e" + i));
    }
    assertThat(board.after(0, 10, 0).cards())
        .extracting(card -> card.identity().eventId())
        .containsExactly("e97", "e98", "e99");
  }

  @Test
  void manyRejectionsOfOnePicture_keepTheNewest() throws Exception {
    Board board = new Board(3);
    for (int i = 0; i < 9; i++) {
      board.rejection(rejection("a"));
    }
    assertThat(board.after(0, 10, 0).cards().get(0).rejections()).hasSize(4);
  }

  private static EventIdentity identity(String eventId) {
    return EventIdentity.of(eventId, Instant.EPOCH);
  }

  private static Rejection rejection(String eventId) {
    return new Rejection(
        identity(eventId),
        null,
        Rejection.Stage.SLICE,
        Rejection.Category.UNREADABLE_IMAGE,
        "not an image",
        1);
  }
}
