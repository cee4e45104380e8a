package dev.sluice.jobs.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SceneCaptionTest {
  private static final SceneCaption TWO_MUGS_AND_A_CHAIR =
      new SceneCaption(
          List.of(
              SceneCaption.Group.of(Kind.MUG, Colour.RED, Pattern.STRIPED, 2),
              SceneCaption.Group.of(Kind.CHAIR, Colour.BLUE, Pattern.PLAIN, 1)),
          Optional.of("48.21"));
  private static final String TEXT =
      "two red striped mugs and one blue plain chair; price tag 48.21";

  @Test
  void text_isCanonical() {
    assertThat(TWO_MUGS_AND_A_CHAIR.text()).isEqualTo(TEXT);
  }

  @Test
  void parse_canonicalText_givesItBack() {
    assertThat(SceneCaption.parse(TEXT)).isEqualTo(TWO_MUGS_AND_A_CHAIR);
    for (long seed = 0; seed < 300; seed++) {
      SceneCaption caption = SceneCaption.of(SceneGenerator.scene(seed, 600, 400));

      assertThat(SceneCaption.parse(caption.text())).isEqualTo(caption);
    }
  }

  @Test
  void parse_variations_giveTheCanonicalReading() {
    SceneRandom random = new SceneRandom(11);
    for (long seed = 0; seed < 500; seed++) {
      SceneCaption caption = SceneCaption.of(SceneGenerator.scene(seed, 600, 400));
      String said = varied(caption, random);

      assertThat(SceneCaption.parse(said)).as(said).isEqualTo(caption);
    }
  }

  /** The caption in other words. */
  private static String varied(SceneCaption caption, SceneRandom random) {
    List<String> groups = caption.groups().stream().map(group -> varied(group, random)).toList();
    String between = oneOf(random, ", ", " and ", " beside ", " next to ", " with ", ", and ");
    String products = groups.isEmpty() ? "Nothing" : String.join(between, groups);
    return products
        + caption
            .price()
            .map(
                price ->
                    oneOf(
                            random,
                            "; price tag ",
                            " with a price tag of ",
                            ", priced at ",
                            ". Price: $")
                        + price
                        + oneOf(random, "", "."))
            .orElseGet(
                () -> oneOf(random, "; no price tag", " without a price tag.", ", no price"));
  }

  private static String varied(SceneCaption.Group group, SceneRandom random) {
    boolean one = group.count() == 1;
    String noun = group.kind().map(kind -> one ? kind.word() : kind.plural()).orElseThrow();
    String colour = group.colour().orElseThrow().word();
    String pattern = group.pattern().orElseThrow().word();
    String count =
        switch (group.count()) {
          case 1 -> oneOf(random, "one", "a", "A single", "1");
          case 2 -> oneOf(random, "two", "Two", "a pair of", "2");
          case 3 -> oneOf(random, "three", "3");
          default -> oneOf(random, "four", "4");
        };
    return "%s %s %s"
        .formatted(count, oneOf(random, colour + " " + pattern, pattern + " " + colour), noun);
  }

  private static String oneOf(SceneRandom random, String... words) {
    return words[random.below(words.length)];
  }

  @Test
  void parse_anyText_isReadAsFarAsPossible() {
    assertThat(SceneCaption.parse("")).isEqualTo(new SceneCaption(List.of(), Optional.empty()));
    SceneCaption odd = SceneCaption.parse("two red mug mug and ; price tag 4");

    assertThat(odd.groups()).hasSize(1);
    assertThat(odd.groups().get(0).kind()).contains(Kind.MUG);
    assertThat(odd.groups().get(0).pattern()).isEmpty();
    assertThat(odd.price()).contains("4");
  }

  @Test
  void score_ofTheSame_isFull() {
    CaptionScore score = CaptionScore.of(TWO_MUGS_AND_A_CHAIR, SceneCaption.parse(TEXT));

    assertThat(score.right()).isEqualTo(8);
    assertThat(score.slots()).isEqualTo(8);
    assertThat(score.exact()).isTrue();
    assertThat(score.priceRight()).isTrue();
  }

  @Test
  void score_otherOrder_isTheSame() {
    CaptionScore score =
        CaptionScore.of(
            TWO_MUGS_AND_A_CHAIR,
            SceneCaption.parse("one blue plain chair and two red striped mugs; no price tag"));

    assertThat(score.exact()).isTrue();
    assertThat(score.priceRight()).isFalse();
  }

  @Test
  void score_missingAndInventedGroups_costFourSlotsEach() {
    CaptionScore missing =
        CaptionScore.of(TWO_MUGS_AND_A_CHAIR, SceneCaption.parse("two red striped mugs"));
    CaptionScore invented =
        CaptionScore.of(
            TWO_MUGS_AND_A_CHAIR,
            SceneCaption.parse(
                "two red striped mugs, one blue plain chair and one black dotted hat"));

    assertThat(missing.right()).isEqualTo(4);
    assertThat(missing.slots()).isEqualTo(8);
    assertThat(invented.right()).isEqualTo(8);
    assertThat(invented.slots()).isEqualTo(12);
  }

  @Test
  void score_wrongKind_isAConfusion() {
    CaptionScore score =
        CaptionScore.of(
            TWO_MUGS_AND_A_CHAIR,
            SceneCaption.parse("two red striped kettles and one blue plain chair"));

    assertThat(score.kinds()).isEqualTo(1);
    assertThat(score.right()).isEqualTo(7);
    assertThat(score.confusions()).contains(new CaptionScore.Confusion(Kind.MUG, Kind.KETTLE));
  }
}
