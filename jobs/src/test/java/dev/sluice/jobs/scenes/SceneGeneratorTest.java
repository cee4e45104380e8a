package dev.sluice.jobs.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SceneGeneratorTest {
  private static final int MANY = 1500;

  private static List<Scene> scenes() {
    return LongStream.range(0, MANY)
        .mapToObj(i -> SceneGenerator.scene(SceneSeeds.evaluation(3, i), 600, 400))
        .toList();
  }

  @Test
  void scene_sameSeed_isTheSame() {
    assertThat(SceneGenerator.scene(11, 600, 400)).isEqualTo(SceneGenerator.scene(11, 600, 400));
    assertThat(SceneGenerator.scene(11, 600, 400)).isNotEqualTo(SceneGenerator.scene(12, 600, 400));
  }

  @Test
  void picture_sameSeed_hasTheSameBytes() {
    Scene scene = SceneGenerator.scene(11, 300, 200);

    assertThat(SceneRenderer.render(scene, 300, 200))
        .isEqualTo(SceneRenderer.render(scene, 300, 200));
  }

  @Test
  void picture_knownSeed_isTheOneOfEveryMachine() {
    Scene scene = SceneGenerator.scene(SceneSeeds.evaluation(1, 1), 300, 200);

    assertThat(SceneCaption.of(scene).text())
        .isEqualTo("one pink dotted bag and three green striped books; price tag 29.10");
    assertThat(Arrays.hashCode(SceneRenderer.render(scene, 300, 200))).isEqualTo(1810457582);
  }

  @Test
  void scenes_many_haveTheirShares() {
    List<Scene> scenes = scenes();
    long tags = scenes.stream().filter(s -> s.tag().isPresent()).count();
    Map<Forbidden, Integer> forbidden = new EnumMap<>(Forbidden.class);
    scenes.forEach(s -> forbidden.merge(s.forbidden(), 1, Integer::sum));

    assertThat(tags / (double) MANY).isCloseTo(2 / 3.0, within(0.04));
    assertThat(forbidden.getOrDefault(Forbidden.NONE, 0) / (double) MANY)
        .isCloseTo(2 / 3.0, within(0.04));
    for (Forbidden label : Forbidden.values()) {
      assertThat(forbidden).as(label.word()).containsKey(label);
    }
  }

  @Test
  void scenes_many_holdOneToFourItemsOfEveryKind() {
    Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    int[] numbers = new int[5];
    for (Scene scene : scenes()) {
      numbers[scene.items().size()]++;
      scene.items().forEach(i -> kinds.merge(i.kind(), 1, Integer::sum));
    }

    assertThat(numbers[0]).isZero();
    for (int n = 1; n <= 4; n++) {
      assertThat(numbers[n]).as("%d items", n).isGreaterThan(MANY / 9);
    }
    assertThat(kinds).hasSize(12);
  }

  @Test
  void items_stayInsideAndApart() {
    for (Scene scene : scenes()) {
      for (Scene.Item item : scene.items()) {
        Box box = item.box();
        assertThat(box.x()).isPositive();
        assertThat(box.y()).isPositive();
        assertThat(box.x() + box.width()).isLessThan(scene.plan().width());
        assertThat(box.y() + box.height()).isLessThan(scene.plan().height());
        assertThat(scene.items())
            .filteredOn(other -> !other.equals(item))
            .noneMatch(other -> other.box().touches(box, 0));
      }
    }
  }

  @Test
  void tags_areLegibleInSlicesAndMostlyOffTheCuts() {
    List<Scene> tagged = scenes().stream().filter(s -> s.tag().isPresent()).toList();
    long cut = tagged.stream().filter(s -> s.plan().cuts(s.tag().orElseThrow().box())).count();

    assertThat(tagged)
        .allSatisfy(s -> assertThat(s.tag().orElseThrow().digitHeight()).isBetween(7.0, 10.0));
    assertThat(cut / (double) tagged.size()).isBetween(0.01, 0.12);
  }

  @Test
  void sizes_many_areInTheirRange() {
    for (long seed = 0; seed < 500; seed++) {
      PictureSize size = PictureSize.of(new SceneRandom(seed));

      assertThat((double) size.width() / size.height()).isBetween(0.33, 3.01);
      assertThat(size.width()).isBetween(200, 1600);
      assertThat(size.height()).isBetween(200, 1600);
    }
  }

  @Test
  void pictures_many_areDrawn() {
    for (long seed = 0; seed < 60; seed++) {
      Scene scene = SceneGenerator.scene(seed, 300, 200);

      assertThat(SceneRenderer.render(scene, 150, 100)).hasSize(150 * 100 * 3);
    }
  }
}
