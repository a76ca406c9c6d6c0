package dev.socratic.eval;

import dev.socratic.core.json.Json;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.stats.Interval;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// What came of one task.
///
/// @param asking  what was asked
/// @param samples scored answers, and the questions the model cannot answer, which are wrong
/// @param usage   tokens and cost of the answers
/// @param open    questions without a final outcome: the next run asks them again
record TaskResult(PreparedTask asking, List<Sample> samples, Usage usage, long open) {
    TaskResult {
        samples = List.copyOf(samples);
    }

    /// @return questions the model cannot answer
    long failed() {
        return samples.stream().filter(Sample::failed).count();
    }

    /// @return share of right answers among all questions; 0 where there are none
    double accuracy() {
        return samples.isEmpty() ? 0 : (double) right() / samples.size();
    }

    Interval ci95() {
        return Interval.wilson(right(), samples.size());
    }

    /// @return `sqrt(a (1 - a) / (n - 1))`, the standard error lm-evaluation-harness states for a mean of 0/1 scores;
    ///         it needs two answers
    Optional<Double> standardError() {
        int n = samples.size();
        return n < 2 ? Optional.empty() : Optional.of(Math.sqrt(accuracy() * (1 - accuracy()) / (n - 1)));
    }

    /// @return answers cut off at the most tokens allowed: many of them mean that the limit, not the model, was
    ///         measured
    long truncated() {
        return samples.stream().filter(Sample::truncated).count();
    }

    /// Writes the samples file.
    void write(OutputStream out) throws IOException {
        for (Sample sample : samples) {
            out.write((Json.line(sample.line()) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private long right() {
        return samples.stream().filter(Sample::correct).count();
    }
}
