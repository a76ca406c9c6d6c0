package dev.socratic.trainer.plan;

import dev.socratic.trainer.objective.Objective;
import java.util.List;
import java.util.Locale;

/// An objective resolved against the two models it will run on.
///
/// @param objective   what the user wrote
/// @param sharedVocab token ids both models give the same token: ids from 0 to this are compared, padding rows of an embedding are not
public record Plan(Objective objective, long sharedVocab) {

    /// What each term adds to the loss.
    ///
    /// @param progress share of the budget used
    /// @param means    raw mean of each term over the counting positions, in nats, in the order of the terms
    /// @return a tree of contributions; its first line is their sum, which is the loss
    public Explanation explain(double progress, List<Double> means) {
        List<Explanation.Line> lines = new java.util.ArrayList<>();
        for (int i = 0; i < objective.terms().size(); i++) {
            double weight = weight(i, progress);
            lines.add(new Explanation.Line(objective.terms().get(i), weight, means.get(i), weight * means.get(i)));
        }
        return new Explanation(objective.name(), lines);
    }

    /// @return weight of a term now, the squared temperatures in it
    public double weight(int term, double progress) {
        return objective.terms().get(term).weight().at(progress) * objective.terms().get(term).temperatureFactor();
    }

    /// @param name  of the objective
    /// @param lines one a term
    public record Explanation(String name, List<Line> lines) {
        public Explanation {
            lines = List.copyOf(lines);
        }

        /// @return sum of the contributions
        public double loss() {
            double sum = 0;
            for (Line line : lines) {
                sum += line.contribution();
            }
            return sum;
        }

        /// @return the tree as text, for logs and for `objective explain`
        public String text() {
            StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%s = %.6f%n", name, loss()));
            for (Line line : lines) {
                text.append(String.format(
                        Locale.ROOT, "  %.6f = %.4f x %.6f  %s %s against %s%n", line.contribution(), line.weight(), line.mean(),
                        line.term().distance(), line.term().views(), line.term().against()));
            }
            return text.toString();
        }

        /// @param term         the term
        /// @param weight       now, squared temperatures included
        /// @param mean         raw distance, nats
        /// @param contribution weight x mean
        public record Line(dev.socratic.trainer.objective.Term term, double weight, double mean, double contribution) {}
    }
}
