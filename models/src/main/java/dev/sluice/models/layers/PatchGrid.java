package dev.sluice.models.layers;

/** Rows and columns of a tile's patches. Immutable. */
public record PatchGrid(int rows, int columns) {

  /** P, the patches of the tile. */
  public int patches() {
    return rows * columns;
  }
}
