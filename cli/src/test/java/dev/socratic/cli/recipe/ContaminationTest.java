package dev.socratic.cli.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.eval.SavedSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContaminationTest {
    private static final String DUCKS = "Janet's ducks lay 16 eggs per day. She eats three for breakfast every morning "
            + "and bakes muffins for her friends with four. How much does she make selling the rest at $2 each?";
    private static final String ROBE = "A robe takes 2 bolts of blue fiber and half that much white fiber. How many "
            + "bolts in total does it take?";

    @TempDir
    Path folder;

    private JsonNode look(String... learned) throws IOException {
        StringBuilder samples = new StringBuilder();
        samples.append(sample(0, "{\"question\": \"%s\"}".formatted(DUCKS), 1));
        samples.append(sample(1, "{\"question\": \"%s\"}".formatted(ROBE), 0));
        samples.append(sample(2, "{\"ctx\": \"A man climbs a ladder and\", \"label\": 3}", 1));
        Path file = folder.resolve("samples_t_2026-12-01T10-00-00.jsonl");
        Files.writeString(file, samples);
        StringBuilder rows = new StringBuilder();
        for (String question : learned) {
            rows.append("{\"id\": \"r%s\", \"question\": \"%s\", \"answer\": \"so\"}%n".formatted(rows.length(),
                    question));
        }
        Path corpus = folder.resolve("train.jsonl");
        Files.writeString(corpus, rows);
        return Contamination.of(SavedSamples.read(file).rows(), ExampleSource.File.of(corpus));
    }

    private static String sample(int id, String doc, int score) {
        return ("{\"doc_id\": %s, \"doc\": %s, \"target\": \"18\", \"resps\": [[\"x\"]], \"filtered_resps\": [\"x\"], "
                + "\"filter\": \"none\", \"metrics\": [\"acc\"], \"acc\": %s}%n").formatted(id, doc, score);
    }

    @Test
    void questionsThatAreInTheCorpusAreCountedAndTheScoreIsToldWithoutThem() throws IOException {
        JsonNode found = look("What is 1 + 1?", "Please solve: " + DUCKS);
        assertEquals(3, found.get("n").intValue());
        assertEquals(1, found.get("contaminated").intValue());
        assertEquals(2 / 3.0, found.at("/all/value").doubleValue(), 1e-12);
        assertEquals(0.5, found.at("/clean/value").doubleValue());
        assertEquals(2, found.at("/clean/n").intValue());
        assertEquals(1, found.get("rows").size());
    }

    @Test
    void theSameStoryWithOtherNumbersIsNone() throws IOException {
        JsonNode found = look(DUCKS.replace("16", "95").replace("three", "thirty").replace("four", "twelve")
                .replace("$2", "$11"));
        assertEquals(0, found.get("contaminated").intValue());
        assertEquals(found.get("all"), found.get("clean"));
    }

    @Test
    void whereEveryQuestionIsInTheCorpusNothingIsLeftToScore() throws IOException {
        JsonNode found = look(DUCKS, ROBE, "A man climbs a ladder and");
        assertEquals(3, found.get("contaminated").intValue());
        assertFalse(found.has("clean"));
    }
}
