package dev.socratic.curator.duplicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.Steps;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.datasets.row.Trace.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which rows are duplicates of each other, and which of them stays.
class DuplicateClustersTest {
    private static final String TOM =
            "Tom has 24 apples and buys 16 more at the market. How many apples does Tom have now?";

    @TempDir
    Path folder;

    /// What a step said of rows, by id: nothing for one that stays alone, its cluster's size for one that stays, its
    /// cluster for one that goes.
    private Map<String, String> said(String yaml, List<Candidate> rows, Map<String, RowScores> scores) {
        Map<String, String> all = new TreeMap<>();
        try (Step step = Steps.of(ConfigReader.read("steps: [" + yaml + "]", "curate.yaml", CurateConfig.class)
                .steps().getFirst(), List.of(), Files.createTempDirectory(folder, "step"))) {
            rows.forEach(row -> step.look(row, scores.getOrDefault(row.id(), RowScores.NONE)));
            rows.forEach(row -> all.put(row.id(), switch (step.judge(row)) {
                case Decision.Keep keep -> "stays" + keep.scores().values();
                case Decision.Edit edit -> throw new AssertionError("edited");
                case Decision.Drop drop -> drop.evidence().path("cluster").asText() + " "
                        + drop.evidence().path("cluster_size").asText();
            }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private List<String> stay(String yaml, Candidate... rows) {
        Map<String, String> said = said(yaml, List.of(rows), Map.of());
        return List.of(rows).stream().filter(row -> said.get(row.id()).startsWith("stays")).map(Candidate::question)
                .toList();
    }

    private static List<Candidate> copies() {
        SplittableRandom random = new SplittableRandom(5);
        List<Candidate> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            StringBuilder text = new StringBuilder();
            IntStream.range(0, 30).forEach(word -> text.append(" w").append(random.nextInt(400)));
            rows.add(Answers.row(text.toString().strip()));
            for (int copy = 0; copy < i % 4; copy++) {
                rows.add(Answers.row(Edits.edit(text.toString().strip(), 1 + copy, random)));
            }
        }
        return rows;
    }

    @Test
    void shuffledRowsGiveTheSameClustersAndButForFirstTheSameRowsStay() {
        for (String rule : List.of("longest", "shortest", "most_verified", "best_score, score: quality.x")) {
            for (String step : List.of("near_duplicates: {on: both, chains: keep, numbers: any, keep: ",
                    "near_duplicates: {on: question, chains: drop, keep: ", "exact_duplicates: {keep: ")) {
                List<Candidate> rows = new ArrayList<>(copies());
                Map<String, RowScores> scores = new TreeMap<>();
                rows.forEach(row -> scores.put(row.id(), RowScores.of("quality.x", row.id().charAt(3) % 3)));
                Map<String, String> once = said("{" + step + rule + "}}", rows, scores);
                Collections.shuffle(rows, new Random(3));
                assertEquals(once, said("{" + step + rule + "}}", rows, scores), step + rule);
            }
        }
    }

    @Test
    void clustersDoNotDependOnTheOrderEvenWhereTheFirstStays() {
        List<Candidate> rows = new ArrayList<>(copies());
        TreeSet<String> once = clusters(rows);
        Collections.shuffle(rows, new Random(4));
        assertEquals(once, clusters(rows));
        assertTrue(once.size() > 15, "too few clusters to tell: " + once.size());
    }

    private TreeSet<String> clusters(List<Candidate> rows) {
        TreeSet<String> all = new TreeSet<>();
        said("{near_duplicates: {chains: drop}}", rows, Map.of()).values().stream()
                .filter(said -> !said.startsWith("stays")).forEach(all::add);
        return all;
    }

    @Test
    void theLongestTheShortestTheBestOrTheMostVerifiedOfAClusterStays() {
        Candidate tom = Answers.row(TOM);
        Candidate longer = Answers.row(TOM.replace("now?", "now, please?"), Answers.trace(TOM + "b", 0, "1 + 1", "2",
                List.of(new Verdict("final_answer", true, ""), new Verdict("length", true, ""))));
        Candidate shorter = Answers.row(TOM.replace("Tom have", "he have"), Answers.trace(TOM + "c", 0, "1 + 1", "2",
                List.of(new Verdict("final_answer", false, ""))));
        assertEquals(List.of(tom.question()), stay("{near_duplicates: {threshold: 0.6}}", tom, longer,
                shorter));
        assertEquals(List.of(longer.question()),
                stay("{near_duplicates: {threshold: 0.6, keep: longest}}", tom, longer, shorter));
        assertEquals(List.of(shorter.question()),
                stay("{near_duplicates: {threshold: 0.6, keep: shortest}}", tom, longer, shorter));
        assertEquals(List.of(longer.question()),
                stay("{near_duplicates: {threshold: 0.6, keep: most_verified}}", shorter, tom, longer));
        Candidate scored = Answers.imported("{\"id\": \"s\", \"question\": \"" + TOM.replace("now", "left")
                + "\", \"answer\": \"40\", \"meta\": {\"reward\": 0.5}}");
        assertEquals(List.of(scored.question()),
                stay("{near_duplicates: {threshold: 0.6, keep: best_score, score: meta.reward}}", tom, scored, longer));
    }

    @Test
    void aRowThatIsOnlyLikeOneThatGoesStaysUnlessChainsAreDropped() {
        String text = "a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd ee";
        Candidate[] rows = {Answers.row(text), Answers.row(text.replace(" dd ee", "")),
                Answers.row(text.replace(" aa bb cc dd ee", ""))};
        String step = "near_duplicates: {threshold: 0.85, chains: ";
        assertEquals(List.of(rows[0].question(), rows[2].question()), stay("{" + step + "keep}}", rows));
        assertEquals(List.of(rows[0].question()), stay("{" + step + "drop}}", rows));
    }

    @Test
    void aDropNamesItsPartnerTheSimilarityTheRuleAndTheCluster() {
        Candidate kept = Answers.row(TOM);
        Candidate gone = Answers.row(TOM.replace("now?", "left?"));
        try (Step step = Steps.of(ConfigReader.read("steps: [near_duplicates]", "c", CurateConfig.class).steps()
                .getFirst(), List.of(), folder)) {
            step.look(kept, RowScores.NONE);
            step.look(gone, RowScores.NONE);
            assertEquals(Map.of("cluster_size", 2.0), step.judge(kept).scores().values());
            ObjectNode evidence = ((Decision.Drop) step.judge(gone)).evidence();
            assertEquals(kept.id(), evidence.path("kept_id").textValue());
            assertEquals(List.of(kept.questionId(), gone.questionId()).stream().sorted().findFirst().orElseThrow(),
                    evidence.path("cluster").textValue());
            assertEquals("first", evidence.path("keep").textValue());
            assertEquals(2, evidence.path("cluster_size").intValue());
            assertTrue(evidence.path("jaccard").doubleValue() >= 0.8);
        }
    }

    @Test
    void aScoreThatNoRowHasIsRefusedByName() {
        assertEquals("near_duplicates.score: a score of a step before, or a number of the row; got 'rewrd', "
                + "which none of 1 rows has; name one that stands in 'scores' of decisions.jsonl, or a field of the "
                + "rows", assertThrows(ConfigException.class,
                        () -> stay("{near_duplicates: {keep: best_score, score: rewrd}}", Answers.row(TOM)))
                .getMessage());
    }

    @Test
    void aRuleAndItsScoreAreGivenTogether() {
        assertTrue(assertThrows(ConfigException.class, () -> stay("{near_duplicates: {keep: best_score}}"))
                .getMessage().endsWith("score: the score or field that 'keep: best_score' goes by; got none; write "
                        + "'score: quality.reasoning.words', say, or 'score: reward'"));
        assertTrue(assertThrows(ConfigException.class, () -> stay("{exact_duplicates: {score: x}}"))
                .getMessage().endsWith("score: nothing with 'keep: first'; got 'x'; write 'keep: best_score' or leave "
                        + "the score out"));
    }

    @Test
    void manyEqualRowsCostOneComparisonEach() {
        List<Candidate> rows = IntStream.range(0, 3_000)
                .mapToObj(i -> Answers.row(TOM, i, "1 + 1 = 2", "2")).toList();
        Map<String, String> said = said("{near_duplicates: {on: both}}", rows, Map.of());
        assertEquals(1, said.values().stream().filter(one -> one.startsWith("stays")).count());
    }
}
