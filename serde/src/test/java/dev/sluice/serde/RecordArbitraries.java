package dev.sluice.serde;

import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Records with anything in their fields that the contract allows. */
public final class RecordArbitraries {
  private RecordArbitraries() {}

  public static Arbitrary<ImageEvent> events() {
    return Combinators.combine(
            identities(),
            pictures(),
            requests(),
            origins().injectNull(0.3),
            texts().injectNull(0.5),
            texts().injectNull(0.9))
        .as(ImageEvent::new);
  }

  public static Arbitrary<Caption> captions() {
    return Combinators.combine(
            identities(),
            texts(),
            texts().injectNull(0.5),
            Arbitraries.of(GeneratedText.FinishReason.class),
            Arbitraries.integers().greaterOrEqual(0),
            Arbitraries.doubles().between(-100, 0),
            provenances())
        .as(Caption::new);
  }

  public static Arbitrary<Verdict> verdicts() {
    return Combinators.combine(
            identities(),
            Combinators.combine(texts(), texts(), texts()).as(Names::new),
            Arbitraries.of(Verdict.Decision.class),
            labels().list().ofMaxSize(4),
            Arbitraries.of(LabelScores.ScoreType.class),
            texts().injectNull(0.5),
            texts().injectNull(0.5),
            provenances())
        .as(
            (identity, names, decision, labels, type, calibration, rationale, provenance) ->
                new Verdict(
                    identity,
                    names.verdictId(),
                    names.policyId(),
                    names.policyVersion(),
                    decision,
                    labels,
                    type,
                    calibration,
                    rationale,
                    provenance));
  }

  public static Arbitrary<Description> descriptions() {
    Arbitrary<Description.ScoredCaption> captions =
        Combinators.combine(
                texts(),
                Arbitraries.doubles().between(0, 1).injectNull(0.3),
                Arbitraries.of(true, false))
            .as(Description.ScoredCaption::new);
    Arbitrary<Integer> pixels = Arbitraries.integers().between(0, 10_000);
    Arbitrary<Description.Region> regions =
        Combinators.combine(pixels, pixels, pixels, pixels, captions).as(Description.Region::new);
    return Combinators.combine(
            identities(),
            captions,
            regions.list().ofMaxSize(4),
            texts().injectNull(0.5),
            provenances().list().ofMaxSize(Description.Part.values().length))
        .as(
            (identity, global, within, merged, provenances) ->
                new Description(identity, global, within, merged, parts(provenances)));
  }

  private static List<Description.PartProvenance> parts(List<Provenance> provenances) {
    Description.Part[] parts = Description.Part.values();
    List<Description.PartProvenance> some = new ArrayList<>();
    for (int i = 0; i < provenances.size(); i++) {
      some.add(new Description.PartProvenance(parts[i], provenances.get(i)));
    }
    return some;
  }

  public static Arbitrary<Rejection> rejections() {
    return Combinators.combine(
            identities(),
            origins().injectNull(0.3),
            Arbitraries.of(Rejection.Stage.class),
            Arbitraries.of(Rejection.Category.class),
            texts(),
            Arbitraries.integers().between(1, 9))
        .as(Rejection::new);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.strings().withCharRange(' ', '\uD7FF').ofMaxLength(40);
  }

  private static Arbitrary<Instant> times() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 4_000_000_000L),
            Arbitraries.integers().between(0, 999_999_999))
        .as(Instant::ofEpochSecond);
  }

  private static Arbitrary<EventIdentity> identities() {
    return Combinators.combine(
            texts(),
            texts().injectNull(0.3),
            texts().injectNull(0.3),
            Arbitraries.integers(),
            times())
        .as(EventIdentity::new);
  }

  private static Arbitrary<Map<String, String>> maps() {
    return Arbitraries.maps(texts(), texts()).ofMaxSize(4);
  }

  private static Arbitrary<ImageRequest> requests() {
    return Combinators.combine(
            texts().injectNull(0.5),
            texts().injectNull(0.5),
            maps(),
            Arbitraries.integers(),
            times().injectNull(0.5),
            Arbitraries.integers().greaterOrEqual(0))
        .as(ImageRequest::new);
  }

  private static Arbitrary<Picture> pictures() {
    Arbitrary<Picture> inline =
        Combinators.combine(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(64),
                texts().injectNull(0.3),
                texts().injectNull(0.3))
            .as(Picture::ofBytes);
    Arbitrary<Picture> byReference =
        Combinators.combine(
                texts(),
                texts().injectNull(0.3),
                Arbitraries.longs().greaterOrEqual(-1),
                texts().injectNull(0.3))
            .as(Picture::ofUri);
    return Arbitraries.oneOf(inline, byReference);
  }

  private static Arbitrary<RecordOrigin> origins() {
    return Combinators.combine(
            texts(),
            Arbitraries.integers().greaterOrEqual(0),
            Arbitraries.longs().greaterOrEqual(0),
            texts().injectNull(0.3),
            maps())
        .as(RecordOrigin::new);
  }

  private static Arbitrary<SlicePlan> plans() {
    Arbitrary<Size> sizes =
        Combinators.combine(
                Arbitraries.integers().between(1, 9000), Arbitraries.integers().between(1, 9000))
            .as(Size::new);
    Arbitrary<SlicePlan> sliced =
        Combinators.combine(
                sizes,
                sizes,
                sizes,
                Arbitraries.integers().between(1, 7),
                Arbitraries.integers().between(1, 7),
                sizes.injectNull(0.5),
                Arbitraries.integers().between(0, 9))
            .as(
                (source, overview, slice, columns, rows, first, left) ->
                    new SlicePlan(
                        source, overview, slice, columns, rows, first, columns * rows + left));
    return Arbitraries.oneOf(sliced, Combinators.combine(sizes, sizes).as(SlicePlan::overviewOnly));
  }

  private static Arbitrary<Provenance> provenances() {
    Arbitrary<ModelInfo> models =
        Combinators.combine(texts(), texts(), texts(), Arbitraries.of(Dtype.class))
            .as(ModelInfo::new);
    Arbitrary<StageTimings> timings =
        Arbitraries.longs()
            .greaterOrEqual(0)
            .array(long[].class)
            .ofSize(4)
            .map(t -> new StageTimings(t[0], t[1], t[2], t[3]));
    Arbitrary<Cost> costs =
        Combinators.combine(timings, Arbitraries.of(Provenance.CacheUse.class)).as(Cost::new);
    Arbitrary<Names> names = Combinators.combine(texts(), texts(), texts()).as(Names::new);
    return Combinators.combine(
            models,
            texts().injectNull(0.5),
            names,
            plans(),
            Arbitraries.integers().greaterOrEqual(0),
            Arbitraries.of(true, false),
            costs,
            Arbitraries.integers().between(1, 9))
        .as(
            (model, adapter, name, plan, tokens, degraded, cost, attempt) ->
                new Provenance(
                    model,
                    adapter,
                    name.verdictId(),
                    name.policyId(),
                    plan,
                    tokens,
                    degraded,
                    cost.timings(),
                    cost.cache(),
                    attempt));
  }

  private static Arbitrary<Verdict.Label> labels() {
    return Combinators.combine(
            texts(),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.doubles().between(0, 1),
            texts().injectNull(0.5))
        .as(Verdict.Label::new);
  }

  private record Cost(StageTimings timings, Provenance.CacheUse cache) {}

  private record Names(String verdictId, String policyId, String policyVersion) {}
}
