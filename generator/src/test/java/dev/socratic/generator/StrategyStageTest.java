package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.engine.Actor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrategyStageTest {
    private static final Pattern SUM = Pattern.compile("(\\d+) \\+ (\\d+)");

    @TempDir
    Path folder;

    /// Answers by a function of what it is asked.
    private static final class Talker implements TextModel {
        private final Function<GenerationRequest, String> answer;
        private final List<String> asked = new ArrayList<>();

        Talker(Function<GenerationRequest, String> answer) {
            this.answer = answer;
        }

        @Override
        public ModelCard card() {
            return new ModelCard("talker", "weights:talker", "1", 0, 4, 1, false);
        }

        @Override
        public synchronized List<GenerationOutcome> generate(List<GenerationRequest> requests) {
            return requests.stream().<GenerationOutcome>map(request -> {
                asked.add(request.messages().getLast().content());
                return new Completion(request.id(), answer.apply(request), Optional.empty(), FinishReason.STOP,
                        new Usage(10, 5, 0));
            }).toList();
        }

        @Override
        public List<ContinuationScore> score(List<ScoreRequest> requests) {
            throw new UnsupportedOperationException("a talker does not score");
        }

        @Override
        public void close() {}
    }

    /// First a wrong sum, then what is wrong with it, then the right one.
    private static String refined(GenerationRequest request) {
        String last = request.messages().getLast().content();
        Matcher sum = SUM.matcher(last);
        if (!sum.find()) {
            return "?";
        }
        int right = Integer.parseInt(sum.group(1)) + Integer.parseInt(sum.group(2));
        return last.contains("Check the answer") ? (last.contains("is " + right + ".") ? "NO MISTAKES"
                : "The sum is wrong.") : "The answer is %s.".formatted(last.contains("reviewer") ? right : right + 1);
    }

    private GenerateConfig config(String strategy, int questions, String more) throws IOException {
        Runs.sums(folder, questions);
        return ConfigReader.read("""
                questions: {file: {path: %s, layout: question}}
                strategy: %s
                prompt: plain
                teacher: {weights: {path: talker, batch: 4}}
                %s
                """.formatted(folder.resolve("questions.jsonl"), strategy, more), "test", GenerateConfig.class);
    }

    private StageReport run(GenerateConfig config, Talker talker) throws IOException, InterruptedException {
        return GenerateStage.run(config, Map.of("teacher", new Actor(talker, config.teacher())),
                Runs.context(folder.resolve("generate")));
    }

    private List<JsonNode> rows(String name) throws IOException {
        return Files.readAllLines(folder.resolve("generate").resolve(name)).stream().map(line -> {
            try {
                return Json.mapper().readTree(line);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }).toList();
    }

    @Test
    void rowsHoldTheWholeTranscriptAndWhoSaidIt() throws Exception {
        Talker talker = new Talker(StrategyStageTest::refined);
        StageReport report = run(config("critique_refine", 6, ""), talker);
        assertEquals(6, report.counts().kept());
        assertEquals(Map.of("questions", 6L, "right_before", 0L, "right_after", 6L), report.notes().get("figures"));
        JsonNode row = rows("answers.jsonl").getFirst();
        assertEquals("critique_refine", row.at("/strategy/name").asText());
        assertEquals(List.of("solve", "critique", "refine", "critique"),
                row.path("transcript").findValuesAsText("step"));
        assertEquals(2, row.path("messages").size());
        assertEquals(24, talker.asked.size());
    }

    @Test
    void nothingIsAskedTwice() throws Exception {
        run(config("critique_refine", 6, ""), new Talker(StrategyStageTest::refined));
        Map<String, String> before = Runs.files(folder.resolve("generate"));
        Talker again = new Talker(StrategyStageTest::refined);
        run(config("critique_refine", 6, ""), again);
        assertEquals(List.of(), again.asked);
        assertEquals(before, Runs.files(folder.resolve("generate")));
    }

    @Test
    void anEditedPromptReAsksFromItsStepOn() throws Exception {
        run(config("critique_refine", 3, ""), new Talker(StrategyStageTest::refined));
        Path mine = Files.writeString(folder.resolve("mine.md"), """
                ---
                name: mine
                version: 1
                variables: [question, answer, critique]
                ---
                [user]
                {{question}} {{answer}} {{critique}} Mind the reviewer.
                """);
        Talker again = new Talker(StrategyStageTest::refined);
        run(config("{critique_refine: {refine_prompt: %s}}".formatted(mine), 3, ""), again);
        assertEquals(3, again.asked.size(), "three second drafts; their critiques are those of equal drafts");
        assertTrue(again.asked.stream().allMatch(asked -> asked.contains("Mind the reviewer")));
    }

    @Test
    void aRunThatEndedInTheMiddleGoesOnAndEndsTheSame() throws Exception {
        GenerateConfig little = config("critique_refine", 6, "budget: {max_tokens: 1500}");
        Talker first = new Talker(StrategyStageTest::refined);
        StageReport part = run(little, first);
        assertTrue(part.incomplete().orElseThrow().contains("raise the budget"), part.incomplete().toString());
        assertTrue(part.usage().promptTokens() + part.usage().completionTokens() <= 1500);
        Talker second = new Talker(StrategyStageTest::refined);
        StageReport whole = run(config("critique_refine", 6, ""), second);
        assertEquals(6, whole.counts().kept());
        assertEquals(24, first.asked.size() + second.asked.size());
    }

    @Test
    void theBudgetIsLookedAtBeforeEachStep() throws Exception {
        GenerateConfig none = config("critique_refine", 2, "budget: {max_tokens: 10}");
        Talker talker = new Talker(StrategyStageTest::refined);
        StageReport report = run(none, talker);
        assertEquals(List.of(), talker.asked);
        assertEquals(2, report.counts().failed());
    }

    @Test
    void pairsAreRowsThatPreferencesAreLearnedFrom() throws Exception {
        Talker talker = new Talker(request -> {
            Matcher sum = SUM.matcher(request.messages().getLast().content());
            sum.find();
            int right = Integer.parseInt(sum.group(1)) + Integer.parseInt(sum.group(2));
            return "The answer is %s.".formatted(request.seed() % 2 == 0 ? right : right + 1);
        });
        StageReport report = run(config("{preference_pairs: {n: 8, pairs: [right_wrong]}}", 4, ""), talker);
        assertEquals(4, report.counts().kept());
        JsonNode pair = rows("answers.jsonl").getFirst();
        assertEquals(List.of("assistant"), pair.path("chosen").findValuesAsText("role"));
        assertTrue(!pair.path("chosen").equals(pair.path("rejected")));
    }

    @Test
    void configsThatCannotBeAreRefusedWithARemedy() {
        assertRefused("{socratic_dialogue: {}}", "strategy.socratic_dialogue.student: a text; got nothing; add 'student: ...'");
        assertRefused("{socratic_dialogue: {studnt: a, student: b}}", "got 'studnt'; write 'student'");
        assertRefused("{pipeline: []}",
                "of: at least one strategy; got none; write [{adaptive: {}}]");
        assertRefused("{pipeline: [{best_of_n: {}}, ask]}", "of[0]: a strategy that makes questions before another; got "
                + "'best_of_n', which makes answers; put it last");
        assertRefused("{pipeline: [{pipeline: [ask]}]}",
                "of[0]: a strategy; got a pipeline in a pipeline; write its parts in its place");
        assertRefused("&a {pipeline: [*a]}", "strategy.pipeline[0]: an anchor defined before; got *a; define it with &a");
        assertRefused("{best_of_n: {n: 0}}", "n: at least 1; got 0; 8 suits most questions");
        assertRefused("{best_of_n: {least_agreement: 2}}",
                "least_agreement: a share in [0, 1]; got 2.0; 0.5 asks for a majority");
    }

    @Test
    void aTemplateThatAsksForWhatItIsNotGivenIsRefusedBeforeAnythingIsAsked() throws Exception {
        Path mine = Files.writeString(folder.resolve("mine.md"), """
                ---
                name: mine
                version: 1
                variables: [question, anser]
                ---
                [user]
                {{question}} {{anser}}
                """);
        Talker talker = new Talker(StrategyStageTest::refined);
        GenerateConfig config = config("{critique_refine: {critique_prompt: %s}}".formatted(mine), 3, "");
        ConfigException refused = assertThrows(ConfigException.class, () -> run(config, talker));
        assertTrue(refused.getMessage().startsWith("generate.strategy.critique_refine.critique_prompt: variables that "
                + "this step is given [answer, question]; got 'anser' in the template '"), refused.getMessage());
        assertTrue(refused.getMessage().endsWith("; write 'answer'"), refused.getMessage());
        assertEquals(List.of(), talker.asked);
    }

    private void assertRefused(String strategy, String said) {
        ConfigException refused = assertThrows(ConfigException.class, () -> config(strategy, 1, ""));
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
    }
}
