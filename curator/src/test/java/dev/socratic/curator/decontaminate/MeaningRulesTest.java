package dev.socratic.curator.decontaminate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.WordEmbedder;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.StepConfig.Decontaminate;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.StepContext;
import dev.socratic.datasets.row.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rephrased evaluation questions, told by vectors and by a judge.
class MeaningRulesTest {
    private static final Question TEST = Question.of("Tom buys 16 apples and 3 pears at the market for the kids. How "
            + "many fruits is that?", Optional.of("19"), Optional.empty(), "test");
    private static final Candidate REPHRASED = Answers.row("Counting fruits: how many does Tom have if, for children, "
            + "16 apples plus 3 pears come from a store?");
    private static final Candidate OTHER = Answers.row("How long does the train of 9 cars take from here to there?");

    @TempDir
    Path folder;

    private final WordEmbedder words = new WordEmbedder();
    private final List<String> asked = new ArrayList<>();

    /// A judge that says yes where the first question holds a word.
    private final class Judge implements TextModel {
        private final String word;

        Judge(String word) {
            this.word = word;
        }

        @Override
        public ModelCard card() {
            return new ModelCard("judge", "weights:" + word, "1", 0, 1, 1, false);
        }

        @Override
        public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
            return requests.stream().<GenerationOutcome>map(request -> {
                String prompt = request.messages().getFirst().content();
                asked.add(prompt);
                String first = prompt.substring(prompt.indexOf("First question:"), prompt.indexOf("Second question:"));
                String said = word.isEmpty() ? "Hm." : first.contains(word) ? "<think>no</think>Yes." : "No, other.";
                return new GenerationOutcome.Completion(request.id(), said, Optional.empty(), FinishReason.STOP,
                        new Usage(10, 1, 0));
            }).toList();
        }

        @Override
        public List<ContinuationScore> score(List<ScoreRequest> requests) {
            throw new AssertionError("scored");
        }

        @Override
        public void close() {}
    }

    private record Said(List<Decision> decisions, ObjectNode facts) {}

    private Said decide(String keys, String judge, Candidate... rows) throws IOException, InterruptedException {
        Decontaminate config = (Decontaminate) ConfigReader.read("steps: [{decontaminate: {retrieval: {top: 0}, " + keys
                + "}}]", "curate.yaml", CurateConfig.class).steps().getFirst();
        StepContext context = words.context(folder, name -> new Judge(judge));
        StepContext own = new StepContext(List.of(), Files.createTempDirectory(folder, "scratch"), context.stage(),
                context.models());
        try (DecontaminateStep step = new DecontaminateStep(config, List.of(TEST), Optional.of(own))) {
            assertTrue(step.looksAhead());
            List.of(rows).forEach(step::look);
            step.looked();
            List<Decision> decisions = List.of(rows).stream().map(step::judge).toList();
            return new Said(decisions, step.facts());
        }
    }

    @Test
    void aRephrasedQuestionIsFoundByItsVectorWhereWordsDoNotFindIt() throws Exception {
        Said said = decide("embeddings: {model: e, cosine: 0.4}", "", REPHRASED, OTHER);
        Decision.Drop drop = (Decision.Drop) said.decisions().getFirst();
        assertEquals("evaluation_embedding", drop.reason());
        assertEquals(TEST.id(), drop.evidence().path("evaluation_id").textValue());
        assertEquals(1, drop.evidence().path("shared_numbers").doubleValue());
        assertTrue(drop.evidence().path("cosine").doubleValue() >= 0.4);
        assertEquals(Decision.KEEP, said.decisions().get(1));
        assertEquals("words weights:words", said.facts().at("/embeddings/model").textValue());
    }

    @Test
    void theSameStoryWithOtherNumbersOrAnotherRightAnswerIsAnotherQuestion() throws Exception {
        Candidate numbers = Answers.row(REPHRASED.question().replace("16", "12").replace("3", "7"));
        Candidate answer = Answers.chat(REPHRASED.question(), "So it is 16 + 3 + 3. The answer is 22.");
        Said said = decide("embeddings: {model: e, cosine: 0.4}", "", numbers, answer);
        assertEquals(List.of(Decision.KEEP, Decision.KEEP), said.decisions());
    }

    @Test
    void aJudgeIsAskedBothWaysAndBothHaveToAgreeUnlessOneIsEnough() throws Exception {
        String embedded = "embeddings: {model: e, cosine: 0.99, cosine_other_numbers: 0.99}, ";
        Said both = decide(embedded + "judge: {model: j, cosine: 0.3}", "Tom", REPHRASED, OTHER);
        Decision.Drop drop = (Decision.Drop) both.decisions().getFirst();
        assertEquals("evaluation_judge", drop.reason());
        assertTrue(drop.evidence().path("forth").booleanValue() && drop.evidence().path("back").booleanValue());
        assertEquals(Decision.KEEP, both.decisions().get(1));
        assertEquals(2, asked.size());
        assertEquals(Decision.KEEP, decide(embedded + "judge: {model: j, cosine: 0.3}", "Counting", REPHRASED)
                .decisions().getFirst());
        assertEquals("evaluation_judge", ((Decision.Drop) decide(embedded
                + "judge: {model: j, cosine: 0.3, agree: either}", "Counting", REPHRASED).decisions().getFirst())
                .reason());
    }

    @Test
    void verdictsAreKeptAndWithoutVectorsWordsPropose() throws Exception {
        Said first = decide("judge: {model: j, cosine: 0.05}", "Tom", REPHRASED);
        int before = asked.size();
        assertEquals(2, before);
        assertEquals(first.decisions(), decide("judge: {model: j, cosine: 0.05}", "Tom", REPHRASED).decisions());
        assertEquals(before, asked.size());
    }

    @Test
    void aJudgeThatSaysNothingClearIsCountedAndTheRowStays() throws Exception {
        Said said = decide("judge: {model: j, cosine: 0.05}", "", REPHRASED);
        assertEquals(Decision.KEEP, said.decisions().getFirst());
        assertEquals(1, said.facts().at("/judge/unclear").intValue());
        assertEquals(1, said.facts().at("/judge/pairs").intValue());
    }

    @Test
    void theFirstYesOrNoBehindTheReasoningCounts() {
        assertEquals(Optional.of(true), RephraseJudge.verdict("<think>No, or is it?</think>\nYES - no doubt"));
        assertEquals(Optional.of(false), RephraseJudge.verdict("No."));
        assertEquals(Optional.empty(), RephraseJudge.verdict("Nobody knows"));
    }
}
