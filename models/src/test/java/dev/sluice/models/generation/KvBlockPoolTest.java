package dev.sluice.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KvBlockPoolTest {

  @Test
  void allocate_beyondTheFreeBlocks_changesNothing() {
    KvBlockPool pool = new KvBlockPool(3, 16);
    pool.allocate(2);
    assertThatThrownBy(() -> pool.allocate(2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("key-value pool: expected 2 free blocks, found 1 of 3");
    assertThat(pool.freeBlocks()).isEqualTo(1);
  }

  @Test
  void release_ofASharedBlock_freesItWithTheLastHolder() {
    KvBlockPool pool = new KvBlockPool(2, 16);
    int[] blocks = pool.allocate(1);
    pool.share(blocks);
    pool.release(blocks);
    assertThat(pool.freeBlocks()).isEqualTo(1);
    pool.release(blocks);
    assertThat(pool.freeBlocks()).isEqualTo(2);
  }

  @Test
  void release_ofAFreeBlock_isRefused() {
    KvBlockPool pool = new KvBlockPool(2, 16);
    int[] blocks = pool.allocate(1);
    pool.release(blocks);
    assertThatThrownBy(() -> pool.release(blocks)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pool.share(blocks)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void blocksFor_roundsUp() {
    KvBlockPool pool = new KvBlockPool(2, 16);
    assertThat(pool.blocksFor(16)).isEqualTo(1);
    assertThat(pool.blocksFor(17)).isEqualTo(2);
  }

  /** Each number is an action: take some blocks, share a holding, or give one back. */
  @Property(tries = 200)
  void holdings_neverOverlapUnlessShared_andAllBlocksComeBack(
      @ForAll List<@IntRange(min = 0, max = 99) Integer> actions) {
    KvBlockPool pool = new KvBlockPool(20, 4);
    List<int[]> holdings = new ArrayList<>();
    for (int action : actions) {
      if (action < 40 && action % 6 <= pool.freeBlocks()) {
        holdings.add(pool.allocate(action % 6));
      } else if (action < 60 && !holdings.isEmpty()) {
        int[] shared = holdings.get(action % holdings.size());
        pool.share(shared);
        holdings.add(shared);
      } else if (!holdings.isEmpty()) {
        pool.release(holdings.remove(action % holdings.size()));
      }
      int[] held = new int[20];
      holdings.forEach(
          blocks -> {
            for (int block : blocks) {
              held[block]++;
            }
          });
      int free = 0;
      for (int block = 0; block < held.length; block++) {
        assertThat(pool.references(block)).isEqualTo(held[block]);
        free += held[block] == 0 ? 1 : 0;
      }
      assertThat(pool.freeBlocks()).isEqualTo(free);
    }
    holdings.forEach(pool::release);
    assertThat(pool.freeBlocks()).isEqualTo(20);
  }
}
