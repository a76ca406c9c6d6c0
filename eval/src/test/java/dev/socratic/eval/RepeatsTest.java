package dev.socratic.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.task.Repeats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Questions asked several times, through the stage, its files, and those files read again.
class RepeatsTest {
    private static final String SAMPLED = ", temperature: 0.8, repeats: 4";
    private static final String RESULTS = "results_2026-11-05T10-15-30.json";

    @TempDir
    Path folder;

    private Path questions;

    /// Answers to "What is 3 + i?" in the order they are asked: i of four are right; the last says nothing.
    private static final class Drawn implements TextModel {
        private int asked;

        @Override
        public ModelCard card() {
            return new ModelCard("drawn", "weights:1", "1", 1024, 4, 1, false);
        }

        @Override
        public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
            asked += requests.size();
            return requests.stream().map(this::answer).toList();
        }

        private GenerationOutcome answer(GenerationRequest request) {
            String[] place = request.id().split("/");
            int question = Integer.parseInt(place[1]);
            int draw = place.length > 2 ? Integer.parseInt(place[2]) : 0;
            String number = draw < question ? "%s.0".formatted(4 + question) : "9%s".formatted(draw % 2);
            String text = question == 4 && draw == 3 ? "I do not know" : "The answer is %s.".formatted(number);
            return new GenerationOutcome.Completion(request.id(), text, Optional.empty(),
                    draw == 3 ? FinishReason.LENGTH : FinishReason.STOP, new Usage(10, 5, 0));
        }

        @Override
        public List<ContinuationScore> score(List<ScoreRequest> requests) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void write() throws IOException {
        List<String> lines = IntStream.range(0, 5).mapToObj(i ->
                "{\"question\": \"What is 3 + %s?\", \"answer\": \"%s\", \"level\": \"L%s\", \"text\": \"t%s\"}"
                        .formatted(i + 1, i + 4, i / 3, i / 2)).toList();
        questions = Files.write(folder.resolve("q.jsonl"), lines);
    }

    private StageReport run(String more, TextModel model, Path into) throws Exception {
        Files.createDirectories(into);
        Clock clock = Clock.fixed(Instant.parse("2026-11-05T10:15:30.5Z"), ZoneOffset.UTC);
        return EvalStage.run(Sums.config(questions, more), "drawn", model,
                new StageContext(into, Progress.SILENT, clock, 1));
    }

    @Test
    void theResultsSayWhatSeveralAnswersComeTo() throws Exception {
        Drawn model = new Drawn();
        StageReport report = run(SAMPLED, model, folder.resolve("e"));
        assertEquals("in 5 = kept 5 + dropped 0 + failed 0", report.counts().toString());
        assertEquals(20, model.asked);
        JsonNode file = Json.read(folder.resolve("e").resolve(RESULTS), JsonNode.class);
        JsonNode sums = file.at("/results/sums");
        // right: 0, 1, 2, 3 and, the last draw being mute, 3 of 4
        assertEquals((0 + 1 + 2 + 3 + 3) / 20.0, figure(sums, "exact_match"), 1e-12);
        assertEquals((0 + 1 / 2.0 + 5 / 6.0 + 1 + 1) / 5, figure(sums, "pass@2"), 1e-12);
        assertEquals(4 / 5.0, figure(sums, "pass@4"), 1e-12);
        assertEquals((0 + 0 + 1 / 6.0 + 3 / 6.0 + 3 / 6.0) / 5, figure(sums, "pass^2"), 1e-12);
        assertEquals(0, figure(sums, "pass^4"), 1e-12);
        // votes: 90 91 90 91 | 5.0 91 90 91 (91 wins) | 6.0 6.0 90 91 | 7.0 x 3, 91 | 8.0 x 3
        assertEquals(3 / 5.0, figure(sums, "maj@4"), 1e-12);
        // pairs of votes: - - | tie of 5.0 and 91, - | right, - | right, tie | right, right
        assertEquals((0 + 0.25 + 0.5 + 0.75 + 1) / 5, figure(sums, "maj@2"), 1e-12);
        assertEquals((0 + 0 + 1 + 1 + 1) / 5.0, figure(sums, "g_pass@4_0.5"), 1e-12);
        assertEquals(2 / 5.0, figure(sums, "g_pass@4_0.75"), 1e-12);
        assertEquals(4, file.at("/configs/sums/repeats").asInt());
        assertEquals("{\"0\":1,\"(0, 0.25]\":1,\"(0.25, 0.5]\":1,\"(0.5, 0.75]\":2,\"(0.75, 1)\":0,\"1\":0}",
                file.at("/difficulty/sums").toString());
        assertEquals(5, file.at("/truncated/sums").asInt());
        // means 0, .25, .5, .75, .75 about .45
        double between = 4 * (0.45 * 0.45 + 0.2 * 0.2 + 0.05 * 0.05 + 2 * 0.3 * 0.3) / 4;
        double within = (0 + 3 / 4.0 + 1 + 3 / 4.0 + 3 / 4.0) / 15;
        assertEquals(within, file.at("/variance/sums/answers").asDouble(), 1e-12);
        assertEquals((between - within) / 4, file.at("/variance/sums/questions").asDouble(), 1e-12);
        assertEquals(5, file.at("/calibration/sums/n").asInt());
        assertEquals((0.25 + 0.25 + 0.25 + 0.0625 + 0.0625) / 5,
                file.at("/calibration/sums/brier").asDouble(), 1e-12);
    }

