package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.generator.step.Derived;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// New questions with drawn properties: a persona, a topic, a difficulty, numbers. Each property is a column with a
/// sampler; one question of the source stands by as an example.
///
/// ```yaml
/// sampled_questions:
///   columns:
///     persona: {lines: personas.txt}
///     topic: {category: {values: [money, time], weights: [2, 1]}}
///     steps: {number: {from: 2, to: 5}}
///     unit: {conditional: {on: topic, cases: {money: [dollars, euros], time: [hours]}}}
/// ```
///
/// @param columns        in order; a conditional one stands behind the one it hangs on
/// @param n              questions for each question of the source
/// @param teacher        who writes them
/// @param questionPrompt template of its question
@About(value = "new questions with drawn properties: personas, categories, numbers, conditions",
        source = "Ge et al. 2024, arXiv:2406.20094", gives = About.Gives.QUESTIONS)
public record SampledQuestions(
        Map<String, PropertySampler> columns, @Default("1") int n, @Default("teacher") String teacher,
        @Default("persona_question") @NameOrFile(PromptTemplate.FILES) String questionPrompt) implements Strategy {
    public SampledQuestions {
        ConfigNumbers.atLeast("n", 1, n, "1 is the default");
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(
                    "columns: at least one; got none; write {topic: {category: {values: [money, time]}}}");
        }
        List<String> before = new ArrayList<>();
        columns.forEach((name, sampler) -> {
            if (sampler instanceof PropertySampler.Conditional hanging && !before.contains(hanging.on())) {
                throw new IllegalArgumentException(("columns.%s.conditional.on: a column before it %s; got '%s'; put "
                        + "that column first").formatted(name, before, hanging.on()));
            }
            before.add(name);
        });
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher);
    }

    private Uses writing() {
        return new Uses("question_prompt", questionPrompt, "question", "drawn");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(writing());
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
        if (scene.step() == 0) {
            return new Move.Ask(IntStream.range(0, n).mapToObj(i -> query(scene, i)).toList());
        }
        List<Result> results = new ArrayList<>();
        for (Reply reply : scene.history().getFirst()) {
            int number = Integer.parseInt(reply.query().step().replace("question_", ""));
            String text = Written.question(reply.text());
            results.add(Written.fault(reply, text).orElseGet(() -> new Result.Made(Derived.of(scene.question(),
                    name(), "sampled", text, Optional.empty(), Map.of("drawn", drawn(scene, number))))));
        }
        return Move.done(results);
    }

    private Query query(Scene scene, int number) {
        String listed = drawn(scene, number).entrySet().stream()
                .map(entry -> "- %s: %s".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("\n"));
        return scene.query(TEACHER, "question_" + number, writing(), Map.of(
                "question", scene.question().question(), "drawn", listed), number);
    }

    private Map<String, String> drawn(Scene scene, int number) {
        Map<String, String> drawn = new LinkedHashMap<>();
        columns.forEach((name, sampler) -> drawn.put(name,
                sampler.draw(scene.random("column", name, Integer.toString(number)), drawn)));
        return drawn;
    }
}
