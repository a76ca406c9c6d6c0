package dev.socratic.trainer.data.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VocabularyAlignmentTest {
    @Test
    void entriesAgreeByTheBytesTheyStandForWhateverTheirSpelling() {
        List<String> bytes = TokenBytes.decoded(List.of("Ġthe", "Ċ", "Ã©", "<|end|>", "x"));
        List<String> pieces = TokenBytes.decoded(List.of("▁the", "<0x0A>", "é", "</s>", "y"));
        VocabularyAlignment join = VocabularyAlignment.of(bytes, pieces, Optional.empty());
        assertArrayEquals(new long[] {0, 1, 2}, join.student());
        assertArrayEquals(new long[] {0, 1, 2}, join.teacher());
        assertArrayEquals(new long[] {3, 4}, join.studentRest());
        assertEquals(0.6, join.share());
    }

    @Test
    void theTokensThatEndAnAnswerAgreeWhateverTheyAreCalled() {
        VocabularyAlignment join = VocabularyAlignment.of(List.of("a", "<|end|>"), List.of("</s>", "a"),
                Optional.of(new VocabularyAlignment.Ends(1, 0)));
        assertArrayEquals(new long[] {1, 0}, join.student());
        assertArrayEquals(new long[] {0, 1}, join.teacher());
    }

    @Test
    void noEntryHasTwoPartners() {
        VocabularyAlignment join = VocabularyAlignment.of(List.of("a", "a", ""), List.of("a", "a", ""),
                Optional.empty());
        assertArrayEquals(new long[] {0}, join.student());
        assertArrayEquals(new long[] {0}, join.teacher());
    }

    @Test
    void theNearestEntryIsTheOneThatTryingAllFinds() {
        Random random = new Random(3);
        List<String> student = words(60, random);
        List<String> teacher = words(80, random);
        int[] nearest = VocabularyAlignment.of(student, teacher, Optional.empty()).nearest().get();
        for (int id = 0; id < teacher.size(); id++) {
            int own = id;
            int least = IntStream.range(0, student.size())
                    .map(i -> NearestTokens.distance(student.get(i), teacher.get(own))).min().orElseThrow();
            assertEquals(least, NearestTokens.distance(student.get(nearest[id]), teacher.get(id)), teacher.get(id));
        }
        assertEquals(3, NearestTokens.distance("kitten", "sitting"));
    }

    private static List<String> words(int count, Random random) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(random.ints(1 + random.nextInt(6), 'a', 'e')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString());
        }
        return words;
    }

    @Test
    void warpingMatchesEqualTokensAndLeavesOutWhatHasSeveralPartners() {
        assertArrayEquals(new int[] {0, 1, 2}, DynamicTimeWarping.of(List.of("a", "b", "c"), List.of("a", "b", "c")));
        assertArrayEquals(new int[] {0, -1, 3},
                DynamicTimeWarping.of(List.of("the", "cats", "sat"), List.of("the", "ca", "ts", "sat")));
        assertArrayEquals(new int[] {-1}, DynamicTimeWarping.of(List.of("a"), List.of()));
    }

    @Test
    void partsOfAJoinAreTheWholeInPieces() {
        TokenAlignment one = new TokenAlignment(new int[] {0, 0, 1}, new int[] {0, 1, 1}, 2, new int[] {0, 1, 2},
                new int[] {0, -1, 2});
        TokenAlignment two = TokenAlignment.concat(List.of(one, one));
        assertArrayEquals(new int[] {0, 0, 1, 2, 2, 3}, two.studentSpan());
        assertArrayEquals(new int[] {0, -1, 2, 3, -1, 5}, two.byWarping());
        assertEquals(2, two.chunkEnd(1), "a chunk that would cut the first span is longer");
        int[] theirs = two.teacherRange(3, 6);
        assertArrayEquals(new int[] {3, 6}, theirs);
        TokenAlignment part = two.slice(3, 6, theirs);
        assertArrayEquals(one.studentSpan(), part.studentSpan());
        assertArrayEquals(one.teacherSpan(), part.teacherSpan());
        assertArrayEquals(one.byPosition(), part.byPosition());
        assertArrayEquals(one.byWarping(), part.byWarping());
        assertEquals(one.spans(), part.spans());
    }
}
