package dev.socratic.models.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Constraint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a constraint allows, byte by byte, without a model.
class GrammarTest {
    static Constraint.JsonSchema schema(String json) {
        return new Constraint.JsonSchema(
                Json.mapper().convertValue(Json.read(json, JsonNode.class, "schema"), Map.class));
    }

    private static boolean accepts(Automaton automaton, String text) {
        return automaton.start().after(text.getBytes(StandardCharsets.UTF_8)).accepting();
    }

    private static void assertAccepts(String json, String... texts) {
        Automaton automaton = new Automaton(Grammar.of(schema(json)));
        for (String text : texts) {
            assertTrue(accepts(automaton, text), json + " allows " + text);
        }
    }

    private static void assertRefuses(String json, String... texts) {
        Automaton automaton = new Automaton(Grammar.of(schema(json)));
        for (String text : texts) {
            assertTrue(!accepts(automaton, text), json + " does not allow " + text);
        }
    }

    private static String refused(String json) {
        return assertThrows(DataException.class, () -> Grammar.of(schema(json))).getMessage();
    }

    @Test
    void membersComeInOrderRequiredOnesAlwaysAndOthersOnce() {
        String json = """
                {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"},
                 "c": {"const": "x"}}, "required": ["b"]}""";
        assertAccepts(json, "{\"b\":true}", "{\"a\":-12,\"b\":false}", "{\"a\": 0, \"b\": true, \"c\": \"x\"}",
                "{\"b\":true,\"c\":\"x\"}");
        assertRefuses(json, "{}", "{\"a\":1}", "{\"b\":true,\"a\":1}", "{\"b\":true,}", "{,\"b\":true}",
                "{\"b\":true \"c\":\"x\"}", "{\"b\":  true}", "{\"a\":01,\"b\":true}", "{\"b\":true,\"d\":1}",
                "{\"b\":true}}", "{\"b\":true", "");
        assertAccepts("{\"type\": \"object\", \"properties\": {\"a\": {}}}", "{}", "{\"a\":[1,{\"q\":null}]}");
    }

    @Test
    void whatIsNotNamedIsFreeWhereItMayBe() {
        String json = """
                {"type": "object", "properties": {"ab": {"type": "null"}}, "required": ["ab"],
                 "additionalProperties": {"type": "integer"}}""";
        assertAccepts(json, "{\"ab\":null}", "{\"ab\":null,\"a\":1,\"abc\":2,\"b\":3}", "{\"ab\":null,\"x y\":-1}");
        assertRefuses(json, "{\"ab\":null,\"ab\":1}", "{\"ab\":1}", "{\"a\":1}", "{\"ab\":null,\"\":1}");
        assertAccepts("{\"type\": \"object\"}", "{}", "{\"a\":\"b\",\"c\":[[]]}");
        assertRefuses("{\"type\": \"object\", \"additionalProperties\": false}", "{\"a\":1}");
    }

    @Test
    void listsTextsAndNumbersKeepTheirBounds() {
        assertAccepts("{\"items\": {\"type\": \"integer\"}, \"minItems\": 1, \"maxItems\": 3}", "[1]", "[1, 2,3]");
        assertRefuses("{\"items\": {\"type\": \"integer\"}, \"minItems\": 1, \"maxItems\": 3}", "[]", "[1,2,3,4]",
                "[1,]", "[\"a\"]");
        assertAccepts("{\"type\": \"array\", \"maxItems\": 0}", "[]");
        assertAccepts("{\"type\": \"array\", \"minItems\": 2}", "[1,\"a\"]", "[1,2,3,4,5]");
        assertAccepts("{\"type\": \"string\", \"minLength\": 2, \"maxLength\": 3}", "\"ab\"", "\"é\\n\\u00e9\"",
                "\"𝄞a\"");
        assertRefuses("{\"type\": \"string\", \"minLength\": 2, \"maxLength\": 3}", "\"a\"", "\"abcd\"", "\"\\ud83d\"",
                "\"a\nb\"", "\"\\x\"");
        assertAccepts("{\"type\": \"number\"}", "-0.5e-3", "0", "123456789012345678", "1E9");
        assertRefuses("{\"type\": \"number\"}", "1.", ".5", "+1", "1e999", "1234567890123456789", "-");
        assertAccepts("{\"type\": [\"null\", \"boolean\"]}", "null", "true");
        assertAccepts("{\"enum\": [1, \"a\\\"b\", null, {\"k\": [1.5]}]}", "1", "\"a\\\"b\"", "null",
                "{\"k\":[1.5]}");
        assertRefuses("{\"enum\": [1, \"a\"], \"type\": \"string\"}", "1");
    }

