package dev.socratic.core.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SamplingTest {
    @Test
    void whatIsOutOfRangeIsRefusedWithWhatToWriteInstead() {
        String temperature = "temperature: a number from 0 to 100; got %s; 0 takes the likeliest token";
        String topP = "top_p: a number above 0 and at most 1; got %s; 1 keeps every token";
        String minP = "min_p: a number from 0 to 1; got %s; 0 keeps every token";
        refused(temperature, -0.1, () -> new Sampling(-0.1, 1, 0, 0));
        refused(temperature, 100.5, () -> new Sampling(100.5, 1, 0, 0));
        refused(temperature, Double.NaN, () -> new Sampling(Double.NaN, 1, 0, 0));
        refused(temperature, Double.POSITIVE_INFINITY, () -> new Sampling(Double.POSITIVE_INFINITY, 1, 0, 0));
        refused(topP, 0.0, () -> new Sampling(1, 0, 0, 0));
        refused(topP, 1.1, () -> new Sampling(1, 1.1, 0, 0));
        refused(topP, Double.NaN, () -> new Sampling(1, Double.NaN, 0, 0));
        refused("top_k: at least 1, or 0; got %s; 0 keeps every token", -2, () -> new Sampling(1, 1, -2, 0));
        refused(minP, -0.1, () -> new Sampling(1, 1, 0, -0.1));
        refused(minP, 1.5, () -> new Sampling(1, 1, 0, 1.5));
        refused(minP, Double.NaN, () -> new Sampling(1, 1, 0, Double.NaN));
        String typicalP = "typical_p: a number above 0 and at most 1; got %s; 1 keeps every token";
        refused(typicalP, 0.0, () -> further(0, Penalties.NONE, Map.of()));
        refused(typicalP, Double.NaN, () -> further(Double.NaN, Penalties.NONE, Map.of()));
        String repetition = "repetition_penalty: a number above 0 and at most 100; got %s; 1 changes nothing";
        refused(repetition, 0.0, () -> new Penalties(0, 0, 0));
        refused(repetition, 101.0, () -> new Penalties(101, 0, 0));
        refused("presence_penalty: a number from -2 to 2; got %s; 0 changes nothing", 2.5, () ->
                new Penalties(1, 2.5, 0));
        refused("frequency_penalty: a number from -2 to 2; got %s; 0 changes nothing", Double.NaN, () ->
                new Penalties(1, 0, Double.NaN));
        refused("logit_bias: ids of tokens, from 0; got %s; ids are those of the model's own tokenizer", -1, () ->
                further(1, Penalties.NONE, Map.of(-1, 1.0)));
        refused("logit_bias: a number from -100 to 100 for each token; got %s for 4; -100 all but forbids it", 101.0,
                () -> further(1, Penalties.NONE, Map.of(4, 101.0)));
        refused("min_tokens: at least 0; got %s; 0 lets the model end where it wants", -1, () ->
                new Limits(-1, List.of(), Optional.empty()));
        refused("min_tokens: at most max_tokens, 5; got %s; raise max_tokens or lower min_tokens", 6, () ->
                new GenerationParameters(Sampling.PLAIN, 5, List.of(), new Limits(6, List.of(), Optional.empty()),
                        "", Optional.empty()));
        refused("stop_token_ids: ids of tokens, from 0; got %s; ids are those of the model's own tokenizer", -1, () ->
                new Limits(0, List.of(-1L), Optional.empty()));
        refused("time_limit: a time above 0, such as 30s; got %s; leave it out for no limit", "PT0S", () ->
                new Limits(0, List.of(), Optional.of(Duration.ZERO)));
        refused("max_tokens: at least 1; got %s; 1024 suits most answers", 0, () -> GenerationParameters.greedy(0));
        refused("stop: texts of at least one character; got an empty one; it would end every answer at once%s", "",
                () -> new GenerationParameters(Sampling.PLAIN, 5, List.of("a", "")));
    }

    private static Sampling further(double typicalP, Penalties penalties, Map<Integer, Double> biases) {
        return new Sampling(1, 1, 0, 0, typicalP, penalties, biases);
    }

    /// As a recipe writes them, flat beside the others, and what a server is told.
    @Test
    void everyFieldIsReadFromAConfigWrittenOutAndTold() {
        String yaml = """
                {temperature: 0.5, typical_p: 0.9, repetition_penalty: 1.2, presence_penalty: 0.5,
                 frequency_penalty: -0.5, logit_bias: {7: -100, 12: 2.5}, max_tokens: 9, min_tokens: 2,
                 stop_token_ids: [5, 3], time_limit: 30s, prefix: "Sure:",
                 constrain: {json_schema: {type: object, properties: {a: {enum: [1, x]}}}}}""";
        GenerationParameters read = ConfigReader.read(yaml, "s.yaml", GenerationParameters.class);
        assertEquals(new GenerationParameters(
                new Sampling(0.5, 1, 0, 0, 0.9, new Penalties(1.2, 0.5, -0.5), Map.of(7, -100.0, 12, 2.5)), 9, List.of(),
                new Limits(2, List.of(3L, 5L), Optional.of(Duration.ofSeconds(30))), "Sure:",
                Optional.of(new Constraint.JsonSchema(Map.of("type", "object", "properties",
                        Map.of("a", Map.of("enum", List.of(1L, "x"))))))), read);
        assertEquals(read, ConfigReader.read(ConfigWriter.yaml(read), "s.yaml", GenerationParameters.class));
        assertEquals("{\"frequency_penalty\":-0.5,\"logit_bias\":{\"12\":2.5,\"7\":-100.0},\"min_tokens\":2,"
                + "\"presence_penalty\":0.5,\"repetition_penalty\":1.2,\"response_format\":{\"json_schema\":{\"name\":"
                + "\"answer\",\"schema\":{\"properties\":{\"a\":{\"enum\":[1,\"x\"]}},\"type\":\"object\"},\"strict\":true},"
                + "\"type\":\"json_schema\"},\"stop_token_ids\":[3,5],\"typical_p\":0.9}", Json.canonical(read.sent()));
        for (String other : List.of("{constrain: {regex: '[a-z]+'}}", "{constrain: {choice: [yes, no]}}")) {
            GenerationParameters one = ConfigReader.read(other, "s.yaml", GenerationParameters.class);
            assertEquals(one, ConfigReader.read(ConfigWriter.yaml(one), "s.yaml", GenerationParameters.class));
            assertEquals(Map.of(), one.sent());
        }
        assertEquals(List.of("min_p", "top_k"), List.copyOf(new Sampling(1, 1, 3, 0.1).further().keySet()));
        assertEquals(Map.of(), new GenerationParameters(Sampling.PLAIN, 5).sent());
    }

    private static void refused(String message, Object got, Executable made) {
        assertEquals(message.formatted(got), assertThrows(IllegalArgumentException.class, made).getMessage());
    }

    /// The remedies of the messages, and the ends of each range.
    @Test
    void theEndsOfEachRangeAreTaken() {
        assertEquals(Sampling.GREEDY, new Sampling(0, 1));
        assertEquals(100, new Sampling(100, 1).temperature());
        assertEquals(1, new Sampling(1, 1, Integer.MAX_VALUE, 1).minP());
        assertEquals(Double.MIN_VALUE, new Sampling(1, Double.MIN_VALUE).topP());
        assertEquals(1, new GenerationParameters(Sampling.PLAIN, 1).maxTokens());
    }

    @Test
    void minusOneKeepsEveryTokenAsZeroDoes() {
        assertEquals(new Sampling(1, 1, 0, 0), new Sampling(1, 1, -1, 0));
    }

    @Test
    void onlyWhatChangesNothingIsPlain() {
        assertTrue(new Sampling(1, 1).isPlain());
        for (Sampling other : List.of(new Sampling(0.9, 1), new Sampling(1, 0.9), new Sampling(1, 1, 3, 0),
                new Sampling(1, 1, 0, 0.1), further(0.9, Penalties.NONE, Map.of()),
                further(1, new Penalties(1, 0, 0.1), Map.of()), further(1, Penalties.NONE, Map.of(1, 0.5)))) {
            assertFalse(other.isPlain(), other.toString());
        }
    }
}
