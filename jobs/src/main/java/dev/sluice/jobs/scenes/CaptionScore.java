package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.SceneCaption.Group;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of a caption is right. Groups are matched one to one, in the way that makes most slots
 * right; a missing or an invented group costs its four slots. Immutable.
 *
 * @param kinds groups whose kind is right
 * @param colours groups whose colour is right
 * @param patterns groups whose pattern is right
 * @param counts groups whose count is right
 * @param groups expected or found, whichever is more
 * @param confusions matched kinds, expected and found
 * @param priceRight the price is exactly the one printed, or rightly none
 */
public record CaptionScore(
    int kinds,
    int colours,
    int patterns,
    int counts,
    int groups,
    List<Confusion> confusions,
    boolean priceRight) {
  private static final int MOST_GROUPS = 7;

  public CaptionScore {
    confusions = List.copyOf(confusions);
  }

  /** An expected kind and the kind that a matched group said. */
  public record Confusion(Kind expected, Kind found) {}

  /** Scores a caption against a scene's. */
  public static CaptionScore of(SceneCaption expected, SceneCaption found) {
    List<Group> said = found.groups();
    Matching best =
        new Matching(expected.groups(), said.subList(0, Math.min(MOST_GROUPS, said.size())));
    int[] right = new int[4];
    List<Confusion> confusions = new ArrayList<>();
    for (int i = 0; i < expected.groups().size(); i++) {
      if (best.of(i) >= 0) {
        Group want = expected.groups().get(i);
        Group have = said.get(best.of(i));
        right[0] += want.kind().equals(have.kind()) ? 1 : 0;
        right[1] += want.colour().equals(have.colour()) ? 1 : 0;
        right[2] += want.pattern().equals(have.pattern()) ? 1 : 0;
        right[3] += want.count() == have.count() ? 1 : 0;
        want.kind().ifPresent(w -> have.kind().ifPresent(h -> confusions.add(new Confusion(w, h))));
      }
    }
    return new CaptionScore(
        right[0],
        right[1],
        right[2],
        right[3],
        Math.max(expected.groups().size(), said.size()),
        confusions,
        expected.price().equals(found.price()));
  }

  /** Right slots of {@link #slots}. */
  public int right() {
    return kinds + colours + patterns + counts;
  }

  /** Four slots a group. */
  public int slots() {
    return 4 * groups;
  }

  /** Whether every group is right and none is missing or invented. */
  public boolean exact() {
    return right() == slots();
  }

  /** The best one-to-one matching, by trying all; there are at most a few groups. */
  private static final class Matching {
    private final List<Group> expected;
    private final List<Group> found;
    private final int[] current;
    private final boolean[] used;
    private int[] best;
    private int mostRight = -1;

    Matching(List<Group> expected, List<Group> found) {
      this.expected = expected;
      this.found = found;
      this.current = new int[expected.size()];
      this.used = new boolean[found.size()];
      this.best = new int[expected.size()];
      search(0, 0);
    }

    /** The found group of an expected one, or -1. */
    int of(int index) {
      return best[index];
    }

    private void search(int index, int right) {
      if (index == expected.size()) {
        if (right > mostRight) {
          mostRight = right;
          best = current.clone();
        }
        return;
      }
      for (int i = 0; i < found.size(); i++) {
        if (!used[i]) {
          used[i] = true;
          current[index] = i;
          search(index + 1, right + agreement(expected.get(index), found.get(i)));
          used[i] = false;
        }
      }
      current[index] = -1;
      search(index + 1, right);
    }

    private static int agreement(Group a, Group b) {
      return (a.kind().equals(b.kind()) ? 1 : 0)
          + (a.colour().equals(b.colour()) ? 1 : 0)
          + (a.pattern().equals(b.pattern()) ? 1 : 0)
          + (a.count() == b.count() ? 1 : 0);
    }
  }
}
