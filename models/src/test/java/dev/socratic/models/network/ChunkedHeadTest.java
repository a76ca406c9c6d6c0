package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Engines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChunkedHeadTest {
    private static final int TOKENS = 23;
    private static final int HIDDEN = 4;
    private static final int VOCAB = 10;

    private NDManager manager;
    private NDArray hidden;
    private NDArray weight;

    @BeforeEach
    void states() {
        manager = Engines.manager();
        hidden = manager.arange(TOKENS * HIDDEN).toType(ai.djl.ndarray.types.DataType.FLOAT32, false)
                .reshape(TOKENS, HIDDEN).sin();
        weight = manager.arange(VOCAB * HIDDEN).toType(ai.djl.ndarray.types.DataType.FLOAT32, false)
                .reshape(VOCAB, HIDDEN).cos();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray logits(NDArray states) {
        return states.matMul(weight.transpose());
    }

    private float[] read(long most, List<Long> sizes) {
        float[] all = new float[TOKENS * VOCAB];
        new ChunkedHead(most).walk(hidden, VOCAB, this::logits, (chunk, logits) -> {
            sizes.add(logits.size());
            assertEquals(new Shape(chunk.size(), VOCAB), logits.getShape());
            System.arraycopy(logits.toFloatArray(), 0, all, chunk.from() * VOCAB, chunk.size() * VOCAB);
        });
        return all;
    }

    @Test
    void theLogitsOfAllTokensAreNeverHeldAtOnce() {
        List<NDArray> made = new ArrayList<>();
        new ChunkedHead(7 * VOCAB + 3).walk(hidden, VOCAB, states -> {
            made.forEach(before ->
                    assertThrows(IllegalStateException.class, before::toFloatArray,
                            "a chunk is given back before the next"));
            made.add(logits(states));
            return made.getLast();
        }, (chunk, logits) -> assertTrue(logits.size() <= 7 * VOCAB + 3));
        assertEquals(4, made.size(), "23 tokens, seven at a time");
        assertThrows(IllegalStateException.class, made.getLast()::toFloatArray, "and the last one too");
    }

    @Test
    void eachTokenIsReadOnceAndWhereChunksAreCutChangesNothing() {
        List<Long> sizes = new ArrayList<>();
        float[] whole = read(ChunkedHead.LOGITS, sizes);
        assertEquals(List.of((long) TOKENS * VOCAB), sizes);
        for (int rows : new int[] {1, 5, 22, 23, 24}) {
            assertArrayEquals(whole, read((long) rows * VOCAB, new ArrayList<>()), 1e-6f);
        }
    }

    @Test
    void aChunkHasAtLeastOneToken() {
        List<Long> sizes = new ArrayList<>();
        read(VOCAB - 1, sizes);
        assertEquals(TOKENS, sizes.size());
    }

    @Test
    void noTokensMakeNoLogits() {
        new ChunkedHead().walk(manager.zeros(new Shape(0, HIDDEN)), VOCAB, states -> {
            throw new AssertionError("nothing is asked for");
        }, (chunk, logits) -> {});
    }

    @Test
    void endsMoveWhereTokensBelongTogether() {
        List<List<Integer>> spans = new ArrayList<>();
        new ChunkedHead(5 * VOCAB)
                .walk(manager, TOKENS, VOCAB, end -> Math.min(TOKENS, end + end % 2),
                        chunk -> spans.add(List.of(chunk.from(), chunk.to())));
        assertEquals(List.of(List.of(0, 6), List.of(6, 12), List.of(12, 18), List.of(18, 23)), spans);
    }

    @Test
    void whatIsCutForAChunkLivesAsLongAsItAndTheWholeStaysWhereItWas() {
        List<NDArray> parts = new ArrayList<>();
        new ChunkedHead(20 * VOCAB).walk(manager, TOKENS, VOCAB, chunk -> parts.add(chunk.of(hidden)));
        assertThrows(IllegalStateException.class, parts.getFirst()::toFloatArray);
        List<NDArray> whole = new ArrayList<>();
        new ChunkedHead().walk(manager, TOKENS, VOCAB, chunk -> whole.add(chunk.of(hidden)));
        assertSame(hidden, whole.getFirst());
        assertEquals(TOKENS * HIDDEN, hidden.toFloatArray().length);
    }
}
