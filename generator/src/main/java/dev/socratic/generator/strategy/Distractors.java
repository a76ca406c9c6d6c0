package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.datasets.answer.Equivalence;
import dev.socratic.datasets.row.Question;
import dev.socratic.generator.step.Derived;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// A multiple-choice question of one with a gold answer: a model writes wrong answers of the same form, and they are
/// listed with the right one in a drawn order. A wrong answer that means the same as the right one, or as another,
/// goes.
///
/// @param n                wrong answers, at most 9
/// @param teacher          who writes them
/// @param distractorPrompt template of its question
@About(value = "multiple choice of a question with an answer: wrong answers that look right", source = "",
        gives = About.Gives.QUESTIONS)
public record Distractors(
        @Default("3") int n, @Default("teacher") String teacher,
        @Default("distractors") @NameOrFile(PromptTemplate.FILES) String distractorPrompt) implements Strategy {
    private static final int MOST = 9;
    private static final int LONGEST = 200;

    public Distractors {
        if (n < 1 || n > MOST) {
            throw new IllegalArgumentException("n: from 1 to 9; got %s; 3 is the default".formatted(n));
        }
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher);
    }

    private Uses writing() {
        return new Uses("distractor_prompt", distractorPrompt, "question", "answer", "count");
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
        return 1;
    }

    @Override
    public int mostMade() {
        return 1;
    }

    @Override
    public Move next(Scene scene) {
        Optional<String> gold = scene.question().answer();
        if (gold.isEmpty()) {
            return Move.done(new Result.Dropped("no_gold", "the question has no gold answer"));
        }
        if (scene.step() == 0) {
            return Move.ask(scene.query(TEACHER, "distractors", writing(), Map.of("question",
                    scene.question().question(), "answer", gold.get(), "count", Integer.toString(n)), 0));
        }
        List<String> answers = new ArrayList<>(List.of(gold.get()));
        scene.last().text().lines().map(line -> line.replaceFirst("^\\s*(?:[-*]|\\(?[A-Ja-j0-9]{1,2}[.):])\\s+", ""))
                .map(String::strip).filter(line -> !line.isEmpty() && line.length() <= LONGEST)
                .forEach(line -> {
                    if (answers.size() <= n && answers.stream().noneMatch(known -> known.equalsIgnoreCase(line)
                            || Equivalence.STANDARD.judge(known, line).equal())) {
                        answers.add(line);
                    }
                });
        return answers.size() <= n
                ? Move.done(new Result.Dropped("too_few", "%s other answers of %s".formatted(answers.size() - 1, n)))
                : Move.done(new Result.Made(listed(scene, gold.get(), answers)));
    }

    private Question listed(Scene scene, String gold, List<String> answers) {
        SplittableRandom random = scene.random("order");
        List<String> left = new ArrayList<>(answers);
        StringBuilder text = new StringBuilder(scene.question().question().strip());
        String label = "";
        for (char letter = 'A'; !left.isEmpty(); letter++) {
            String next = left.remove(random.nextInt(left.size()));
            text.append('\n').append(letter).append(". ").append(next);
            label = next.equals(gold) ? String.valueOf(letter) : label;
        }
        return Derived.of(scene.question(), name(), "multiple_choice", text.toString(), Optional.of(label), Map.of());
    }
}
