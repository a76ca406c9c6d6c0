package dev.socratic.curator.duplicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SemanticDuplicatesTest {
    private static final Candidate TOM = Answers.row("Tom buys 16 apples at the market for the kids");
    private static final Candidate SAME = Answers.row("For the children Tom gets 16 apples at the store");
    private static final Candidate OTHER_NUMBER = Answers.row("For the children Tom gets 17 apples at the store");
    private static final Candidate OTHER = Answers.row("How long does the train take from here to there?");

    @TempDir
    Path folder;

    private final WordEmbedder words = new WordEmbedder();

    private Step step(String keys) throws IOException {
        StepContext context = words.context(folder, name -> {
            throw new AssertionError("asked " + name);
        });
        return Steps.of(ConfigReader.read("steps: [{semantic_duplicates: {embeddings: small" + keys + "}}]",
                "curate.yaml", CurateConfig.class).steps().getFirst(), new StepContext(List.of(),
                        Files.createTempDirectory(folder, "scratch"), context.stage(), context.models()));
    }

    private Map<String, String> said(String keys, List<Candidate> rows) throws Exception {
        Map<String, String> all = new TreeMap<>();
        try (Step step = step(keys)) {
            rows.forEach(row -> step.look(row, RowScores.NONE));
            step.looked();
            rows.forEach(row -> all.put(row.id(), switch (step.judge(row)) {
                case Decision.Keep keep -> "stays";
                case Decision.Edit edit -> throw new AssertionError("edited");
                case Decision.Drop drop -> drop.reason() + " " + drop.evidence().path("cluster").asText();
            }));
            step.incomplete().ifPresent(why -> all.put("incomplete", why));
        }
        return all;
    }

    @Test
    void whatIsSaidInOtherWordsGoesAndOtherNumbersStay() throws Exception {
        Map<String, String> said = said("", List.of(TOM, SAME, OTHER_NUMBER, OTHER));
        assertEquals("stays", said.get(TOM.id()));
        assertTrue(said.get(SAME.id()).startsWith("semantic_duplicate"), said::toString);
        assertEquals("stays", said.get(OTHER_NUMBER.id()));
        assertEquals("stays", said.get(OTHER.id()));
        assertTrue(said(", numbers: any, cosine: 0.8", List.of(TOM, SAME, OTHER_NUMBER, OTHER)).get(OTHER_NUMBER.id())
                .startsWith("semantic_duplicate"));
    }

    @Test
    void theEvidenceIsThePartnerTheCosineAndTheCluster() throws Exception {
        try (Step step = step("")) {
            step.look(TOM, RowScores.NONE);
            step.look(SAME, RowScores.NONE);
            step.looked();
            assertEquals(2.0, step.judge(TOM).scores().values().get("cluster_size"));
            var evidence = ((Decision.Drop) step.judge(SAME)).evidence();
            assertEquals(TOM.id(), evidence.path("kept_id").textValue());
            assertEquals(1, evidence.path("cosine").doubleValue(), 1e-4);
            assertEquals(2, evidence.path("cluster_size").intValue());
            assertEquals("words weights:words", step.facts().path("embeddings").textValue());
        }
    }

    @Test
    void nothingIsEmbeddedTwiceInTheLifeOfARunFolder() throws Exception {
        Map<String, String> first = said("", List.of(TOM, SAME, OTHER));
        int read = words.read.size();
        assertEquals(3, read);
        assertEquals(first, said("", List.of(TOM, SAME, OTHER)));
        assertEquals(read, words.read.size());
        said("", List.of(TOM, SAME, OTHER, OTHER_NUMBER));
        assertEquals(read + 1, words.read.size());
    }

    @Test
    void whatHasNoVectorYetStaysAndTheStepSaysThatItIsOpen() throws Exception {
        words.refuses = "children";
        Map<String, String> said = said("", List.of(TOM, SAME, OTHER));
        assertEquals("stays", said.get(SAME.id()));
        assertTrue(said.get("incomplete").startsWith("semantic_duplicates: 1 of 3 texts without a vector, the first: "
                + "nobody is there; everything embedded is kept: run the same command again"), said::toString);
        words.refuses = "";
        assertTrue(said("", List.of(TOM, SAME, OTHER)).get(SAME.id()).startsWith("semantic_duplicate"));
    }

    @Test
    void shuffledRowsGiveTheSameClustersAndTheSameRowsStay() throws Exception {
        List<Candidate> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(Answers.row("Tom buys apples" + i % 8 + " at the market" + (i % 2 == 0 ? " now" : "")
                    + " q" + i / 8 + " for the large car of the kids in the rain"));
        }
        String keys = ", keep: longest, chains: keep, cosine: 0.93, on: both";
        Map<String, String> once = said(keys, rows);
        assertTrue(once.values().stream().filter(one -> !one.equals("stays")).count() > 5, once::toString);
        Collections.shuffle(rows, new Random(2));
        assertEquals(once, said(keys, rows));
    }
}
