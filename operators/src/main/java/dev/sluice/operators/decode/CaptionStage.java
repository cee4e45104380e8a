package dev.sluice.operators.decode;

import dev.sluice.models.TextGenerator;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.Prompt;
import dev.sluice.operators.VisionOptions.TextOptions;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.device.Timed;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Provenance.CacheUse;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/** Describes a picture in words; a prompt of the event's own goes before the job's. Immutable. */
public final class CaptionStage extends DecodeStage<Caption> {
  private static final long serialVersionUID = 1L;
  private static final String EVENT_PROMPT_ID = "event";

  private final @Nullable JobPrompt prompt;
  private final TextOptions options;

  /** The job's prompt in a form that travels with the job. */
  private record JobPrompt(String id, String version, String text) implements Serializable {
    Prompt toPrompt() {
      return new Prompt(id, version, text);
    }
  }

  /**
   * @param prompt null for what the model is usually asked
   */
  public CaptionStage(@Nullable Prompt prompt, TextOptions options) {
    this.prompt =
        prompt == null ? null : new JobPrompt(prompt.id(), prompt.version(), prompt.text());
    this.options = options;
  }

  @Override
  public long workMicros(Caption output) {
    return output.provenance().timings().decodeMicros();
  }

  @Override
  public CompletableFuture<Caption> process(EncodedImage input, ImageWork work) {
    Prompt prompt = promptFor(input.event(), work.model());
    TextGenerator.Request request =
        new TextGenerator.Request(input.requireTokens(), prompt, options.toGenerationOptions());
    return work.model()
        .generate(request, work.subject(input.event()))
        .thenApply(text -> caption(input, prompt, text));
  }

  @Override
  public TypeInformation<Caption> resultType() {
    return TypeInformation.of(Caption.class);
  }

  @Override
  public boolean isDrawn() {
    return options.sampling().temperature() > 0;
  }

  @Override
  public Optional<List<String>> question(ImageEvent event, ModelHandle model) {
    Prompt asked = promptFor(event, model);
    return Optional.of(List.of(asked.id(), asked.version(), asked.text(), options.toString()));
  }

  @Override
  public Caption reuse(Caption known, ImageEvent event, CacheUse how) {
    return new Caption(
        event.identity(),
        known.text(),
        known.language(),
        known.finishReason(),
        known.tokenCount(),
        known.meanLogprob(),
        known.provenance().reused(how));
  }

  private Prompt promptFor(ImageEvent event, ModelHandle model) {
    String own = event.request().prompt();
    if (own != null) {
      return new Prompt(EVENT_PROMPT_ID, "0", own);
    }
    return prompt == null ? model.captionPrompt() : prompt.toPrompt();
  }

  private static Caption caption(EncodedImage image, Prompt prompt, Timed<GeneratedText> timed) {
    GeneratedText text = timed.value();
    return new Caption(
        image.event().identity(),
        text.text(),
        null,
        text.finishReason(),
        text.tokenIds().size(),
        text.meanLogprob(),
        provenance(image, prompt, timed.micros()));
  }
}
