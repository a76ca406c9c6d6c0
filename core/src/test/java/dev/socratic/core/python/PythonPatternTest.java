package dev.socratic.core.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Expected values are those of CPython 3.11's `re.findall` and `re.sub`.
class PythonPatternTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            '#### (\\-?[0-9\\.\\,]+)';       'a #### -1,2.'; '[[-1,2.]]'
            '(-?[$0-9.,]{2,})|(-?[0-9]+)'; '7 and $18.';   '[[, 7], [$18., ]]'
            '(?P<a>x)(?P=a)';              'xx';           '[[x]]'
            'a{,2}b';                      'aaab';         '[[aab]]'
            '{x}';                         '{x}';          '[[{x}]]'
            '[[a&&b]+';                    '[a&b';         '[[[a&b]]'
            '[]x]+';                       ']x';           '[[]x]]'
            '[^[]+';                       'ab[c';         '[[ab], [c]]'
            '\\d+';                        '٣٤';           '[[٣٤]]'
            'x\\Z';                        'xx';           '[[x]]'
            """)
    void readsWhatPythonReads(String pattern, String text, String found) {
        assertEquals(found.strip(), PythonPattern.of(pattern.strip()).findAll(text.strip()).toString());
    }

    @Test
    void aDollarStandsBeforeALastLineFeedOnlyAndADotStopsAtNoOther() {
        assertEquals(List.of(List.of("a")), PythonPattern.of("a$").findAll("a\n"));
        assertEquals(List.of(), PythonPattern.of("a$").findAll("a\r\n"));
        assertEquals(List.of(List.of("a\rb")), PythonPattern.of("a.b").findAll("a\rb"));
    }

    @Test
    void wordsHaveNumbersOfAnyKindAndNoMarks() {
        assertEquals("[[x²], [½], [क], [य]]", PythonPattern.of("\\w+").findAll("x² ½ क्या").toString());
        assertEquals(List.of(List.of("a")), PythonPattern.of("\\ba\\b").findAll("a ab ba"));
        assertEquals(List.of(List.of("b")), PythonPattern.of("(?<=a)\\Bb").findAll("ab"));
        assertEquals("a-b", PythonPattern.of("\\s").sub("-", "a\u001cb", 0));
        assertEquals(List.of(List.of("ab")), PythonPattern.of("[^\\W\\d]+").findAll("1ab2"));
    }

    @Test
    void emptyMatchesStandWherePythonFindsThem() {
        assertEquals("-a-b-", PythonPattern.of("x*").sub("-", "ab", 0));
        assertEquals(List.of(List.of("ab"), List.of("")), PythonPattern.of("[ab]*").findAll("ab"));
    }

    @Test
    void replacementsNameGroups() {
        assertEquals("b-a.", PythonPattern.of("(\\w)-(?P<y>\\w)").sub("\\2-\\1.", "a-b", 0));
        assertEquals("<b>$", PythonPattern.of("(\\w)-(?P<y>\\w)").sub("<\\g<y>>$", "a-b", 1));
        assertEquals("xba", PythonPattern.of("a").sub("x", "aba", 1));
    }

    @Test
    void whatIsNoneIsRefusedWithItsText() {
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> PythonPattern.of("(a"));
        assertTrue(wrong.getMessage().startsWith("a regular expression of Python's re; got '(a'; mend it ("),
                wrong.getMessage());
        assertThrows(IllegalArgumentException.class, () -> PythonPattern.of("[a"));
    }
}
