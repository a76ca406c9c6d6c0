package dev.socratic.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.trainer.config.CurriculumConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurriculumTest {
    @TempDir
    Path folder;

    private static String sample(String question, int correct) {
        return "{\"doc_id\": 1, \"doc\": {\"id\": \"q\", \"question\": \"%s\"}, \"exact_match\": %s.0}\n".formatted(question,
                correct);
    }

    /// Forty rows: of questions 0 to 9 one fails, of 10 to 19 one is half known, of 20 to 29 one is mastered, and nobody
    /// asked the others.
    private Path rows() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            text.append("{\"messages\": [{\"role\": \"user\", \"content\": \"Think.\\n\\nq").append(i)
                    .append("\"}, {\"role\": \"assistant\", \"content\": \"a\"}]}\n");
        }
        return Files.writeString(folder.resolve("rows.jsonl"), text);
    }

    private Path samples() throws IOException {
        Path eval = Files.createDirectories(folder.resolve("eval"));
        StringBuilder first = new StringBuilder();
        StringBuilder second = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            first.append(sample("q" + i, i < 10 ? 0 : 1));
            second.append(sample(" q" + i + " ", i < 20 ? 0 : 1));
        }
        Files.writeString(eval.resolve("samples_a_1.jsonl"), first);
        Files.writeString(eval.resolve("samples_b_1.jsonl"), second);
        Files.writeString(eval.resolve("results_1.json"), "{}");
        return eval;
    }

    private Curriculum curriculum(long seed) throws IOException {
        CurriculumConfig config = ConfigReader.read("samples: [\"%s\"]".formatted(samples()), "curriculum",
                CurriculumConfig.class);
        try (RowStream<Example> data = data()) {
            return Curriculum.of(config, PassRates.read(config.samples()), data, seed);
        }
    }

    private RowStream<Example> data() throws IOException {
        return ExampleSource.File.of(rows()).open(Quarantine.list(), 1);
    }

    @Test
    void whatFailsOrIsHalfKnownIsAskedMoreAndAPassStaysAsLong() throws IOException {
        Curriculum drawn = curriculum(1);
        // weights .6, 1.35, .1 and 1; their mean is .7625
        assertEquals(40, Arrays.stream(drawn.copies()).sum());
        assertEquals(0.6 / 0.7625, drawn.facts().ofFailed(), 0.1);
        assertEquals(1.35 / 0.7625, drawn.facts().ofHalf(), 0.1);
        assertEquals(0.1 / 0.7625, drawn.facts().ofMastered(), 0.1);
        assertEquals("curriculum: 30 rows by their pass rate, 0.50 on average, 10 unknown; a pass has a row that failed "
                + "%.2f times, one half known %.2f times, one mastered %.2f times, and leaves out %d".formatted(
                        drawn.facts().ofFailed(), drawn.facts().ofHalf(), drawn.facts().ofMastered(),
                        Arrays.stream(drawn.copies()).filter(copies -> copies == 0).count()), drawn.facts().text());
    }

    @Test
    void theSameSeedDrawsTheSameRowsAndAnotherSeedOthers() throws IOException {
        assertArrayEquals(curriculum(1).copies(), curriculum(1).copies());
        assertTrue(IntStream.range(2, 10).anyMatch(seed -> {
            try {
                return !Arrays.equals(curriculum(1).copies(), curriculum(seed).copies());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    @Test
    void aPassHasEachRowAsOftenAsItIsDrawnAndKnowsItsNumberInTheData() throws IOException {
        Curriculum drawn = curriculum(1);
        try (RowStream<Example> all = drawn.drawn(data())) {
            List<Integer> questions = all.toList().stream().map(row -> ((Example.Chat) row).messages().getFirst())
                    .map(ChatMessage::content).map(text -> Integer.parseInt(text.replaceAll("\\D", ""))).toList();
            assertEquals(Arrays.stream(drawn.rows()).boxed().toList(), questions);
        }
    }

    @Test
    void whateverTheWeightsEachComesAsOftenAsItsShareRoundedUpOrDown() {
        Random random = new Random(3);
        for (int trial = 0; trial < 200; trial++) {
            double[] weights = random.doubles(1 + random.nextInt(30), 0.001, 5).toArray();
            int[] copies = Curriculum.resampled(weights, random.nextDouble());
            double all = Arrays.stream(weights).sum();
            assertEquals(weights.length, Arrays.stream(copies).sum());
            for (int i = 0; i < weights.length; i++) {
                assertTrue(Math.abs(copies[i] - weights.length * weights[i] / all) < 1 + 1e-9);
            }
        }
    }

    @Test
    void aPlaceWithoutVerdictsIsRefused() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("nothing"));
        DataException refused = assertThrows(DataException.class, () -> PassRates.read(List.of(empty)));
        assertEquals("curriculum.samples: lines with doc.question and exact_match or acc; got none in [%s]; name the "
                .formatted(empty) + "samples_*.jsonl files of an evaluation, or its folder", refused.getMessage());
        assertFalse(Files.exists(empty.resolve("x")));
    }
}
