package dev.socratic.generator.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class RepetitionTest {
    @Test
    void findsLoopsOfOneWordAndOfManyAnywhereInTheText() {
        assertEquals(Optional.of("\"ha\" again and again"),
                Repetition.find("So 3 + 4 = 7. " + "ha ".repeat(40) + "The answer is 7."));
        assertTrue(Repetition.find("Wait, let me check that again. ".repeat(6)).isPresent());
        String paragraph =
                "First we add 3 and 4 which gives 7 then we take 2 away which leaves 5 and so on until nothing is "
                        + "left of the cake at all. ";
        assertTrue(Repetition.find("Begin. " + paragraph.repeat(4)).isPresent());
    }

    @Test
    void findsTextThatGoesInCirclesWithoutRepeatingExactly() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            text.append("Step ").append(i)
                    .append(": now we look at the number of apples that Tom has left in his basket. ");
        }
        assertTrue(Repetition.find(text.toString()).isPresent());
    }

    @Test
    void leavesWorkedAnswersTablesAndShortRoundsAlone() {
        for (String text : List.of(
                "",
                "24 + 16 = 40\n40 * 2 = 80\nThe answer is 80.",
                "0, 0, 0, 0, 0, 0, 0, 0, 0, 0",
                "very very very very very good",
                "| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n| 7 | 8 |\n| 9 | 10 |\n| 11 | 12 |\n| 13 | 14 |\n| 15 | 16 |",
                "Monday: 3 + 1 = 4\nTuesday: 4 + 1 = 5\nWednesday: 5 + 1 = 6\nThursday: 6 + 1 = 7\nFriday: 7 + 1 = "
                        + "8\nSaturday: 8 + 1 = 9")) {
            assertEquals(Optional.empty(), Repetition.find(text), text);
        }
    }

    @Test
    void hardlyAnyCorrectAnswerOfRealModelsIsCalledRepetitive() throws Exception {
        Optional<Path> file = solutions();
        Assumptions.assumeTrue(file.isPresent(), "needs data/gsm8k/model_solutions.jsonl under SOCRATIC_SHARED");
        long correct = 0;
        long called = 0;
        for (String line : Files.readAllLines(file.get())) {
            for (JsonNode answer : Json.mapper().readTree(line)) {
                if (answer.path("is_correct").asBoolean(false)) {
                    correct++;
                    called += Repetition.find(answer.path("solution").asText()).isPresent() ? 1 : 0;
                }
            }
        }
        assertTrue(correct > 1000, correct + " correct answers");
        assertTrue(called <= correct / 1000, called + " of " + correct + " correct answers are called repetitive");
    }

    private static Optional<Path> solutions() throws Exception {
        String named = System.getProperty("SOCRATIC_SHARED", System.getenv().getOrDefault("SOCRATIC_SHARED", ""));
        for (String root : named.isEmpty() ? new String[] {"../shared", "../../shared"} : new String[] {named}) {
            Path data = Path.of(root, "data", "gsm8k");
            if (Files.isDirectory(data)) {
                try (Stream<Path> files = Files.walk(data)) {
                    return files.filter(f -> f.getFileName().toString().equals("model_solutions.jsonl")).findFirst();
                }
            }
        }
        return Optional.empty();
    }
}
