package dev.socratic.core.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
        refused("max_tokens: at least 1; got %s; 1024 suits most answers", 0, () -> GenerationParameters.greedy(0));
        refused("stop: texts of at least one character; got an empty one; it would end every answer at once%s", "",
                () -> new GenerationParameters(Sampling.PLAIN, 5, List.of("a", "")));
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
                new Sampling(1, 1, 0, 0.1))) {
            assertFalse(other.isPlain(), other.toString());
        }
    }
}
