package dev.socratic.core.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PythonLiteralTest {
    @Test
    void readsListsOfTextsAsTheyArePrinted() {
        assertEquals(Optional.of(List.of("it's", "a \"b\"", "\n\u00e9")),
                PythonLiteral.read("[\"it's\", 'a \"b\"', '\\n\\xe9']"));
        assertEquals(Optional.of(List.of()), PythonLiteral.read("[]"));
        assertEquals(Optional.of(List.of(1L, -2.5, true, Optional.empty())),
                PythonLiteral.read("(1, -2.5, True, None,)"));
        assertEquals(Optional.of(Map.of("a", List.of(0L))), PythonLiteral.read("{'a': [0]}"));
        assertEquals(Optional.of("ab"), PythonLiteral.read("'a' \"b\""));
        assertEquals(Optional.of(3L), PythonLiteral.read("(3)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[1", "[1 2]", "007", "a", "__import__('os')", "[x for x in y]", "'a", "[1]]", "1+1"})
    void anythingElseIsNoLiteral(String text) {
        assertEquals(Optional.empty(), PythonLiteral.read(text));
    }
}
