package com.example;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Rejections;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** Prints what a model says of pictures: the model's folder, then the pictures' files. */
public final class CaptionPictures {
  private CaptionPictures() {}

  public static void main(String[] args) throws Exception {
    List<ImageEvent> events = new ArrayList<>();
    for (String file : List.of(args).subList(1, args.length)) {
      Picture picture = Picture.ofBytes(Files.readAllBytes(Path.of(file)), null);
      events.add(ImageEvent.of(EventIdentity.of(file, Instant.now()), picture));
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    VisionLanguage vision = VisionLanguage.with(ModelRef.of(args[0]));
    var sliced = vision.slice(env.fromData(events, TypeInformation.of(ImageEvent.class)));
    var encoded = vision.encode(sliced);
    var captions = vision.caption(encoded, Prompt.of("describe:"));
    DataStream<String> lines =
        captions
            .map(CaptionPictures::line)
            .returns(Types.STRING)
            .union(
                Rejections.of(sliced, encoded, captions)
                    .map(rejection -> "rejected " + rejection.category())
                    .returns(Types.STRING));
    try (CloseableIterator<String> results = lines.executeAndCollect()) {
      results.forEachRemaining(System.out::println);
    }
  }

  private static String line(Caption caption) {
    return "caption of %d tokens by %s"
        .formatted(caption.tokenCount(), caption.provenance().model().family());
  }
}
