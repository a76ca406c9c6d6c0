package dev.socratic.eval.judged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.eval.EvalConfig;
import dev.socratic.eval.EvalStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgedTasksTest {
    @TempDir
    Path folder;

    @BeforeEach
    void someQuestions() throws IOException {
        StringBuilder questions = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            questions.append("{\"id\": \"q%1$s\", \"question\": \"say %1$s\"}%n".formatted(i));
        }
        Files.writeString(folder.resolve("q.jsonl"), questions);
        Files.writeString(folder.resolve("tutor.jsonl"), """
                {"question": "Janet has 16 eggs, keeps 7 and sells the rest at $2. What does she get?", "answer": "18", \
                "steps": [{"question": "How many eggs does Janet sell?", "answer": "16 - 7 = 9"}, {"question": \
                "What does Janet get for them?", "answer": "9 * 2 = 18"}]}
                {"question": "no steps", "answer": "1"}
                """);
    }

    private static String last(List<ChatMessage> messages) {
        return messages.getLast().content();
    }

    private StageReport run(String judged, Function<List<ChatMessage>, String> model,
            Map<String, Function<List<ChatMessage>, String>> others) throws Exception {
        EvalConfig config = ConfigReader.read("judged: [" + judged.replace("{}", folder.toString()) + "]", "test",
                EvalConfig.class);
        return EvalStage.run(config, "mine", new Speaker("mine", model), name -> new Speaker(name, others.get(name)),
                new StageContext(Files.createDirectories(folder.resolve("eval")), Progress.SILENT, Clock.systemUTC(),
                        1));
    }

    private JsonNode results() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("eval"))) {
            return Json.read(files.filter(file -> file.getFileName().toString().startsWith("results_")).findFirst()
                    .orElseThrow(), JsonNode.class);
        }
    }

    private List<JsonNode> samples() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("eval"))) {
            Path file = files.filter(one -> one.getFileName().toString().startsWith("samples_")).findFirst()
                    .orElseThrow();
            return Files.readAllLines(file).stream().map(line -> Json.read(line, JsonNode.class, "sample")).toList();
        }
    }

    @Test
    void aJudgeThatAlwaysPrefersTheFirstMakesNobodyBetterAndIsFoundOut() throws Exception {
        run("pairwise: {name: arena, questions: {file: {path: '{}/q.jsonl'}}, against: [other], judging: {judges: [j], "
                + "rubric: preference}}", asked -> "mine", Map.of("other", asked -> "other", "j", asked -> "[[A]]"));
        assertEquals(0.5, results().at("/results/arena/win_rate,judge").doubleValue());
        JsonNode position = results().at("/judged/arena/position");
        assertEquals(1, position.get("first_preferred").doubleValue());
        assertEquals(10, position.get("first_in_both_orders").intValue());
        assertEquals(0, position.get("same_in_both_orders").intValue());
        assertEquals(0, results().at("/judged/arena/ratings/0/strength").doubleValue(), 1e-12);
    }

    @Test
    void whoWinsMoreIsRatedHigherAndWhoHasNoAnswerLoses() throws Exception {
        // Of ten: eight wins, one tie, and one question that the other cannot answer.
        run("pairwise: {name: arena, questions: {file: {path: '{}/q.jsonl'}}, against: [other], judging: {judges: [j], "
                + "rubric: preference}}", asked -> "I am better",
                Map.of("other", asked -> last(asked).contains("say 3") ? "FAIL" : "worse", "j", asked ->
                        last(asked).contains("say 4") ? "[[C]]" : last(asked).indexOf("I am better")
                                < last(asked).indexOf("worse") ? "[[A]]" : "[[B]]"));
        JsonNode pair = results().at("/judged/arena/pairs/0");
        assertEquals("[9,1,0,0]", List.of(pair.get("wins"), pair.get("ties"), pair.get("losses"), pair.get("unjudged"))
                .toString().replace(" ", ""));
        assertEquals(0.95, results().at("/results/arena/win_rate,judge").doubleValue(), 1e-12);
        assertEquals("mine", results().at("/judged/arena/ratings/0/model").asText());
        assertEquals(Math.log(19), results().at("/judged/arena/ratings/0/strength").doubleValue() * 2, 1e-9);
        assertEquals(9, results().at("/judged/arena/position/same_in_both_orders").intValue());
    }

    @Test
    void garbageIsAskedForAgainThenUnjudgedAndNeverAScore() throws Exception {
        StageReport report = run("judge: {name: h, questions: {file: {path: '{}/q.jsonl'}}, judging: {judges: [j], "
                + "rubric: helpfulness, asks: 2}}", asked -> last(asked).contains("9") ? "FAIL" : last(asked),
                Map.of("j", asked -> {
                    boolean again = last(asked).startsWith("Your reply could not be read");
                    String prompt = asked.get(1).content();
                    return prompt.contains("say 1") ? "Rating: [[11]]" : prompt.contains("say 2") && !again
                            ? "no idea" : "Rating: [[10]]";
                }));
        assertEquals("in 10 = kept 8 + dropped 0 + failed 2", report.counts().toString());
        JsonNode facts = results().at("/judged/h");
        assertEquals(1, facts.get("unjudged").intValue());
        assertEquals(1, facts.at("/judges/0/unreadable").intValue());
        assertEquals(2, facts.at("/judges/0/asked_again").intValue());
        assertEquals(8 / 9.0, results().at("/results/h/judge_score,judge").doubleValue(), 1e-12);
        assertEquals(1, results().at("/unjudged/h").intValue());
        assertEquals("after MT-Bench's single grading (arXiv:2306.05685); our own wording",
                facts.at("/rubric/source").asText());
    }

    @Test
    void peoplesLabelsCorrectTheFigure() throws Exception {
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < 6; i++) { // the judge says correct of all but 5; people say so of all but 4 and 5
            labels.append("{\"id\": \"q%s\", \"label\": %s}%n".formatted(i, i < 4 ? 1 : 0));
        }
        Files.writeString(folder.resolve("people.jsonl"), labels);
        String task = "judge: {name: c, questions: {file: {path: '{}/q.jsonl'}}, judging: {judges: [j], rubric: "
                + "correctness, labels: '{}/people.jsonl'}}";
        run(task, asked -> "x", Map.of("j", asked -> last(asked).contains("say 5") ? "Verdict: incorrect"
                : "Verdict: correct"));
        JsonNode calibration = results().at("/judged/c/calibration");
        assertEquals(5 / 6.0, calibration.get("agreement").doubleValue(), 1e-6);
        assertEquals(1, calibration.at("/rogan_gladen/sensitivity").doubleValue());
        assertEquals(0.5, calibration.at("/rogan_gladen/specificity").doubleValue());
        assertEquals((1 + 0.5 - 1) / 0.5, calibration.at("/rogan_gladen/value").doubleValue());
        assertEquals(calibration.at("/prediction_powered/value").doubleValue(),
                results().at("/results/c/judge_score_corrected,judge").doubleValue());
        Files.writeString(folder.resolve("people.jsonl"), "{\"id\": \"q0\", \"label\": 4}\n");
        assertEquals("judged 'c'.judging.labels: labels from 0.0 to 1.0, the scale of the rubric; got 4.0 for 'q0'; "
                + "give labels on that scale", assertThrows(DataException.class, () -> run(task, asked -> "x",
                        Map.of())).getMessage());
        Files.writeString(folder.resolve("people.jsonl"), "{\"id\": \"z\", \"label\": 1}\n");
        assertEquals("judged 'c'.judging.labels: labels of some that are judged, whose ids are such as 'q0'; got ids "
                + "such as 'z'; write rows {id, label} with the ids of the samples file",
                assertThrows(DataException.class, () -> run(task, asked -> "x", Map.of())).getMessage());
    }

    @Test
    void eachTurnOfAConversationIsJudgedWithAllBeforeIt() throws Exception {
        Files.writeString(folder.resolve("mt.jsonl"), """
                {"question_id": 81, "turns": ["one", "two"], "reference": ["r1", "r2"], "category": "writing"}
                {"turns": "no list"}
                """);
        StageReport report = run("multi_turn: {name: mt, conversations: '{}/mt.jsonl', judging: {judges: [j], rubric: "
                + "turn_quality}}", asked -> "<think>hm</think>said " + asked.size(), Map.of("j", asked ->
                        last(asked).contains("User: one\nAssistant: said 1\n") && last(asked).contains("said 3")
                                && last(asked).contains("r2") ? "[[10]]" : "[[1]]"));
        assertEquals("in 2 = kept 1 + dropped 0 + failed 1", report.counts().toString());
        assertEquals(0, results().at("/results/mt/judge_score_turn_1,judge").doubleValue());
        assertEquals(1, results().at("/results/mt/judge_score_turn_2,judge").doubleValue());
        assertEquals(0.5, results().at("/results/mt/judge_score,judge").doubleValue());
        assertEquals("said 3", samples().getFirst().at("/turns/1/assistant").asText());
    }

    @Test
    void aTutorWhoLeadsGetsTheAnswerOutOfTheStudentAndOneWhoTellsDoesNot() throws Exception {
        String task = "socratic: {name: t, questions: {file: {path: '{}/tutor.jsonl'}}, turns: 4}";
        StageReport report = run(task, asked -> last(asked).contains("= 9") ? "And what does Janet get for them?"
                : "Good question. How many eggs does Janet sell?", Map.of());
        assertEquals("in 2 = kept 1 + dropped 0 + failed 1", report.counts().toString(), "one has no steps");
        JsonNode led = results().at("/results/t");
        for (String figure : List.of("tutored", "coverage", "reached", "asking", "student_correct")) {
            assertEquals(1, led.get(figure + ",judge").doubleValue(), figure);
        }
        assertEquals(0, led.get("leak,judge").doubleValue());
        assertFalse(results().at("/higher_is_better/t/leak").booleanValue());
        assertEquals("[1][2]", samples().getFirst().at("/turns/0/covers").toString()
                + samples().getFirst().at("/turns/1/covers"));
    }

    @Test
    void aLeakIsToldWithItsTurn() throws Exception {
        run("socratic: {name: t, questions: {file: {path: '{}/tutor.jsonl'}}, turns: 4}", asked ->
                asked.size() > 2 ? "They come to 9 * 2 = 18." : "What do we know?", Map.of());
        JsonNode told = results().at("/results/t");
        assertEquals(1, told.get("leak,judge").doubleValue());
        assertEquals(1, told.get("student_correct,judge").doubleValue(), "it was told");
        assertEquals(0, told.get("tutored,judge").doubleValue());
        assertEquals(0.5, told.get("asking,judge").doubleValue());
        assertEquals("18", samples().getFirst().at("/turns/1/leaks/0/value").asText());
        assertEquals(2, results().at("/judged/t/first_leak_turn").intValue());
    }

    @Test
    void aModelMayBeTheStudent() throws Exception {
        run("socratic: {name: t, questions: {file: {path: '{}/tutor.jsonl'}}, limit: 1, turns: 3, student: s}", asked ->
                "Can you go on?", Map.of("s", asked -> asked.size() < 4 ? "I have 9 so far." : "The answer is 18."));
        JsonNode sample = samples().getFirst();
        assertEquals("The answer is 18.", sample.at("/turns/1/student").asText());
        assertEquals(2, sample.get("turns").size(), "it is over when the student has it");
        assertEquals(1, sample.get("tutored").doubleValue());
    }
}
