package dev.sluice.operators.sql;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** What SQL can ask of a model, and the columns of each. Immutable. */
public enum SqlTask {
  /** The model's words about a picture. */
  CAPTION,
  /** The model's answer to a question about a picture. */
  ANSWER,
  /** What a policy decides: the label with the highest score, and the decision. */
  VERDICT;

  static final Column IMAGE = new Column("image", DataTypes.BYTES(), true);

  /** Why a picture could not be processed, NULL where it could; an output of every task. */
  static final Column REJECTION = column("rejection", DataTypes.STRING());

  /** What is said to the model beside the picture, if anything. */
  Optional<Column> text() {
    return switch (this) {
      case CAPTION -> Optional.of(column("prompt", DataTypes.STRING()));
      case ANSWER -> Optional.of(new Column("question", DataTypes.STRING(), true));
      case VERDICT -> Optional.empty();
    };
  }

  /** All that INPUT may declare. */
  List<Column> inputs() {
    return Stream.concat(Stream.of(IMAGE), text().stream()).toList();
  }

  /** All that OUTPUT may declare; one of the predictions is needed. */
  List<Column> outputs() {
    return Stream.concat(predictions().stream(), Stream.of(REJECTION)).toList();
  }

  /** What the model says. */
  List<Column> predictions() {
    return switch (this) {
      case CAPTION -> List.of(column("caption", DataTypes.STRING()));
      case ANSWER -> List.of(column("answer", DataTypes.STRING()));
      case VERDICT ->
          List.of(
              column("label", DataTypes.STRING()),
              column("score", DataTypes.DOUBLE()),
              column("decision", DataTypes.STRING()));
    };
  }

  private static Column column(String name, DataType type) {
    return new Column(name, type, false);
  }

  /** A column that may be declared. Immutable. */
  record Column(String name, DataType type, boolean isRequired) {
    @Override
    public String toString() {
      return name + " " + type;
    }
  }
}
