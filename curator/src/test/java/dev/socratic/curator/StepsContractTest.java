package dev.socratic.curator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.review.Opinion;
import dev.socratic.curator.review.ReviewAction;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContract;
import dev.socratic.datasets.row.Trace.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The contract, for every step there is.
class StepsContractTest {
    private static final String LONG =
            "A farmer has 12 cows and each of them gives 9 litres of milk a day. How many litres does he get in a "
                    + "week?";

    @Test
    void everyStepHasItsContractTest() {
        Set<String> steps = leaves(StepConfig.class).map(Class::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> tests = Arrays.stream(StepsContractTest.class.getDeclaredClasses())
                .filter(type -> StepContract.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
                .map(Class::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(steps, tests);
    }

    private static Stream<Class<?>> leaves(Class<?> family) {
        return family.isSealed() ? Arrays.stream(family.getPermittedSubclasses()).flatMap(StepsContractTest::leaves)
                : Stream.of(family);
    }

    private static Step make(String yaml, Path scratch) {
        StepConfig config = ConfigReader.read("steps: [" + yaml + "]", "curate.yaml", CurateConfig.class).steps()
                .getFirst();
        return Steps.of(config, LetterModel.context(scratch));
    }

    @Nested
    class Perplexity extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{perplexity: {model: small, max: 3}}", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.chat("a", "a b c"), Answers.chat("b", "incomprehensibilities"),
                    Answers.imported("{\"id\": \"t\", \"text\": \"a b\"}"));
        }
    }

