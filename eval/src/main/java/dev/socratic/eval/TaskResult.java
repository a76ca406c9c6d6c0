package dev.socratic.eval;

import dev.socratic.core.json.Json;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

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

    /// @return mean score over all questions; 0 where there are none
    double accuracy() {
        return samples.isEmpty() ? 0 : figures().score().value();
    }

    SampleMetrics figures() {
        return SampleMetrics.of(samples);
    }

    /// @return the score first
    List<Metric> metrics() {
        return samples.isEmpty() ? List.of() : figures().metrics(SampleJson.METRIC, asking.task().repeats());
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
}
