package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.datasets.answer.StatedNumbers;
import dev.socratic.generator.step.Derived;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The same question in other words, with the same gold answer. One whose numbers are not those of the original, each
/// as often, is another question and is dropped.
///
/// @param n              new wordings of each question
/// @param teacher        who writes them
/// @param rephrasePrompt template of its question
@About(value = "the same question in other words; numbers must stay", source = "Yu et al. 2023, arXiv:2309.12284",
        gives = About.Gives.QUESTIONS)
public record Rephrase(
        @Default("1") int n, @Default("teacher") String teacher,
        @Default("rephrase") @NameOrFile(PromptTemplate.FILES) String rephrasePrompt) implements Strategy {
    public Rephrase {
        ConfigNumbers.atLeast("n", 1, n, "1 is the default");
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher);
    }

    private Uses rephrasing() {
        return new Uses("rephrase_prompt", rephrasePrompt, "question");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(rephrasing());
    }

    @Override
    public int mostSteps() {
        return 1;
    }

    @Override
    public int mostQueries() {
        return n;
    }

    @Override
    public int mostMade() {
        return n;
    }

    @Override
    public Move next(Scene scene) {
        String question = scene.question().question();
        if (scene.step() == 0) {
            return new Move.Ask(IntStream.range(0, n).mapToObj(i ->
                    scene.query(TEACHER, "rephrase", rephrasing(), Map.of("question", question), i)).toList());
        }
        List<String> numbers = numbers(question);
        return Move.done(scene.history().getFirst().stream().map(reply -> result(scene, numbers, reply)).toList());
    }

    private Result result(Scene scene, List<String> numbers, Reply reply) {
        String text = Written.question(reply.text());
        return Written.fault(reply, text).orElseGet(() -> numbers(text).equals(numbers)
                ? new Result.Made(Derived.of(scene.question(), name(), "rephrased", text, scene.question().answer(),
                        Map.of()))
                : new Result.Dropped("numbers_changed", "has the numbers %s, the original %s"
                        .formatted(numbers(text), numbers)));
    }

    private static List<String> numbers(String text) {
        return StatedNumbers.in(text).stream().map(StatedNumbers::value).sorted().toList();
    }
}