    /// As ECMAScript searches: anywhere in the text, unless it is bound; and written as JSON writes it.
    @Test
    void patternsOfTextsAreSearchedFor() {
        assertAccepts("{\"pattern\": \"b+\"}", "\"abba\"", "\"b\"", "\"x\\\"b\\\\\"");
        assertRefuses("{\"pattern\": \"b+\"}", "\"a\"", "\"\"");
        assertAccepts("{\"pattern\": \"^\\\\d{3}-[\\\"\\\\\\\\]$\"}", "\"123-\\\"\"", "\"123-\\\\\"");
        assertRefuses("{\"pattern\": \"^\\\\d{3}$\"}", "\"1234\"", "\"12\"");
    }

    @Test
    void aSchemaMayHoldItselfAsDeepAsItWants() {
        String tree = """
                {"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {"v": {"type": "integer"},
                 "kids": {"type": "array", "items": {"$ref": "#/$defs/node"}}}, "required": ["v"]}}}""";
        assertAccepts(tree, "{\"v\":1}", "{\"v\":1,\"kids\":[{\"v\":2},{\"v\":3,\"kids\":[]}]}",
                "{\"v\":1,\"kids\":[".repeat(300) + "{\"v\":0}" + "]}".repeat(300));
        assertRefuses(tree, "{\"v\":1,\"kids\":[".repeat(300) + "{\"v\":0}" + "]}".repeat(299));
        assertAccepts("{\"anyOf\": [{\"type\": \"null\"}, {\"type\": \"array\", \"items\": {\"$ref\": \"#\"}}]}",
                "[null,[null,[]]]");
    }

    @Test
    void allOfJoinsWhatDoesNotContradict() {
        assertAccepts("""
                {"allOf": [{"$ref": "#/$defs/a"}, {"properties": {"c": {"type": "null"}}, "required": ["c"]}],
                 "type": "object", "$defs": {"a": {"properties": {"b": {"type": "integer"}}, "required": ["b"]}}}""",
                "{\"b\":1,\"c\":null}");
        assertEquals("json_schema.allOf[1].type: what the other schemas of allOf say, \"string\"; got \"integer\"; "
                + "write it out as one schema",
                refused("{\"allOf\": [{\"type\": \"string\"}, {\"type\": \"integer\"}]}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"type\":\"integer\",\"minimum\":3} | json_schema.minimum: a keyword that is obeyed here: $ref, allOf, anyOf, "
                + "const, enum, oneOf, type; got 'minimum'; leave it out and check the answer for it",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"format\":\"date\"}}} | json_schema.properties.a.format: a keyword "
                + "that is obeyed here: $ref, allOf, anyOf, const, enum, maxLength, minLength, oneOf, pattern, type; got "
                + "'format'; leave it out and check the answer for it",
        "{\"type\":\"text\"} | json_schema.type: one of [array, boolean, integer, null, number, object, string]; got "
                + "'text'; write one of them",
        "{\"$ref\":\"#/$defs/x\"} | json_schema.$ref: a place in this schema (#/$defs/NAME); got '#/$defs/x'; write the "
                + "schema under $defs and name it there",
        "{\"$ref\":\"#\"} | json_schema: a schema that comes back to itself only inside of an object or an array; got one "
                + "that is itself; put the $ref into properties or items",
        "{\"anyOf\":[{\"type\":\"null\"}],\"type\":\"null\"} | json_schema.type: nothing beside anyOf; got type; write it "
                + "into each schema of anyOf, or join them with allOf",
        "{\"type\":\"string\",\"pattern\":\"(?=a)\"} | json_schema.pattern: a regular expression that a finite automaton "
                + "can follow; got '(?='; write it without looking around, back or at flags",
        "{\"type\":\"string\",\"pattern\":\"a\",\"maxLength\":3} | json_schema.pattern: a pattern without minLength and "
                + "maxLength; got both; write the length into the pattern: ^[a-z]{2,5}$",
        "{\"type\":\"object\",\"required\":[\"a\"]} | json_schema.required: names that stand in properties; got 'a'; add "
                + "it to properties",
        "{\"type\":\"array\",\"minItems\":-1} | json_schema.minItems: a number from 0 to 10000; got -1; leave it out for "
                + "no bound",
        "{\"enum\":[]} | json_schema: something that can be written; got a constraint that nothing satisfies; look for an "
                + "empty enum, bounds in the wrong order, or an object that has to hold itself",
    })
    void whatIsNotObeyedOrCannotBeSatisfiedIsRefusedByName(String json, String message) {
        assertEquals(message, refused(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"type\":\"string\",\"minLength\":3,\"maxLength\":2}",
        "{\"type\":\"array\",\"minItems\":3,\"maxItems\":2}",
        "{\"properties\":{\"me\":{\"$ref\":\"#\"}},\"required\":[\"me\"]}",
        "{\"type\":\"array\",\"minItems\":1,\"items\":{\"enum\":[]}}"
    })
    void whatNothingSatisfiesIsSaid(String json) {
        assertTrue(refused(json).contains("got a constraint that nothing satisfies"), refused(json));
    }

    /// Of two alternatives one that cannot be finished is left out, so that nobody walks into it.
    @Test
    void noWayLeadsIntoADeadEnd() {
        Automaton automaton = new Automaton(Grammar.of(new Constraint.Regex("ab|ac[^\\s\\S]")));
        assertTrue(accepts(automaton, "ab"));
        assertTrue(automaton.start().after("ac".getBytes(StandardCharsets.UTF_8)).dead());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a", "a|bc", "(?:ab)*c?", "[^a-c]+", "a{1,2}b{0,1}c{1}", "[a-c-]+", "\\d\\D?\\w+", "a.c", "(a|b)+?c",
        "(?<n>ab?)+", "[\\]\\\\]a", "x?y*z+", "((a|bc){1,2}d)*", "^ab$", "[^b]{0,3}b"
    })
    void aRegularExpressionMatchesWhatJavasMatches(String expression) {
        Automaton automaton = new Automaton(Grammar.of(new Constraint.Regex(expression)));
        java.util.regex.Pattern reference = java.util.regex.Pattern.compile(expression, java.util.regex.Pattern.DOTALL);
        SplittableRandom random = new SplittableRandom(expression.hashCode());
        int matched = 0;
        for (int i = 0; i < 4_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(7); length > 0; length--) {
                text.append("abcdxyz1-]\\é".charAt(random.nextInt(12)));
            }
            boolean wanted = reference.matcher(text).matches();
            matched += wanted ? 1 : 0;
            assertEquals(wanted, accepts(automaton, text.toString()), expression + " of " + text);
        }
        assertTrue(matched > 0, expression);
    }

