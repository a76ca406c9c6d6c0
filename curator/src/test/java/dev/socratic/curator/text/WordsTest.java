package dev.socratic.curator.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void caseApostrophesAndPunctuationDoNotCount() {
        assertEquals(List.of("bettys", "120", "page", "book", "yes"),
                Words.of("Betty's 120-page \u201cBook\u201d \u2014 YES!"));
        assertEquals(Words.of("Betty's"), Words.of("Betty\u2019s"));
    }

    @Test
    void aNumberIsOneWordHoweverItIsGrouped() {
        assertEquals(List.of("1000", "5", "0.25", "12", "34", "1", "2", "3"), Words.of("1,000 $5 0.25 12,34 1, 2, 3"));
        assertEquals(List.of("1234567"), Words.of("1,234,567"));
        assertEquals(List.of("3", "5"), Words.of("3. 5."));
        assertEquals(List.of("20", "m"), Words.of("20m"));
        assertEquals(List.of("3"), Words.of("\u0663"));
    }

    @Test
    void signsTellFormulasApart() {
        assertNotEquals(Words.of("24 + 16"), Words.of("24 - 16"));
        assertNotEquals(Words.of("24 * 16"), Words.of("24 / 16"));
        assertEquals(Words.of("24-16=8"), Words.of("24 - 16 = 8"));
        assertEquals(List.of("a", "well", "known", "dash"), Words.of("a well-known - dash"));
    }

    @Test
    void scriptsWithoutBlanksAreCutIntoCharacters() {
        assertEquals(List.of("\u6211", "\u6709", "3", "\u4e2a", "\u82f9", "\u679c"),
                Words.of("\u6211\u67093\u4e2a\u82f9\u679c\u3002"));
        assertEquals(List.of("\u00e9t\u00e9", "\u043c\u0438\u0440", "\u0939\u093f\u0928\u094d\u0926\u0940"),
                Words.of("e\u0301te\u0301 \u041c\u0418\u0420 \u0939\u093f\u0928\u094d\u0926\u0940"));
    }

    @Test
    void anyTextIsCutWithoutFailing() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(20, 0, 0x110000)
                    .forEach(c ->
                            text.append(random.nextBoolean()
                                    ? Character.toString(c)
                                    : String.valueOf((char) (c & 0xff))));
            text.append((char) (0xD800 + random.nextInt(0x800)));
            Words.of(text.toString()).forEach(word -> assertTrue(!word.isEmpty()));
            NumberMultiset.of(Words.of(text.toString()));
        }
    }

    @Test
    void numbersCountByValueAndByWord() {
        assertEquals(Map.of("2", 3, "0.5", 1, "1000", 1), NumberMultiset.of(Words.of("two 2 2.0 half 1,000 one")));
        assertEquals(0.5, NumberMultiset.share(Map.of("2", 1, "3", 1), Map.of("2", 5)));
        assertEquals(1, NumberMultiset.share(Map.of(), Map.of("2", 5)));
    }

    @Test
    void theJaccardOfShinglesIsThatOfTheSets() {
        Shingles a = Shingles.of(List.of("a", "b", "c", "d"), 2);
        Shingles b = Shingles.of(List.of("a", "b", "c", "e"), 2);
        assertEquals(0.5, a.jaccard(b));
        assertEquals(0.5, a.within("x").jaccard(b.within("x")));
        assertEquals(0, a.jaccard(a.within("x")));
        assertEquals(1, Shingles.of(List.of("a", "b"), 5).size());
        assertEquals(2, Shingles.of(List.of("a", "b", "a", "b"), 2).size());
        assertEquals(0, Shingles.of(List.of(), 2).size());
        assertEquals(2.0 / 3, a.containedIn(b));
    }
}
