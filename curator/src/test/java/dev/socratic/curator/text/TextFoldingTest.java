package dev.socratic.curator.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What hides that two texts are the same, and what does not.
class TextFoldingTest {
    private static final String PLAIN = "Nina plants 48 tulips in 6 rows of a garden, and 35 roses beside them.";

    @ParameterizedTest
    @ValueSource(ints = {0x00AD, 0x034F, 0x061C, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202D, 0x2060, 0x2066,
            0x3164, 0xFE0F, 0xFEFF, 0xE0041})
    void anInvisibleCharacterInsideAWordIsNotThere(int character) {
        String hidden = PLAIN.replaceAll("(?<=[a-z])(?=[a-z])", Character.toString(character));
        assertEquals(Words.of(PLAIN), Words.of(hidden), Integer.toHexString(character));
    }

    @Test
    void marksOfPrintAndMarkupAreNotThere() {
        List<String> plain = Words.of(PLAIN);
        assertEquals(plain, Words.of(PLAIN.replaceAll("([A-Za-z]+)", "**$1**")));
        assertEquals(plain, Words.of(PLAIN.replaceAll("([A-Za-z]+)", "*$1*")));
        assertEquals(plain, Words.of(PLAIN.replaceAll("([0-9]+)", "**$1**")));
        assertEquals(plain, Words.of(PLAIN.replaceAll("([a-z]+)", "<b>$1</b>")));
        assertEquals(plain, Words.of("<p class=\"q\">" + PLAIN + "</p><br/>"));
        assertEquals(plain, Words.of(PLAIN.replace(" ", "&nbsp;")));
        assertEquals(plain, Words.of(PLAIN.replace(" ", "&#160;").replace("n", "&#x6e;")));
        assertEquals(plain, Words.of(PLAIN.replace(" ", "\\n")));
        assertEquals(plain, Words.of(PLAIN.replace(" ", "\\t")));
        assertEquals(plain, Words.of(PLAIN.replace("garden", "gar-\nden")));
        assertEquals(plain, Words.of("* " + PLAIN));
    }

    @Test
    void signsOfFormulasStay() {
        assertEquals(List.of("2", "*", "3"), Words.of("2 * 3"));
        assertEquals(List.of("2", "*", "3"), Words.of("2*3"));
        assertEquals(List.of("a", "<", "b"), Words.of("a < b"));
        assertEquals(List.of("a", "<", "b", "or", "c", ">", "d"), Words.of("a<b or c>d"));
        assertEquals(List.of("x", "neq", "y", "theta"), Words.of("x \\neq y \\theta"));
        assertEquals(List.of("rock", "roll"), Words.of("rock &roll"));
    }

    @Test
    void lettersThatOnlyLookAlikeAreTheOnesTheyLookLike() {
        assertEquals(Words.of(PLAIN), Words.of(PLAIN.replace('a', '\u0430').replace('o', '\u043e')
                .replace('e', '\u0435')));
        assertEquals(Words.of(PLAIN), Words.of(PLAIN.replace('o', '\u03bf').replace('i', '\u03b9')));
        assertEquals(Words.of(PLAIN), Words.of(styled(PLAIN)));
        assertEquals(List.of("\u043c\u0438\u0440", "is", "a", "russian", "word"),
                Words.of("\u043c\u0438\u0440 is a Russian word"));
        assertEquals(List.of("the", "angle", "\u03b1"), Words.of("the angle \u03b1"));
        assertEquals(List.of("\u043e\u043d", "\u0440\u0430\u0434"), Words.of("\u043e\u043d \u0440\u0430\u0434"));
    }

    @Test
    void numberWordsAreTheNumbersTheySpell() {
        assertEquals(Words.of(PLAIN), Words.of(PLAIN.replace("48", "forty-eight").replace("6", "six")
                .replace("35", "Thirty Five")));
        assertEquals(List.of("105"), Words.of("one hundred and five"));
        assertEquals(List.of("2300005"), Words.of("two million three hundred thousand and five"));
        assertEquals(List.of("1500000"), Words.of("1.5 million"));
        assertEquals(List.of("3", "and", "4"), Words.of("three and four"));
        assertEquals(List.of("2", "3"), Words.of("two three"));
        assertEquals(List.of("the", "blue", "one", "and", "hundred", "more"),
                Words.of("the blue one and hundred more"));
        assertEquals(List.of("21"), Words.of("twenty-one"));
        assertEquals(List.of("in", "1999", "2"), Words.of("in 1999, two"));
    }

    @Test
    void marksThatAWriterMayLeaveOutAreNotThere() {
        assertEquals(Words.of("\u0643\u062a\u0628 \u0627\u0644\u0648\u0644\u062f"),
                Words.of("\u0643\u064e\u062a\u064e\u0628\u064e \u0627\u0644\u0648\u064e\u0644\u064e\u062f\u064f"));
        assertEquals(Words.of("\u0643\u062a\u0627\u0628"), Words.of("\u0643\u0640\u0640\u062a\u0627\u0640\u0628"));
        assertEquals(Words.of("\u05e9\u05dc\u05d5\u05dd"), Words.of("\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd"));
        assertEquals(Words.of("\u0437\u0430\u043c\u043e\u043a"), Words.of("\u0437\u0430\u0301\u043c\u043e\u043a"));
        assertNotEquals(Words.of("\u0e14\u0e35"), Words.of("\u0e14\u0e31"));
        assertNotEquals(Words.of("r\u00e9sum\u00e9"), Words.of("resume"));
    }

    @Test
    void scriptsWithoutBlanksAreCutIntoTheirWords() {
        for (String text : List.of(
                "เด็กชายกินข้าวทุกวัน",
                "ເດັກນ້ອຍກິນເຂົ້າທຸກມື້",
                "ក្មេងប្រុសញ៉ាំបាយរាល់ថ្ងៃ",
                "ကလေးများနေ့တိုင်းကျောင်းသွားတယ်")) {
            List<String> words = Words.of(text);
            assertTrue(words.size() >= 3, words.toString());
            assertEquals(text, String.join("", words));
            assertEquals(words, Words.of(text.replaceAll("(?<=.)(?=.)", "\u200b")).equals(words) ? words : List.of(),
                    text);
        }
    }

    @Test
    void theSaraAmOfThaiStaysOneLetter() {
        assertTrue(Words.of("\u0e19\u0e49\u0e33").contains("\u0e19\u0e49\u0e33"),
                Words.of("\u0e19\u0e49\u0e33").toString());
    }

    /// Mathematical bold letters.
    private static String styled(String text) {
        return text.toLowerCase(Locale.ROOT).codePoints()
                .mapToObj(c -> Character.toString(c >= 'a' && c <= 'z' ? 0x1D41A + c - 'a' : c))
                .collect(Collectors.joining());
    }
}
