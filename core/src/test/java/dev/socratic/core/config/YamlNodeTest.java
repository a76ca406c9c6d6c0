package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.ConfigException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlNodeTest {
    @ParameterizedTest
    @CsvSource({"yes,Boolean", "off,Boolean", "y,String", "1e-3,String", "1.0e-3,Double", "1.,Double", "010,Long",
        "1_000,Long", ".inf,Double", "+5,Long", "'\"5\"',String", "a b,String"})
    void aPlainTextIsWhatPyYamlTakesItFor(String text, String type) {
        YamlNode.Scalar scalar = (YamlNode.Scalar) YamlNode.read(text, "a.yaml");
        assertEquals(type, scalar.value().orElseThrow().getClass().getSimpleName());
    }

    @Test
    void tagsPlacesRepeatedKeysAndMergedOnesAreKept() {
        YamlNode.Entries map = (YamlNode.Entries) YamlNode.read("""
                base: &base {a: 1, b: 2}
                own:
                  <<: *base
                  b: 3
                f: !function utils.f
                f: !function utils.g
                n: ~
                """, "a.yaml");
        YamlNode.Entries own = (YamlNode.Entries) map.get("own").orElseThrow();
        assertEquals(List.of("a", "b"), List.copyOf(own.entries().keySet()));
        assertEquals("a.yaml:4:6", own.get("b").orElseThrow().place());
        YamlNode.Scalar f = (YamlNode.Scalar) map.get("f").orElseThrow();
        assertEquals("utils.g", f.text());
        assertEquals(Optional.of("!function"), f.tag());
        assertEquals(List.of(new YamlNode.Repeated("f", "a.yaml:6:1")), map.repeated());
        assertEquals(Optional.empty(), ((YamlNode.Scalar) map.get("n").orElseThrow()).value());
    }

    @Test
    void whatIsNoYamlSaysWhere() {
        ConfigException wrong = assertThrows(ConfigException.class, () -> YamlNode.read("a: [1,\nb: 2", "a.yaml"));
        assertEquals("a.yaml:2:5", wrong.problems().getFirst().place());
        assertEquals("mend it there, or just before", wrong.problems().getFirst().remedy());
    }
}
