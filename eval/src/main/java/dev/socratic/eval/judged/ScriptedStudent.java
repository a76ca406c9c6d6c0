package dev.socratic.eval.judged;

import dev.socratic.datasets.dialogue.AnswerLeak;
import dev.socratic.datasets.dialogue.Coverage;
import dev.socratic.datasets.dialogue.GoldStep;
import dev.socratic.datasets.verify.RougeL;
import java.util.List;
import java.util.Optional;

/// A student who can work out each step of a solution, but only when the tutor asks for it, and only behind the steps
/// before it. So whoever leads through the sub-questions in their order gets an answer out of it, and whoever tells, or
/// asks for the end at once, does not: the same tutor always meets the same student. A sentence asks for the step with
/// whose sub-question it has the highest ROUGE-L f1, at least [Coverage#LIKENESS].
final class ScriptedStudent {
    private final String question;
    private final List<GoldStep> steps;
    private final String gold;
    private int known;
    private boolean done;

    /// @param steps of the solution, at least one
    ScriptedStudent(String question, List<GoldStep> steps, String gold) {
        this.question = question;
        this.steps = List.copyOf(steps);
        this.gold = gold;
    }

    boolean done() {
        return done;
    }

    /// @param tutor what was said to it
    String reply(String tutor) {
        if (AnswerLeak.in(question, gold, List.of(), List.of(), tutor).stream().anyMatch(AnswerLeak::last)) {
            done = true;
            return "So the answer is %s.".formatted(gold);
        }
        List<String> asked = AskingSentences.of(tutor);
        for (String sentence : asked) {
            Optional<Integer> step = asked(steps, sentence);
            if (step.isPresent() && step.get() < known) {
                return "I have that already: " + steps.get(step.get()).answer();
            }
            if (step.isPresent() && step.get() > known) {
                return "I do not know that yet. What do I have to work out first?";
            }
            if (step.isPresent()) {
                known++;
                done = known == steps.size();
                return steps.get(step.get()).answer() + (done ? "\nSo the answer is %s.".formatted(gold) : "");
            }
        }
        return asked.isEmpty() ? "I see. What should I do next?"
                : "I am not sure. Can you help me with a smaller question?";
    }

    /// @return number of the step that a sentence asks for
    static Optional<Integer> asked(List<GoldStep> steps, String sentence) {
        Optional<Integer> best = Optional.empty();
        double most = 0;
        for (int i = 0; i < steps.size(); i++) {
            double f1 = RougeL.of(steps.get(i).question(), sentence).f1();
            if (f1 >= Coverage.LIKENESS && f1 > most) {
                most = f1;
                best = Optional.of(i);
            }
        }
        return best;
    }
}
