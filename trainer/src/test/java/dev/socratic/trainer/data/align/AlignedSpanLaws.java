package dev.socratic.trainer.data.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Laws over random pairs of tokenisations of one text, some tokens being pieces of a character.
class AlignedSpanLaws {
    private static final int TEXTS = 300;

    /// A text of `length` characters cut at random; now and then a character is two or three tokens.
    private static TokenOffsets cut(int length, Random random) {
        List<int[]> pieces = new ArrayList<>();
        for (int from = 0, to; from < length; from = to) {
            to = Math.min(length, from + 1 + random.nextInt(4));
            int tokens = to == from + 1 && random.nextInt(3) == 0 ? 2 + random.nextInt(2) : 1;
            for (int i = 0; i < tokens; i++) {
                pieces.add(new int[] {from, to});
            }
        }
        return new TokenOffsets(pieces.stream().mapToInt(piece -> piece[0]).toArray(),
                pieces.stream().mapToInt(piece -> piece[1]).toArray());
    }

    private interface Law {
        void check(TokenOffsets student, TokenOffsets teacher, AlignedSpans spans);
    }

    private static void everywhere(Law law) {
        Random random = new Random(5);
        for (int i = 0; i < TEXTS; i++) {
            int length = 1 + random.nextInt(30);
            TokenOffsets student = cut(length, random);
            TokenOffsets teacher = cut(length, random);
            law.check(student, teacher, AlignedSpans.of(student, teacher));
        }
    }

    @Test
    void everyTokenOfATextThatIsWholeOnBothSidesIsInOneSpan() {
        everywhere((student, teacher, spans) -> {
            assertTrue(Arrays.stream(spans.student()).allMatch(span -> span >= 0));
            assertTrue(Arrays.stream(spans.teacher()).allMatch(span -> span >= 0));
        });
    }

    @Test
    void spansAscendWithoutGapsOnBothSides() {
        everywhere((student, teacher, spans) -> {
            for (int[] side : List.of(spans.student(), spans.teacher())) {
                assertArrayEquals(IntStream.range(0, spans.count()).toArray(),
                        Arrays.stream(side).distinct().toArray());
            }
        });
    }

    @Test
    void aSpanIsTheSameStretchOfTextOnBothSides() {
        everywhere((student, teacher, spans) -> {
            for (int span = 0; span < spans.count(); span++) {
                assertArrayEquals(stretch(student, spans.student(), span), stretch(teacher, spans.teacher(), span));
            }
        });
    }

    @Test
    void noSpanCouldBeCutFurther() {
        everywhere((student, teacher, spans) -> {
            long common = IntStream.range(0, student.size()).filter(student::boundary).map(i -> student.ends()[i])
                    .filter(end -> IntStream.range(0, teacher.size())
                            .anyMatch(j -> teacher.boundary(j) && teacher.ends()[j] == end)).distinct().count();
            assertEquals(common, spans.count());
        });
    }

    @Test
    void exchangingTheSidesExchangesTheSpans() {
        everywhere((student, teacher, spans) -> {
            AlignedSpans other = AlignedSpans.of(teacher, student);
            assertArrayEquals(spans.student(), other.teacher());
            assertArrayEquals(spans.teacher(), other.student());
        });
    }

    @Test
    void equalTokenisationsHaveOneSpanATokenButForPiecesOfACharacter() {
        everywhere((student, teacher, spans) -> {
            AlignedSpans own = AlignedSpans.of(student, student);
            assertArrayEquals(own.student(), own.teacher());
            assertEquals(IntStream.range(0, student.size()).filter(student::boundary).count(), own.count());
        });
    }

    private static int[] stretch(TokenOffsets pieces, int[] spans, int span) {
        int[] tokens = IntStream.range(0, spans.length).filter(i -> spans[i] == span).toArray();
        return new int[] {pieces.starts()[tokens[0]], pieces.ends()[tokens[tokens.length - 1]]};
    }

    @Test
    void byHand() {
        // "ab|cd|e" and "a|bcd|e": the first end both have is that of "abcd".
        AlignedSpans spans = AlignedSpans.of(new TokenOffsets(new int[] {0, 2, 4}, new int[] {2, 4, 5}),
                new TokenOffsets(new int[] {0, 1, 4}, new int[] {1, 4, 5}));
        assertArrayEquals(new int[] {0, 0, 1}, spans.student());
        assertArrayEquals(new int[] {0, 0, 1}, spans.teacher());
    }

    @Test
    void whatIsCutOffOrBeginsElsewhereBelongsToNoSpan() {
        // The student's row ends after "abc"; the teacher's first token that counts begins at "b".
        AlignedSpans spans = AlignedSpans.of(new TokenOffsets(new int[] {0, 2}, new int[] {2, 3}),
                new TokenOffsets(new int[] {1, 2, 3}, new int[] {2, 3, 4}));
        assertArrayEquals(new int[] {-1, 0}, spans.student());
        assertArrayEquals(new int[] {-1, 0, -1}, spans.teacher());
        assertEquals(0,
                AlignedSpans.of(new TokenOffsets(new int[0], new int[0]),
                        new TokenOffsets(new int[] {0}, new int[] {1})).count());
    }
}
