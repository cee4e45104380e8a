package dev.sluice.jobs.watch;

import dev.sluice.serde.Caption;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Verdict;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** A page and what it shows. Thread-safe. */
public final class Watch implements TopicReader.Listener, AutoCloseable {
  /** Pictures that can be looked back at. */
  private static final int CAPACITY = 5000;

  private final Board board = new Board(CAPACITY);
  private final Previews previews = new Previews();
  private final FlinkState state;
  private final WatchServer server;

  private Watch(int port, Optional<URI> flink) throws IOException {
    this.state = new FlinkState(flink);
    this.server = WatchServer.start(port, previews, new EventStream(board, state::now));
  }

  /**
   * Opens a page on this machine.
   *
   * @param port 0 for any
   * @param flink Flink's REST interface, for what the gate and the steps do
   */
  public static Watch open(int port, Optional<URI> flink) throws IOException {
    return new Watch(port, flink);
  }

  /** Where the page is. */
  public URI page() {
    return server.page();
  }

  @Override
  public void image(ImageEvent event) {
    board.picture(event.identity());
    byte[] bytes = event.picture().bytes();
    if (bytes != null && bytes.length > 0) {
      previews.offer(event.eventId(), bytes, () -> board.preview(event.identity()));
    }
  }

  @Override
  public void caption(Caption caption) {
    board.caption(caption);
  }

  @Override
  public void verdict(Verdict verdict) {
    board.verdict(verdict);
  }

  @Override
  public void rejection(Rejection rejection) {
    board.rejection(rejection);
  }

  @Override
  public void close() {
    server.close();
    previews.close();
  }
}
