package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.Scene.Item;
import dev.sluice.jobs.scenes.Scene.Tag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;

/**
 * What a caption says of a scene: groups of like products, and the price. The canonical text is
 * {@code two red striped mugs and one blue plain chair; price tag 48.21}: groups by kind, colour
 * and pattern in the order of the enums, commas between them and {@code and} before the last.
 * Immutable.
 *
 * @param groups the products
 * @param price as printed, {@code 48.21}
 */
public record SceneCaption(List<Group> groups, Optional<String> price) {
  private static final List<String> COUNTS = List.of("one", "two", "three", "four");
  private static final String NOTHING = "nothing";
  private static final String PRICE = "price tag ";
  private static final String NO_PRICE = "no price tag";

  /** Words between two groups. */
  private static final java.util.regex.Pattern BETWEEN =
      java.util.regex.Pattern.compile(",\\s*(?:and )?| and | beside | next to | with | plus ");

  /** What is said of the price, from its first word to the end; group 1 is the price. */
  private static final java.util.regex.Pattern PRICED =
      java.util.regex.Pattern.compile(
          "[;,.]?\\s*\\b(?:(?:and|with) )?(?:an? |the )?(?:price tag|priced|price)"
              + "(?: of| at| says| reads|:)?\\s+[$\u20ac]?(\\S+?)[.]?\\s*$");

  /** The same where there is none. */
  private static final java.util.regex.Pattern UNPRICED =
      java.util.regex.Pattern.compile(
          "[;,.]?\\s*\\b(?:and |with )?(?:no|without an?) price(?: tag)?[.]?\\s*$");

  public SceneCaption {
    groups = List.copyOf(groups);
  }

  /** Like products. A part is empty where a caption's word is not one of ours. */
  public record Group(
      Optional<Kind> kind, Optional<Colour> colour, Optional<Pattern> pattern, int count) {
    static Group of(Kind kind, Colour colour, Pattern pattern, int count) {
      return new Group(Optional.of(kind), Optional.of(colour), Optional.of(pattern), count);
    }

    private String text() {
      String number = count >= 1 && count <= COUNTS.size() ? COUNTS.get(count - 1) : "some";
      String noun = kind.map(k -> count == 1 ? k.word() : k.plural()).orElse("things");
      return number
          + colour.map(c -> " " + c.word()).orElse("")
          + pattern.map(p -> " " + p.word()).orElse("")
          + " "
          + noun;
    }
  }

  /** What makes products alike. */
  private record Like(Kind kind, Colour colour, Pattern pattern) {
    static final Comparator<Like> ORDER =
        Comparator.comparing(Like::kind).thenComparing(Like::colour).thenComparing(Like::pattern);
  }

  /** The caption that a model should write. */
  public static SceneCaption of(Scene scene) {
    Map<Like, Integer> counts = new TreeMap<>(Like.ORDER);
    for (Item item : scene.items()) {
      counts.merge(new Like(item.kind(), item.colour(), item.pattern()), 1, Integer::sum);
    }
    List<Group> groups = new ArrayList<>();
    counts.forEach((l, count) -> groups.add(Group.of(l.kind, l.colour, l.pattern, count)));
    return new SceneCaption(groups, scene.tag().map(SceneCaption::printed));
  }

  private static String printed(Tag tag) {
    return String.format(Locale.ROOT, "%02d.%02d", tag.cents() / 100, tag.cents() % 100);
  }

  /** The canonical text. */
  public String text() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < groups.size(); i++) {
      if (i > 0) {
        out.append(i == groups.size() - 1 ? " and " : ", ");
      }
      out.append(groups.get(i).text());
    }
    if (groups.isEmpty()) {
      out.append(NOTHING);
    }
    return out.append("; ").append(price.map(p -> PRICE + p).orElse(NO_PRICE)).toString();
  }

  /**
   * Reads a caption as people vary it: words of a group in any order, {@code a} and figures for
   * numbers, {@code beside}, {@code with} and the like between groups, {@code priced at 48.21},
   * {@code without a price tag}. Whatever was said, {@link #text()} is the canonical reading; what
   * cannot be read stays empty, so any text can be scored.
   */
  public static SceneCaption parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    Matcher unpriced = UNPRICED.matcher(lower);
    Matcher priced = PRICED.matcher(lower);
    Optional<String> price = Optional.empty();
    String head = lower;
    if (unpriced.find()) {
      head = lower.substring(0, unpriced.start());
    } else if (priced.find()) {
      head = lower.substring(0, priced.start());
      price = Optional.of(priced.group(1));
    }
    List<Group> groups = new ArrayList<>();
    for (String part : BETWEEN.split(head.replaceAll("[;.]", ""), -1)) {
      String words = part.strip();
      if (!words.isEmpty() && !words.equals(NOTHING)) {
        groups.add(group(words));
      }
    }
    return new SceneCaption(groups, price);
  }

  private static Group group(String words) {
    Optional<Kind> kind = Optional.empty();
    Optional<Colour> colour = Optional.empty();
    Optional<Pattern> pattern = Optional.empty();
    int count = 0;
    for (String word : words.split("\\s+", -1)) {
      count = Math.max(count, number(word)); // "a pair" is two
      kind =
          kind.or(() -> find(Kind.values(), k -> k.word().equals(word) || k.plural().equals(word)));
      colour = colour.or(() -> find(Colour.values(), c -> c.word().equals(word)));
      pattern = pattern.or(() -> find(Pattern.values(), p -> p.word().equals(word)));
    }
    return new Group(kind, colour, pattern, count);
  }

  /** 1 to 4, or 0 for a word that is no number. */
  private static int number(String word) {
    return switch (word) {
      case "a", "an", "single", "1" -> 1;
      case "pair", "couple", "2" -> 2;
      case "3" -> 3;
      case "4" -> 4;
      default -> COUNTS.indexOf(word) + 1;
    };
  }

  private static <T> Optional<T> find(T[] values, Predicate<T> test) {
    for (T value : values) {
      if (test.test(value)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
