package dev.socratic.eval.harness.instruction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.socratic.core.python.PythonStrings;
import java.util.List;

/// Whether a text is JSON, maybe in a fence of Markdown, as Python's `json.loads` reads it (NaN and Infinity are JSON
/// there).
final class FencedJson {
    private static final List<String> FENCES = List.of("```json", "```Json", "```JSON", "```");

    private FencedJson() {}

    static boolean isJson(String text) {
        String bare = PythonStrings.strip(text);
        for (String fence : FENCES) {
            bare = bare.startsWith(fence) ? bare.substring(fence.length()) : bare;
        }
        bare = PythonStrings.strip(bare.endsWith("```") ? bare.substring(0, bare.length() - 3) : bare);
        ObjectMapper mapper = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
        try {
            JsonNode read = mapper.readTree(bare);
            return !read.isMissingNode();
        } catch (JsonProcessingException none) {
            return false;
        }
    }
}
