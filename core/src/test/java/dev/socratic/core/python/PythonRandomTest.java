package dev.socratic.core.python;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Expected values are what CPython 3.11 prints.
class PythonRandomTest {
    @Test
    void samplesAreThoseOfPythonFromAPoolAndFromASet() {
        PythonRandom random = new PythonRandom(1234);
        assertEquals(List.of(7, 1, 0), random.sample(range(10), 3));
        assertEquals(List.of(1, 0, 9), random.sample(range(10), 3));
        assertEquals(List.of(12, 98, 45, 30, 2, 3), random.sample(range(100), 6));
        assertEquals(List.of(807, 16, 354, 663, 638), random.sample(range(1000), 5));
    }

    @Test
    void numbersChoicesAndShufflesAreThoseOfPython() {
        PythonRandom random = new PythonRandom(0);
        assertEquals(0.8444218515250481, random.random());
        assertEquals(0.7579544029403025, random.random());
        assertArrayEquals(new int[] {2, 1, 3, 2, 5}, random.choices(7, 5));
    }

    @Test
    void aShuffleUsesTheStreamUpAsPythonDoes() {
        PythonRandom random = new PythonRandom(0);
        random.random();
        random.random();
        random.choices(7, 5);
        random.below(1 << 30); // one word, as getrandbits(32) takes
        List<Integer> list = new ArrayList<>(range(6));
        random.shuffle(list);
        assertEquals(List.of(5, 0, 4, 1, 2, 3), list);
    }

    @Test
    void aSeedMayBeLongAndItsSignDoesNotMatter() {
        assertEquals(0.5043802970418443, new PythonRandom((1L << 40) + 5).random());
        assertEquals(0.23796462709189137, new PythonRandom(-3).random());
        assertEquals(0.23796462709189137, new PythonRandom(3).random());
    }

    @Test
    void moreThanThereAreIsRefused() {
        assertEquals("sample: 0 to 2 of a list of 2; got 3", assertThrows(IllegalArgumentException.class, () ->
                new PythonRandom(1).sample(range(2), 3)).getMessage());
    }

    private static List<Integer> range(int n) {
        return IntStream.range(0, n).boxed().toList();
    }
}
