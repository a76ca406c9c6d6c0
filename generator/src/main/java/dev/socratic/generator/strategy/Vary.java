package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.generator.step.Derived;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// New questions like one that is there: harder, easier, or about something else. Their answers are not known.
///
/// @param kinds      which are made
/// @param n          of each kind
/// @param teacher    who writes them
/// @param varyPrompt template of its question
@About(value = "harder, easier and similar questions", source = "Toshniwal et al. 2024, arXiv:2410.01560",
        gives = About.Gives.QUESTIONS)
public record Vary(
        @Default("[harder, easier, similar]") List<Kind> kinds, @Default("1") int n,
        @Default("teacher") String teacher,
        @Default("vary") @NameOrFile(PromptTemplate.FILES) String varyPrompt) implements Strategy {
    /// How a new question differs.
    public enum Kind { HARDER, EASIER, SIMILAR }

    public Vary {
        ConfigNumbers.atLeast("n", 1, n, "1 is the default");
        kinds = kinds.stream().distinct().sorted().toList();
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException(
                    "kinds: at least one of harder, easier, similar; got none; write [harder]");
        }
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher);
    }

    private Uses varying() {
        return new Uses("vary_prompt", varyPrompt, "question", "kind");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(varying());
    }

    @Override
    public int mostSteps() {
        return 1;
    }

    @Override
    public int mostQueries() {
        return n * kinds.size();
    }

    @Override
    public int mostMade() {
        return n * kinds.size();
    }

    @Override
    public Move next(Scene scene) {
        if (scene.step() == 0) {
            return new Move.Ask(IntStream.range(0, mostQueries()).mapToObj(i -> scene.query(TEACHER,
                    word(kinds.get(i / n)), varying(), Map.of("question", scene.question().question(),
                            "kind", word(kinds.get(i / n))), i)).toList());
        }
        List<Result> results = new ArrayList<>();
        for (Reply reply : scene.history().getFirst()) {
            String text = Written.question(reply.text());
            results.add(Written.fault(reply, text).orElseGet(() -> new Result.Made(Derived.of(
                    scene.question(), name(), reply.query().step(), text, Optional.empty(), Map.of()))));
        }
        return Move.done(results);
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
