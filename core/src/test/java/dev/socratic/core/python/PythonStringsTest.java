package dev.socratic.core.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/// Expected values are CPython's 3.11.
class PythonStringsTest {
    @Test
    void blanksAreThoseOfUnicodeAndTheSeparatorsOfAscii() {
        assertEquals("a\u200bb", PythonStrings.strip("\u00a0\u001c\u3000a\u200bb\u0085\n"));
        assertEquals(List.of("a", "b"), PythonStrings.split(" a\u001db\u2028"));
        assertEquals(List.of("", "a", "", ""), PythonStrings.split("xaxx", "x"));
        assertEquals("b*a", PythonStrings.strip("**b*a*", "*"));
    }

    @Test
    void aTextIsUpperWhereSomeLetterIsAndNoneIsLower() {
        assertTrue(PythonStrings.isUpper("A-1 ß".replace("ß", "É")));
        assertFalse(PythonStrings.isUpper("123"));
        assertFalse(PythonStrings.isUpper("\u01c5")); // a title case letter
        assertTrue(PythonStrings.isLower("é 1"));
        assertFalse(PythonStrings.isLower("aB"));
    }

    @Test
    void numbersAreWhatFloatReadsAndPrints() {
        assertEquals(OptionalDouble.of(1000.5), PythonStrings.number(" 1_000.5 "));
        assertEquals(OptionalDouble.of(12), PythonStrings.number("\u0661\u0662"));
        assertEquals(OptionalDouble.of(Double.NEGATIVE_INFINITY), PythonStrings.number("-Infinity"));
        assertTrue(Double.isNaN(PythonStrings.number("nan").orElseThrow()));
        for (String none : List.of("", ".", "e5", "1,000", "0x1", "1__0", "5d", "1 2")) {
            assertEquals(OptionalDouble.empty(), PythonStrings.number(none), none);
        }
        assertEquals("5.0", PythonStrings.repr(5));
        assertEquals("1e-05", PythonStrings.repr(0.00001));
        assertEquals("0.0001", PythonStrings.repr(0.0001));
        assertEquals("1e+16", PythonStrings.repr(1e16));
        assertEquals("1.5e+300", PythonStrings.repr(1.5e300));
        assertEquals("-1234567890123456.0", PythonStrings.repr(-1234567890123456d));
    }
}