    @Nested
    class Ifd extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{ifd: {model: small, max: 0.9, unscored: drop}}", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.chat("how many apples", "seven apples"), Answers.chat("b", "nothing else"),
                    Answers.chat("long", "x ".repeat(LetterModel.LONGEST)));
        }
    }

    @Nested
    class Learnability extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{learnability: {student: small, teacher: large, min: 0.2}}", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.chat("a", "incomprehensibilities"), Answers.chat("b", "a b c d e f g"));
        }
    }

    @Nested
    class Judge extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{judge: {model: judge, rubric: '%s', min: 3, unscored: drop}}".formatted(
                    LetterModel.rubric(scratch)), scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.chat("a", "good"), Answers.chat("b", "bad"), Answers.chat("c", "odd"));
        }
    }

    /// Rows of two groups, with scores as steps before them gave.
    abstract static class Choosing extends StepContract {
        @Override
        protected List<Candidate> rows() {
            return List.of(grouped("a", "math", "one two three"), grouped("b", "math", "one two four"),
                    grouped("c", "code", "a quick brown fox"), grouped("d", "code", "jumps over the dog"));
        }

        @Override
        protected RowScores scores(Candidate row) {
            return new RowScores(Map.of("judge.quality", (double) row.answer().length()));
        }

        private static Candidate grouped(String question, String topic, String answer) {
            return Answers.imported(Json.line(Map.of("id", question, "topic", topic, "messages", List.of(
                    Map.of("role", "user", "content", question),
                    Map.of("role", "assistant", "content", answer)))));
        }
    }

    @Nested
    class Quotas extends Choosing {
        @Override
        protected Step step(Path scratch) {
            return make("{quotas: {by: topic, most: 1, order: judge.quality}}", scratch);
        }
    }

    @Nested
    class Mix extends Choosing {
        @Override
        protected Step step(Path scratch) {
            return make("{mix: {by: topic, rows: 2}}", scratch);
        }
    }

    @Nested
    class TokenBudget extends Choosing {
        @Override
        protected Step step(Path scratch) {
            return make("{token_budget: {tokens: 12, tokenizer: small}}", scratch);
        }
    }

    @Nested
    class KCenter extends Choosing {
        @Override
        protected Step step(Path scratch) {
            return make("{k_center: {rows: 2}}", scratch);
        }
    }

    @Nested
    class FacilityLocation extends Choosing {
        @Override
        protected Step step(Path scratch) {
            return make("{facility_location: {rows: 2}}", scratch);
        }
    }

    @Nested
    class Deita extends Choosing {
        @Override
        protected Step step(Path scratch) {
            return make("{deita: {rows: 2, by: [judge.quality]}}", scratch);
        }
    }

    @Nested
    class S1 extends Choosing {
        @Override
        protected Step step(Path scratch) {
            return make("{s1: {rows: 2, by: topic}}", scratch);
        }
    }

    @Nested
    class PassRate extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{pass_rate: {samples: ['%s'], min: 0.01, max: 0.99}}".formatted(
                    LetterModel.samples(scratch.resolve("samples.jsonl"))), scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row("half"), Answers.row("easy"), Answers.row("hard"), Answers.row("unknown"));
        }
    }

    @Nested
    class Review extends StepContract {
        @Override
        protected Step step(Path scratch) {
            Path file = scratch.resolve("decisions.jsonl");
            Opinion reject = Opinion.NONE.with(Opinion.Choice.REJECT);
            Opinion edit = new Opinion(Optional.empty(), false, List.of(), Optional.empty(), "", Optional.of(
                    new Opinion.TextEdit(Optional.empty(), Optional.of("Twelve."))), List.of());
            try {
                Files.writeString(file, line("1", rows().get(1).id(), reject) + line("2", rows().get(2).id(), edit));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return make("{review: {decisions: ['%s']}}".formatted(file), scratch);
        }

        private String line(String action, String id, Opinion after) {
            return Json.line(new ReviewAction(action, "2026-12-01T12:00:00Z", "ana", ReviewAction.Kind.DECIDE,
                    List.of(id), Optional.of(after), Map.of(), "api", Optional.empty())) + "\n";
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row("a"), Answers.row("b"), Answers.row("c"));
        }
    }

    @Nested
    class Verdicts extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("verdicts", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(
                    Answers.row("a"),
                    Answers.row("b",
                            Answers.trace("b", 0, "x", "1",
                                    List.of(new Verdict("ok", true, ""), new Verdict("refusal", false, "I cannot")))));
        }
    }

    @Nested
    class Format extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("format", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row("a"), Answers.answering("b", "<think>\n1"),
                    Answers.answering("c", "The answer is 2.<|end|>"));
        }
    }

    @Nested
    class Quality extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{quality: {rules: c4}}", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            String five = "One day it rained. Then the sun came out. We went to the sea. It was warm. We swam a lot.";
            return List.of(Answers.chat("a", five), Answers.chat("b", "It was " + "{warm}. ".repeat(6)),
                    Answers.chat("c", "Home\n" + five + "\nWe use cookies on this page.\n\nAnd then we slept."),
                    Answers.imported("{\"id\": \"t\", \"text\": \"Menu\\n" + five + "\"}"));
        }
    }

    @Nested
    class Length extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{length: {of: question, min: 2, max: 4}}", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return Stream.of("one", "one two", "a b c d", "a b c d e").map(Answers::row).toList();
        }
    }

    @Nested
    class Repetition extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("repetition", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row("a"), Answers.answering("b", "So we add. " + "And then we wait. ".repeat(9)));
        }
    }

    @Nested
    class Refusal extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("refusal", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row("a"), Answers.answering("b", "I'm sorry, but I can't help with that."));
        }
    }

    @Nested
    class Reasoning extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{reasoning: {bare: drop}}", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row("a"), Answers.answering("b", "<think>\n</think>\n2"),
                    Answers.chat("c", "The answer is 8."));
        }
    }

    @Nested
    class Consistency extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("consistency", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(
                    Answers.row("a"), Answers.chat("b", "24 + 16 = 50. The answer is 50."),
                    Answers.imported("{\"prompt\": \"c\", \"messages\": [{\"role\": \"user\", \"content\": \"c\"}, "
                            + "{\"role\": \"assistant\", \"content\": \"The answer is 8.\"}], \"answer\": 9}"));
        }
    }

    @Nested
    class Repair extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("repair", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(
                    Answers.row("a < b"), Answers.chat("It\u00e2\u20ac\u2122s 8.", "Yes.\r\n"),
                    Answers.chat("c", "It is<br/>8 &amp;amp; 9.</p>"), Answers.row("d\u200b", 1, "\u00c3\u00a9", "2"),
                    Answers.chat("e", "So 3 \ufffd 4."));
        }
    }

    @Nested
    class Pii extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("pii", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row("a"), Answers.chat("Write to ann@firm.org or +49 30 901820.", "Yes, ann@firm.org."),
                    Answers.row("b", 1, "DE89 3704 0044 0532 0130 00", "2"));
        }
    }

    @Nested
    class Toxicity extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("toxicity", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row("a"), Answers.chat("b", "You are an IDIOT."), Answers.chat("Shit, why?", "So."));
        }
    }

    @Nested
    class Artifacts extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("artifacts", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(
                    Answers.row("a"), Answers.chat("b", "It\u00e2\u20ac\u2122s 8."),
                            Answers.chat("c", "It is<br/>8.</p>"));
        }
    }

    @Nested
    class Language extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{language: {expect: en}}", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row(LONG),
                    Answers.answering("Wie viele Äpfel hat Tom, wenn er noch drei von ihnen kauft?", "Das sind 5."));
        }
    }

    @Nested
    class ExactDuplicates extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("exact_duplicates", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row(LONG), Answers.row(LONG, 1, "12 * 9 = 108", "756"),
                    Answers.row(" " + LONG.replace(" ", "  ")));
        }
    }

    @Nested
    class NearDuplicates extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("near_duplicates", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row(LONG), Answers.row(LONG, 1, "12 * 9 = 108", "756"),
                    Answers.row(LONG.replace("week", "month")), Answers.row("b"));
        }
    }

    @Nested
    class SemanticDuplicates extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{semantic_duplicates: {embeddings: words}}", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row(LONG), Answers.row("Of 12 cows a farmer has each gives 9 litres of milk a day, "
                    + "and how many litres does he get in a week?"), Answers.row("b"));
        }
    }

    @Nested
    class Clusters extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("clusters", scratch);
        }

        @Override
        protected boolean drops() {
            return false;
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row(LONG), Answers.row("How far does the train get in three hours?"),
                    Answers.row("How far does the bus get in three hours?"));
        }
    }

    @Nested
    class SubstringDuplicates extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{substring_duplicates: {min: 5, cut: true}}", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            String five = "so this stands in several rows";
            return List.of(Answers.chat("a", five), Answers.chat("b", five), Answers.chat("c", "Well, it rained, and "
                    + five + ", as I said before that"), Answers.row("d"));
        }
    }

    @Nested
    class Decontaminate extends StepContract {
        @Override
        protected Step step(Path scratch) {
            try {
                Path file = scratch.resolve("test.jsonl");
                Files.writeString(file, "{\"question\": \"" + LONG + "\", \"answer\": \"756\"}\n");
                return make("{decontaminate: {against: [{file: {path: '" + file + "'}}]}}", scratch);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(Answers.row(LONG), Answers.row(LONG.replace("12", "15").replace("9", "7")),
                    Answers.row("b"));
        }
    }

    @Nested
    class Select extends StepContract {
        @Override
        protected Step step(Path scratch) {
            return make("{select: {per_question: 2, by: diverse}}", scratch);
        }

        @Override
        protected List<Candidate> rows() {
            return List.of(
                    Answers.row("a", 0, "1 + 1 = 2", "2"), Answers.row("a", 1, "1 + 1 = 2 .", "2"), Answers.row("b"),
                    Answers.row("a", 2, "two times one is two", "2"));
        }
    }
}
