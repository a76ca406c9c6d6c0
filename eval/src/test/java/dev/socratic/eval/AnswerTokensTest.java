package dev.socratic.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.TokenScore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerTokensTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-05T10:15:30.5Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    /// A calculator that reads every word of its answers as a token of a quarter of a nat; the first answer as very
    /// many.
    private record Reading(Calculator inner, List<ScoreRequest> read) implements TextModel {
        @Override
        public ModelCard card() {
            return inner.card();
        }

        @Override
        public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
            return inner.generate(requests);
        }

        @Override
        public List<ContinuationScore> score(List<ScoreRequest> requests) {
            return inner.score(requests);
        }

        @Override
        public String written(List<ChatMessage> messages, boolean continues) {
            return "<user>" + messages.getLast().content() + "<answer>";
        }

        @Override
        public boolean scoresTokens() {
            return true;
        }

        @Override
        public List<List<TokenScore>> tokenScores(List<ScoreRequest> requests) {
            assertTrue(requests.size() <= card().unit());
            return requests.stream().map(request -> {
                boolean first = read.isEmpty();
                read.add(request);
                return first ? Collections.nCopies(5_000, new TokenScore("x", -0.123456))
                        : Stream.of(request.continuation().split("(?= )")).map(word -> new TokenScore(word, -0.25))
                                .toList();
            }).toList();
        }

        @Override
        public void close() {}
    }

    @Test
    void eachAnswerIsReadAgainBehindItsPrompt() throws Exception {
        Reading model = new Reading(Calculator.withSlip(0), new ArrayList<>());
        EvalStage.run(Sums.config(Sums.file(folder, 6), ", logprobs: true"), "m", model,
                new StageContext(folder, Progress.SILENT, CLOCK, 1));
        assertEquals(6, model.read().size());
        assertTrue(model.read().get(2).context().startsWith("<user>What is 3 + 3?")
                && model.read().get(2).context().endsWith("<answer>"));
        List<Sample> samples = SavedSamples.ofFolder(folder).get("sums").rows();
        assertEquals(4_096, SampleEvidence.of(samples.getFirst()).tokens().getFirst().size(), "no more of an answer");
        assertEquals(904, samples.getFirst().line().get("logprobs_left_out").asInt(), "the others are counted");
        SampleEvidence third = SampleEvidence.of(samples.get(2));
        assertEquals(samples.get(2).response(), String.join("", third.tokens().getFirst().stream()
                .map(SampleEvidence.Token::text).toList()));
        assertEquals(-0.1235, SampleEvidence.of(samples.getFirst()).tokens().getFirst().getFirst().logProbability());
        JsonNode results = Json.read(folder.resolve("results_2026-11-05T10-15-30.json"), JsonNode.class);
        assertEquals(904, results.at("/logprobs/sums/left_out").asInt());
        assertEquals(1.0, results.at("/results/sums/exact_match,final_answer").asDouble());
    }

    @Test
    void withoutItNothingIsReadAndAModelThatCannotIsRefusedBeforeItIsAsked() throws Exception {
        Reading model = new Reading(Calculator.withSlip(0), new ArrayList<>());
        EvalStage.run(Sums.config(Sums.file(folder, 2), ""), "m", model,
                new StageContext(folder, Progress.SILENT, CLOCK, 1));
        assertTrue(model.read().isEmpty());
        assertFalse(Files.readString(folder.resolve("samples_sums_2026-11-05T10-15-30.jsonl")).contains("logprobs"));
        Calculator plain = Calculator.withSlip(0);
        assertEquals("tasks.sums.logprobs: a model whose weights are here, so that it can read its answers again; got "
                + "calculator; write logprobs: false, or evaluate local weights",
                assertThrows(ConfigException.class, () -> EvalStage.run(Sums.config(Sums.file(folder, 2),
                        ", logprobs: true"), "m", plain, new StageContext(folder, Progress.SILENT, CLOCK, 1)))
                        .problems().getFirst().toString());
        assertEquals(0, plain.asked().get());
    }
}
