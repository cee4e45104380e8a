package dev.sluice.operators.sql;

import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.Picture;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/**
 * Where a model's columns are in its rows. Immutable.
 *
 * @param image position of the picture
 * @param text position of the prompt or question, {@link #NONE} where there is none
 * @param isTextRequired whether nothing is asked of the model without it
 * @param outputs names of the output columns
 */
record SqlColumns(int image, int text, boolean isTextRequired, List<String> outputs)
    implements Serializable {
  static final int NONE = -1;

  /** Rows have no time of their own that the model would look at. */
  private static final Instant NO_TIME = Instant.EPOCH;

  SqlColumns {
    outputs = List.copyOf(outputs);
  }

  /**
   * Finds the columns of a task by their names.
   *
   * @param problems where everything goes that is wrong with the schemas, one sentence each
   */
  static SqlColumns of(
      SqlTask task, ResolvedSchema input, ResolvedSchema output, List<String> problems) {
    check("INPUT", input, task.inputs(), problems);
    check("OUTPUT", output, task.outputs(), problems);
    List<String> names = input.getColumnNames();
    for (SqlTask.Column column : task.inputs()) {
      if (column.isRequired() && !names.contains(column.name())) {
        problems.add("INPUT: expected a column %s, found %s; add it".formatted(column, names));
      }
    }
    List<String> outputs = output.getColumnNames();
    if (outputs.isEmpty() || outputs.equals(List.of(SqlTask.REJECTION.name()))) {
      problems.add(
          "OUTPUT: expected one of %s, found %s; add it".formatted(task.predictions(), outputs));
    }
    return new SqlColumns(
        names.indexOf(SqlTask.IMAGE.name()),
        task.text().map(text -> names.indexOf(text.name())).orElse(NONE),
        task.text().map(SqlTask.Column::isRequired).orElse(false),
        outputs);
  }

  /**
   * What a row asks, or nothing where a value that is needed is NULL.
   *
   * @param id names the row in messages
   */
  Optional<ImageEvent> event(RowData row, String id) {
    boolean hasText = text != NONE && !row.isNullAt(text);
    if (row.isNullAt(image) || (isTextRequired && !hasText)) {
      return Optional.empty();
    }
    ImageRequest request =
        hasText
            ? new ImageRequest(row.getString(text).toString(), null, Map.of(), 0, null, 0)
            : ImageRequest.NONE;
    return Optional.of(
        new ImageEvent(
            EventIdentity.of(id, NO_TIME),
            Picture.ofBytes(row.getBinary(image), null),
            request,
            null,
            null,
            null));
  }

  /**
   * An output row.
   *
   * @param values by column name, in Flink's internal types; NULL for all others
   */
  RowData row(Map<String, Object> values) {
    return GenericRowData.of(outputs.stream().map(values::get).toArray());
  }

  private static void check(
      String what, ResolvedSchema schema, List<SqlTask.Column> allowed, List<String> problems) {
    List<String> unfit = new ArrayList<>();
    for (Column column : schema.getColumns()) {
      if (!column.isPhysical() || allowed.stream().noneMatch(one -> fits(what, one, column))) {
        unfit.add("%s %s".formatted(column.getName(), column.getDataType()));
      }
    }
    if (!unfit.isEmpty()) {
      problems.add(
          "%s: expected columns of %s, found %s; rename them, or declare them so"
              .formatted(
                  what,
                  allowed.stream().map(SqlTask.Column::toString).collect(Collectors.joining(", ")),
                  String.join(", ", unfit)));
    }
  }

  /** An input may be declared NOT NULL, an output is NULL where a picture is rejected. */
  private static boolean fits(String what, SqlTask.Column expected, Column found) {
    var type = found.getDataType().getLogicalType();
    return expected.name().equals(found.getName())
        && expected.type().getLogicalType().equals(what.equals("INPUT") ? type.copy(true) : type);
  }
}