    private static double figure(JsonNode task, String name) {
        return task.get(name + ",final_answer").asDouble();
    }

    @Test
    void theFilesSayTheSameWhenTheyAreReadAgain() throws Exception {
        run(SAMPLED, new Drawn(), folder.resolve("e"));
        SavedSamples saved = SavedSamples.ofFolder(folder.resolve("e")).get("sums");
        assertEquals(9 / 20.0, saved.accuracy(), 1e-12);
        assertEquals(List.of(true, true, true, false),
                saved.rows().get(3).answers().stream().map(Sample.Answer::correct).toList());
        assertEquals("[invalid]", saved.rows().get(4).line().at("/filtered_resps/0/3").asText());
        assertEquals(saved.rows().toString(), saved.scoredAgain().rows().toString(), "scored again nothing changes");
        Repeats asked = new Repeats(saved.figures().repeats(), List.of(), List.of(0.5, 0.75));
        assertEquals(saved.figures().metrics("x", asked).get(1).value(),
                figure(Json.read(folder.resolve("e").resolve(RESULTS), JsonNode.class).at("/results/sums"), "pass@2"),
                1e-12);
        assertEquals(0, saved.against(saved).difference());
    }

    @Test
    void askingMoreOftenAsksOnlyWhatIsNew() throws Exception {
        Path once = folder.resolve("e");
        run(", temperature: 0.8", new Drawn(), once);
        Drawn more = new Drawn();
        run(SAMPLED, more, once);
        assertEquals(15, more.asked);
        assertEquals(false, Files.readString(once.resolve(RESULTS)).contains("NaN"));
    }

    @Test
    void questionsOfOneTextAndOfOneLevelAreToldApart() throws Exception {
        run(", temperature: 0.8, repeats: 4, cluster: text, by: level", new Drawn(), folder.resolve("e"));
        JsonNode file = Json.read(folder.resolve("e").resolve(RESULTS), JsonNode.class);
        assertEquals(3, file.at("/clusters/sums").asInt());
        assertEquals(0.25, file.at("/by/sums/L0/exact_match").asDouble(), 1e-12);
        assertEquals(0.75, file.at("/by/sums/L1/exact_match").asDouble(), 1e-12);
        SavedSamples saved = SavedSamples.ofFolder(folder.resolve("e")).get("sums");
        assertEquals(file.at("/results/sums").get("exact_match_stderr,final_answer").asDouble(),
                saved.figures().score().error().orElseThrow(), 1e-15);
        assertEquals(3, saved.figures().score().clusters());
        Interval interval = saved.ci95();
        assertEquals(interval.low(), file.at("/ci95/sums/exact_match,final_answer/0").asDouble(), 1e-15);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        ", repeats: 4|repeats: 4 answers to a question want a temperature above 0; got temperature 0, which gives the "
                + "same answer each time; write temperature: 0.6",
        ", temperature: 1, repeats: 0|repeats: at least 1; got 0",
        ", temperature: 1, repeats: 4, at: [2, 8]|at: from 1 to the 4 answers of each question (repeats); got 8; "
                + "raise repeats or leave it out",
        ", temperature: 1, repeats: 4, thresholds: [1.0]|thresholds: above 0 and below 1; got 1.0; pass@k and pass^k "
                + "are stated anyway"
    })
    void whatCannotBeCountedIsRefusedByName(String more, String problem) {
        ConfigException error = assertThrows(ConfigException.class, () -> Sums.config(questions, more));
        assertEquals(true, error.getMessage().contains(problem), error.getMessage());
    }

    @Test
    void aFieldThatNoQuestionHasIsNamed() {
        ConfigException error = assertThrows(ConfigException.class,
                () -> run(", by: levle", new Drawn(), folder.resolve("e")));
        assertEquals("tasks 'sums'.by: a field of the questions; got 'levle', which none of the 5 has; write "
                + "'level'", error.getMessage());
        assertFalse(Files.exists(folder.resolve("e").resolve(RESULTS)));
    }

    @Test
    void answersOfOneMeaningVoteTogether() {
        Votes votes = Votes.of(List.of(said("1,000", true), said("1000", true), said("999", false), said("998", false),
                said("999", false), said("1000.0", true)));
        assertEquals(List.of("1,000", "999", "998"), votes.candidates().stream().map(Votes.Candidate::answer).toList());
        assertEquals(1, votes.right());
        assertEquals(0.5, votes.agreement());
        List<Sample.Answer> mute = new ArrayList<>(List.of(said("7", true)));
        mute.add(new Sample.Answer("no", Optional.empty(), false, "", "stop"));
        mute.add(new Sample.Answer("no", Optional.empty(), false, "", "stop"));
        assertEquals(1, Votes.of(mute).right(), "what says nothing cannot win");
        assertEquals(0, Votes.of(mute.subList(1, 3)).right());
        assertEquals(0.5, Votes.of(List.of(said("7", true), said("8", false))).right(), "a tie is drawn by lot");
    }

    private static Sample.Answer said(String answer, boolean right) {
        return new Sample.Answer(answer, Optional.of(answer), right, "", "stop");
    }
}
