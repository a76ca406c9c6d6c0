package dev.socratic.trainer.plan;

import dev.socratic.trainer.objective.Term;
import java.util.List;
import java.util.Locale;

/// What each term adds to a loss.
///
/// @param name  of the objective
/// @param lines one a term
public record Explanation(String name, List<Line> lines) {
    public Explanation {
        lines = List.copyOf(lines);
    }

    /// @return sum of the contributions: the loss of the step, to the last bit
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
                    Locale.ROOT, "  %.6f = %.4f x %.6f  %s%n", line.contribution(), line.weight(), line.mean(),
                    line.term().text()));
        }
        return text.toString();
    }

    /// @param term         the term
    /// @param weight       now, squared temperatures included
    /// @param mean         raw distance over its items
    /// @param contribution weight x mean
    public record Line(Term term, double weight, double mean, double contribution) {}
}
