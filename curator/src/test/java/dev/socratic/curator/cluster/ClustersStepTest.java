package dev.socratic.curator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.Steps;
import dev.socratic.curator.WordEmbedder;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClustersStepTest {
    private static final List<String> TOPICS = List.of(
            "A train leaves the station at %s km per hour and travels for %s hours; how far does the train get?",
            "A farmer sells %s apples and %s pears at the market; how many fruits does the farmer sell?",
            "A library lends %s novels and %s comics each week; how many books do readers borrow?");
    private static final int ROWS = 120;

    @TempDir
    Path folder;

    private final WordEmbedder words = new WordEmbedder();

    private static List<Candidate> rows() {
        return IntStream.range(0, ROWS).mapToObj(i -> Answers.row(TOPICS.get(i % 3).formatted(i + 2, 3 + i % 17)))
                .toList();
    }

    private Step step(String keys) throws IOException {
        StepContext context = words.context(folder, name -> {
            throw new AssertionError("asked " + name);
        });
        return Steps.of(ConfigReader.read("steps: [{clusters: {" + keys + "}}]", "curate.yaml", CurateConfig.class)
                .steps().getFirst(), new StepContext(List.of(), Files.createTempDirectory(folder, "scratch"),
                        context.stage(), context.models()));
    }

    private record Said(List<Map<String, Double>> scores, ObjectNode facts) {}

    private Said said(String keys, List<Candidate> rows) throws Exception {
        List<Map<String, Double>> scores = new ArrayList<>();
        try (Step step = step(keys)) {
            rows.forEach(row -> step.look(row, RowScores.NONE));
            step.looked();
            for (Candidate row : rows) {
                scores.add(((Decision.Keep) step.judge(row)).scores().values());
            }
            return new Said(scores, step.facts());
        }
    }

    private static void areTheTopics(Said said) {
        Set<Double> of = new HashSet<>();
        for (int topic = 0; topic < 3; topic++) {
            Set<Double> clusters = new HashSet<>();
            for (int row = topic; row < ROWS; row += 3) {
                clusters.add(said.scores().get(row).get("cluster"));
            }
            assertEquals(1, clusters.size(), "rows of a topic are one cluster");
            of.addAll(clusters);
        }
        assertEquals(3, of.size(), "each topic is a cluster of its own");
    }

    @Test
    void rowsAboutOneThingAreOneClusterAndItsNameSaysWhat() throws Exception {
        Said said = said("clusters: 3", rows());
        areTheTopics(said);
        List<String> names = said.facts().path("clusters").valueStream().map(one -> one.path("name").asText()).toList();
        for (String word : List.of("travels", "farmer", "library")) {
            assertEquals(1, names.stream().filter(name -> name.contains(word)).count(), word + " in " + names);
        }
        assertEquals(ROWS / 3, said.facts().at("/clusters/0/rows").intValue());
        assertEquals("words", said.facts().path("space").asText());
    }

    @Test
    void anEncoderTellsThemApartToo() throws Exception {
        Said said = said("clusters: 3, embeddings: small", rows());
        areTheTopics(said);
        assertEquals("words weights:words", said.facts().path("space").asText());
    }

    /// Each row's nearest on the map is about the same thing.
    @Test
    void neighboursInMeaningAreNeighboursOnTheMap() throws Exception {
        Said said = said("clusters: 3", rows());
        int right = 0;
        for (int one = 0; one < ROWS; one++) {
            int nearest = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int other = 0; other < ROWS; other++) {
                Map<String, Double> a = said.scores().get(one);
                Map<String, Double> b = said.scores().get(other);
                double distance = Math.hypot(a.get("x") - b.get("x"), a.get("y") - b.get("y"));
                if (other != one && distance < least) {
                    least = distance;
                    nearest = other;
                }
            }
            right += nearest % 3 == one % 3 ? 1 : 0;
        }
        assertEquals(ROWS, right);
        assertTrue(said.scores().stream().allMatch(at -> at.get("x") >= 0 && at.get("x") <= 1 && at.get("y") >= 0
                && at.get("y") <= 1), "in the unit square");
    }

    @Test
    void theSameRowsAndSeedGiveTheSameMapAndAnotherSeedAnother() throws Exception {
        Said first = said("clusters: 3", rows());
        assertEquals(first.scores(), said("clusters: 3", rows()).scores());
        assertTrue(!first.scores().equals(said("clusters: 3, seed: 2", rows()).scores()));
    }

    @Test
    void rowsOutsideOfTheSampleArePlacedAmongIt() throws Exception {
        Said said = said("clusters: 3, sample: 100", rows());
        areTheTopics(said);
        assertEquals(100, said.facts().path("sample").intValue());
        assertTrue(said.scores().stream().allMatch(scores -> scores.containsKey("x")));
    }

    @Test
    void rowsWithoutAWordHaveNoClusterAndAreCounted() throws Exception {
        List<Candidate> rows = new ArrayList<>(rows());
        rows.add(Answers.row("?!"));
        Said said = said("clusters: 3", rows);
        assertEquals(Map.of(), said.scores().getLast());
        assertEquals(1, said.facts().path("without_vector").intValue());
    }

    @Test
    void aCorpusOfOneRowOrOfNoneIsNoTrouble() throws Exception {
        assertEquals(1, said("", List.of(Answers.row("?!"))).facts().path("without_vector").intValue());
        assertEquals(0, said("", List.of()).scores().size());
        List<Candidate> same = List.of(Answers.row("one two"), Answers.row("one two"), Answers.row("three four"));
        assertEquals(3, said("clusters: 50", same).scores().size());
    }

    @Test
    void impossibleSettingsAreRefusedWithWhatToWrite() {
        assertEquals("clusters: from 1 to 1,000; got 0; leave it out for half the root of the rows", refused(
                "clusters: 0"));
        assertEquals("sample: from 100 to 100,000; got 5; 20000 takes some 20 seconds", refused("sample: 5"));
    }

    private String refused(String keys) {
        String message = assertThrows(ConfigException.class, () -> step(keys)).getMessage();
        return message.substring(Math.max(message.indexOf("clusters: from"), message.indexOf("sample: from")));
    }
}
