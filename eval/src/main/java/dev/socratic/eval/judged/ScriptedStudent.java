package dev.socratic.eval.judged;

import dev.socratic.datasets.tutoring.AnswerLeak;
import dev.socratic.datasets.tutoring.Asking;
import dev.socratic.datasets.tutoring.Coverage;
import dev.socratic.datasets.tutoring.SubQuestions.Step;
import java.util.List;
import java.util.Optional;

/// A student who can work out each step of a solution, but only when the tutor asks for it, and only behind the steps
/// before it. So whoever leads through the sub-questions in their order gets an answer out of it, and whoever tells, or
/// asks for the end at once, does not: the same tutor always meets the same student.
final class ScriptedStudent {
    private final List<Step> steps;
    private final String gold;
    private int known;
    private boolean done;

    /// @param steps of the solution, at least one
    ScriptedStudent(List<Step> steps, String gold) {
        this.steps = List.copyOf(steps);
        this.gold = gold;
    }

    boolean done() {
        return done;
    }

    /// @param tutor what was said to it
    String reply(String tutor) {
        if (AnswerLeak.find(gold, tutor).isPresent()) {
            done = true;
            return "So the answer is %s.".formatted(gold);
        }
        List<String> asked = Asking.sentences(tutor);
        for (String sentence : asked) {
            Optional<Integer> step = Coverage.asked(steps, sentence);
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
}
