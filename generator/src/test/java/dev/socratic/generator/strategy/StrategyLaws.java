package dev.socratic.generator.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.Names;
import dev.socratic.core.text.FinishReason;
import dev.socratic.datasets.row.Question;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What holds of every strategy, whatever its models say: tried with models that say anything.
class StrategyLaws {
    /// A config of each strategy, with what stays at its default left out.
    private static final List<String> CONFIGS = List.of(
            "ask", "{pipeline: [ask]}", "{socratic_dialogue: {student: small, turns: 3}}",
            "{socratic_dialogue: {student: small, turns: 2, retries: 0, tutor_knows: nothing, one_question: false}}",
            "critique_refine", "{best_of_n: {n: 4}}", "{best_of_n: {n: 3, choose: select, judge: small}}",
            "{best_of_n: {n: 3, choose: shortest_right}}", "{adaptive: {enough: 2, most: 7, at_once: 3}}",
            "preference_pairs", "{step_labels: {rollouts: 2, most: 4}}", "{budget_forcing: {waits: 2}}",
            "back_translation", "{document_questions: {words: 20, overlap: 5, per_passage: 2, most_passages: 3}}",
            "{refusal_data: {writer: small}}", "{pipeline: [{rephrase: {n: 2}}, {vary: {}}]}",
            "{pipeline: [{numeric_variants: {n: 3}}, {preference_pairs: {n: 4}}]}",
            "{self_instruct: {n: 5, rounds: 3, per_round: 2}}", "{evol_instruct: {rounds: 3}}", "{magpie: {n: 4}}",
            "{sampled_questions: {columns: {topic: {category: {values: [money, time]}}}, n: 3}}", "distractors");

    private static final List<String> SAYINGS = List.of(
            "What do you think comes next?", "The answer is 18.", "16 - 3 - 4 = 9", "NO MISTAKES", "Choice: 2",
            "9 * 2 = 18", "", "How many eggs are left?", "I do not know.", "1. Write a poem.\n2. Sort 3, 1 and 2.",
            "Step 1: 16 - 7 = 9\nStep 2: 9 * 2 = 18\nThe answer is 18.", "Score: 4", "yes", "no", "\\boxed{17}",
            "Question: What is 4 + 5?\nAnswer: 9", "What is 7 + 8? The answer is 15.", "A\nB\nC");

    private static final List<Question> QUESTIONS = IntStream.range(0, 9).mapToObj(i -> Scenes.question(
            "Janet's ducks lay 16 eggs. She eats 3, bakes 4 and sells the rest at $2. What does she make on day %s?"
                    .formatted(i), "18", "She sells 16 - 3 - 4 = 9 eggs.\nShe makes 9 * 2 = 18.")).toList();

    @TestFactory
    Stream<DynamicTest> laws() {
        return CONFIGS.stream().flatMap(config -> Scenes.strategy(config).chain().stream()
                .map(strategy -> DynamicTest.dynamicTest(config + " as " + strategy.name(), () -> {
                    for (int seed = 0; seed < 12; seed++) {
                        walk(strategy, seed);
                    }
                })));
    }

    @Test
    void everyStrategyIsTried() {
        Set<Class<?>> tried = new HashSet<>();
        CONFIGS.stream().map(Scenes::strategy).forEach(strategy -> {
            tried.add(strategy.getClass());
            strategy.chain().forEach(part -> tried.add(part.getClass()));
        });
        assertEquals(new HashSet<>(Strategy.all()), tried);
    }

    @Test
    void everyStrategyHasALineInTheTable() throws IOException {
        String table = Files.readString(Path.of(System.getProperty("basedir", ".")).resolve("../docs/strategies.md"));
        Strategy.all().forEach(type -> assertTrue(
                table.contains("\n| `%s` |".formatted(Names.snake(type.getSimpleName()))), type.getName()));
    }

    @Test
    void everyStrategySaysWhatItIs() {
        Strategy.all().forEach(type -> assertFalse(Strategy.about(type).value().isBlank(), type.getName()));
    }

    @Test
    void everyTemplateIsGivenWhatItDeclares() {
        CONFIGS.stream().map(Scenes::strategy).flatMap(strategy -> strategy.prompts().stream()).forEach(Uses::open);
    }

    private static void walk(Strategy strategy, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Scene scene = Scenes.scene(strategy, QUESTIONS, seed);
        int queries = 0;
        while (true) {
            Move move = strategy.next(scene);
            assertEquals(move, strategy.next(new Scene(scene.subject(), scene.history(), scene.asking())),
                    "equal scenes give equal moves");
            if (move instanceof Move.Done done) {
                assertFalse(done.results().isEmpty());
                long made = done.results().stream().filter(Result.Made.class::isInstance).count();
                assertTrue(made <= strategy.mostMade(), "makes more than it says: " + made);
                assertTrue(done.results().stream().noneMatch(Result.Made.class::isInstance)
                        || strategy.about().gives() == About.Gives.QUESTIONS);
                return;
            }
            List<Query> asked = ((Move.Ask) move).queries();
            queries += asked.size();
            assertTrue(scene.step() < strategy.mostSteps(), "more steps than stated: " + strategy.mostSteps());
            assertTrue(queries <= strategy.mostQueries(), "more queries than stated: " + strategy.mostQueries());
            asked.forEach(query -> assertTrue(strategy.roles().containsKey(query.role()), query.role()));
            assertEquals(asked.size(), asked.stream().map(query -> List.of(query.messages(), query.seed())).distinct()
                    .count(), "no two queries of a step are the same");
            List<Reply> replies = new ArrayList<>();
            for (Query query : asked) {
                if (replies.isEmpty() || random.nextInt(8) > 0) { // now and then a query fails for good
                    replies.add(Scenes.reply(query, SAYINGS.get(random.nextInt(SAYINGS.size())),
                            random.nextInt(6) == 0 ? FinishReason.LENGTH : FinishReason.STOP));
                }
            }
            scene = scene.after(replies);
        }
    }
}
