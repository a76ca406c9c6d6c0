package dev.socratic.core.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonJsonTest {
    @Test
    void aDocumentHasTheHashThatPythonGivesIt() {
        // hashlib.sha256(json.dumps(value, indent=2, ensure_ascii=False).encode()) of Python 3.11
        String text =
                "{\"a\": [], \"b\": {}, \"c\": [1, 2.0, 1e+16, 1e-05, 1.5e-07, 0.1, 123456789.125, 1e+22, "
                        + "12345678901234567890], "
                + "\"d\": \"q\\\"\\\\\\n\\t\\r\\f\\b\\u0001\\u001f \\u00e9 \\u2603 \\u2028 \\u007f\", \"e\": null, "
                + "\"f\": true, \"g\": {\"h\": [{\"i\": false}]}}";
        String written = PythonJson.indented(Json.read(text, JsonNode.class, "test"));
        assertEquals("2d639cc5161396a43ce2f520725ed3ff6dcf3ee4ef8175bb26910a9642c20e37", Hashes.sha256(written),
                written);
    }

    @Test
    void emptyListsAndObjectsStayOnOneLine() {
        assertEquals("{\n  \"a\": [],\n  \"b\": {}\n}",
                PythonJson.indented(Json.read("{\"a\":[],\"b\":{}}", JsonNode.class, "test")));
    }

    @ParameterizedTest
    @CsvSource({"1e15, 1000000000000000.0", "1e16, 1e+16", "0.0001, 0.0001", "0.00001, 1e-05", "-2.5e-7, -2.5e-07",
            "1e100, 1e+100", "0.0, 0.0"})
    void realNumbersTurnToExponentsWherePythonDoes(String number, String python) {
        assertEquals(python, PythonJson.indented(Json.read(number, JsonNode.class, "test")));
    }
}