    @Test
    void charactersOfEveryLengthAreWhole() {
        Automaton automaton = new Automaton(Grammar.of(new Constraint.Regex("[^\\x00-\\x1f\\u0800-\\uffff]")));
        for (int point = 0; point <= Character.MAX_CODE_POINT; point += point < 0x900 || point > 0xFF00 && point < 0x10100
                ? 1 : 257) {
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                boolean wanted = point > 0x1f && (point < 0x800 || point > 0xffff);
                assertEquals(wanted, accepts(automaton, Character.toString(point)), "U+" + Integer.toHexString(point));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "a(?!b) | got '(?!'; write it without looking around, back or at flags",
        "(a)\\1 | got '\\1'; write it without boundaries, back references and properties of characters",
        "\\bword | got '\\b'; write it without boundaries, back references and properties of characters",
        "a$b | got 'b' at character 3; write it without, ^ at the beginning and $ at the end of the whole alone",
        "a) | got ')' at character 2; write \\) for the character itself",
        "(a | got a group without its end; close the group with )",
        "*a | got '*' with nothing before it; write \\* for the character itself",
        "a{3,1} | got {3,1}; write bounds in their order, at most 10000",
    })
    void whatAnAutomatonCannotFollowIsRefused(String expression, String message) {
        assertEquals("regex: a regular expression that a finite automaton can follow; " + message,
                assertThrows(DataException.class, () -> Grammar.of(new Constraint.Regex(expression))).getMessage());
    }

    /// There `^` and `$` would be of one side each.
    @Test
    void anchorsBesideAlternativesAreRefused() {
        assertEquals("regex: a regular expression that a finite automaton can follow; got ^ or $ beside | without a "
                + "group; write ^(?:a|b)$", assertThrows(DataException.class, () ->
                        Grammar.of(new Constraint.Regex("^a|b$"))).getMessage());
        assertTrue(accepts(new Automaton(Grammar.of(new Constraint.Regex("^(?:a|b)$"))), "b"));
    }

    @Test
    void repetitionsThatWouldFillTheMemoryAreRefused() {
        assertEquals("regex: a pattern or bounds of at most 200000 parts, repetitions written out; got more; lower the "
                + "numbers of repetitions", assertThrows(DataException.class,
                        () -> Grammar.of(new Constraint.Regex("((a{9999}){9999}){9999}"))).getMessage());
    }

    /// Documents of random schemas, with and without the one blank that may stand.
    @Test
    void everyDocumentOfARandomSchemaIsAllowedInItsOneOrder() throws Exception {
        Documents documents = new Documents(3);
        for (int i = 0; i < 150; i++) {
            JsonNode schema = documents.schema(3);
            Automaton automaton = new Automaton(Grammar.of(schema(schema.toString())));
            for (int j = 0; j < 5; j++) {
                JsonNode document = documents.document(schema);
                assertTrue(Documents.valid(document, schema), schema + " " + document);
                assertTrue(accepts(automaton, document.toString()), schema + " allows " + document);
            }
        }
        assertEquals(List.of(true, false), List.of(
                Documents.valid(new ObjectMapper().readTree("\"ab\""), documents.schema(0).removeAll()
                        .put("type", "string").put("maxLength", 2)),
                Documents.valid(new ObjectMapper().readTree("\"abc\""), documents.schema(0).removeAll()
                        .put("type", "string").put("maxLength", 2))), "the validator of these tests can refuse");
    }
}
