package dev.sluice.jobs.demo;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Sends the demo's pictures to a broker that is there already. Stateless. */
public final class SendRun {
  private static final long CHECK_MILLIS = 200;

  private SendRun() {}

  /** When sending ends. */
  public enum Ending {
    /** With the last picture. */
    WITH_THE_LAST_PICTURE,
    /** With the process: one more picture now and then. */
    WHEN_STOPPED
  }

  /**
   * What is sent where. Immutable.
   *
   * @param images how many pictures in all
   * @param folder whose files are sent too
   */
  public record Request(
      String bootstrapServers,
      String topic,
      OptionalInt images,
      Optional<Path> folder,
      Ending ending) {}

  /**
   * Sends until the end.
   *
   * @return how many pictures the broker has taken
   * @throws Exception if it did not take one
   */
  public static int run(Request request) throws Exception {
    DemoPictures pictures =
        request
            .folder()
            .map(folder -> DemoPictures.of(folder, request.images()))
            .orElseGet(() -> DemoPictures.scenes(request.images()));
    boolean goesOn = request.ending() == Ending.WHEN_STOPPED;
    try (DemoProducer producer =
        new DemoProducer(
            request.bootstrapServers(),
            request.topic(),
            pictures,
            goesOn ? DemoProducer.Ending.GO_ON : DemoProducer.Ending.STOP)) {
      producer.start();
      while (goesOn || producer.sent() < pictures.total()) {
        Optional<Exception> failure = producer.failure();
        if (failure.isPresent()) {
          throw failure.get();
        }
        Thread.sleep(CHECK_MILLIS);
      }
      return producer.sent();
    }
  }
}
