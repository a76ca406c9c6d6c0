package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Engines;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaddedTest {
    private static final List<long[]> ROWS = List.of(new long[] {5, 6, 7}, new long[] {8}, new long[] {9, 10});

    @Test
    void shorterRowsAreFilledUpOnTheSideAskedFor() {
        assertArrayEquals(new long[] {5, 6, 7, 8, 1, 1, 9, 10, 1}, Padded.of(ROWS, Padded.Side.RIGHT, 1).ids());
        assertArrayEquals(new long[] {5, 6, 7, 2, 2, 8, 2, 9, 10}, Padded.of(ROWS, Padded.Side.LEFT, 2).ids());
    }

    @ParameterizedTest
    @EnumSource
    void everyIdIsFoundWhereItStands(Padded.Side side) {
        Padded padded = Padded.of(ROWS, side, 0);
        int next = 0;
        for (int row = 0; row < ROWS.size(); row++) {
            for (int at = 0; at < ROWS.get(row).length; at++) {
                assertEquals(ROWS.get(row)[at], padded.ids()[padded.place(row, at)]);
                assertEquals(padded.place(row, at), padded.places()[next++], "places are those of all ids, in order");
            }
        }
        assertEquals(6, next);
        assertEquals(6, padded.tokens());
        assertEquals(6, padded.places().length);
        assertEquals(3, padded.rows());
        assertArrayEquals(new int[] {3, 1, 2}, padded.lengths());
        assertArrayEquals(new long[] {0, 2, 1}, padded.padding());
    }

    @Test
    void aDecoderReadsAllButTheLastIdOfARow() {
        Padded inputs = Padded.inputs(ROWS);
        assertArrayEquals(new long[] {5, 6, 0, 0, 9, 0}, inputs.ids());
        assertArrayEquals(new int[] {2, 0, 1}, inputs.lengths());
        assertEquals(2, inputs.seq());
    }

    @Test
    void theArrayIsBatchBySequence() {
        try (NDManager manager = Engines.manager()) {
            NDArray array = Padded.of(ROWS, Padded.Side.LEFT, 0).array(manager);
            assertEquals(new Shape(3, 3), array.getShape());
            assertEquals(DataType.INT64, array.getDataType());
            assertArrayEquals(new long[] {0, 9, 10}, array.get(2).toLongArray());
        }
    }

    @Test
    void noRowsAreRefused() {
        assertEquals("rows: at least one to be read; got none; read nothing then",
                assertThrows(IllegalArgumentException.class, () -> Padded.of(List.of(), Padded.Side.LEFT, 0))
                        .getMessage());
    }
}
