package dev.socratic.datasets.dialogue;

import dev.socratic.datasets.verify.RougeL;
import dev.socratic.datasets.verify.RougeL.Words;
import java.util.Arrays;
import java.util.List;

/// How much of the gold path a dialogue walked: which sub-questions the tutor asked, and which values the student
/// found.
///
/// A sub-question is *asked* where a sentence of the tutor has a ROUGE-L f1 of at least `likeness` with it, and
/// *reached* where a turn of the student states the step's value ([Stated]). Other words for the same question are not
/// seen by the first figure, another way to the answer by neither: both are lower bounds.
///
/// @param steps   gold sub-questions
/// @param asked   those a tutor's sentence is like
/// @param reached those whose value the student stated; steps without a value never are
public record Coverage(int steps, int asked, int reached) {
    /// From which f1 on two questions are taken for the same.
    public static final double LIKENESS = 0.5;

    /// @param question what both sides know from the beginning
    public static Coverage of(String question, List<GoldStep> steps, List<DialogueTurn> dialogue) {
        return of(question, steps, dialogue, LIKENESS);
    }

    /// @param likeness in (0, 1]
    public static Coverage of(String question, List<GoldStep> steps, List<DialogueTurn> dialogue, double likeness) {
        List<Words> sentences = dialogue.stream().filter(DialogueTurn::isTutor)
                .flatMap(turn -> Arrays.stream(turn.text().split("(?<=[.?!])\\s+|\\n+")))
                .map(Words::of).toList();
        int asked = 0;
        int reached = 0;
        for (GoldStep step : steps) {
            Words gold = Words.of(step.question());
            asked += sentences.stream().anyMatch(said -> RougeL.of(gold, said).f1() >= likeness) ? 1 : 0;
            reached += step.value().map(value -> new Stated(question, value))
                    .filter(value -> dialogue.stream().anyMatch(turn -> !turn.isTutor() && value.in(turn.text())))
                    .isPresent() ? 1 : 0;
        }
        return new Coverage(steps.size(), asked, reached);
    }

    public Coverage plus(Coverage other) {
        return new Coverage(steps + other.steps, asked + other.asked, reached + other.reached);
    }

    /// @return share of the sub-questions that were asked, in [0, 1]; 0 where there are none
    public double askedShare() {
        return steps == 0 ? 0 : (double) asked / steps;
    }

    /// @return share of the values that were found, in [0, 1]; 0 where there are none
    public double reachedShare() {
        return steps == 0 ? 0 : (double) reached / steps;
    }
}
