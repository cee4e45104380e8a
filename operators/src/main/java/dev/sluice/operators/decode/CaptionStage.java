package dev.sluice.operators.decode;

import dev.sluice.models.TextGenerator;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.Prompt;
import dev.sluice.operators.VisionOptions.TextOptions;
import dev.sluice.operators.device.Timed;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EncodedImage;
import java.util.concurrent.CompletableFuture;

/** Describes a picture in words; a prompt of the event's own goes before the job's. Immutable. */
public final class CaptionStage extends DecodeStage<Caption> {
  private static final long serialVersionUID = 1L;
  private static final String EVENT_PROMPT_ID = "event";

  private final String promptId;
  private final String promptVersion;
  private final String promptText;
  private final TextOptions options;

  public CaptionStage(Prompt prompt, TextOptions options) {
    this.promptId = prompt.id();
    this.promptVersion = prompt.version();
    this.promptText = prompt.text();
    this.options = options;
  }

  @Override
  public long workMicros(Caption output) {
    return output.provenance().timings().decodeMicros();
  }

  @Override
  public CompletableFuture<Caption> process(EncodedImage input, ImageWork work) {
    Prompt prompt = promptFor(input);
    TextGenerator.Request request =
        new TextGenerator.Request(input.tokens(), prompt, options.toGenerationOptions());
    return work.model()
        .generate(request, work.abandoned())
        .thenApply(text -> caption(input, prompt, text));
  }

  private Prompt promptFor(EncodedImage input) {
    String own = input.event().request().prompt();
    return own == null
        ? new Prompt(promptId, promptVersion, promptText)
        : new Prompt(EVENT_PROMPT_ID, "0", own);
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
