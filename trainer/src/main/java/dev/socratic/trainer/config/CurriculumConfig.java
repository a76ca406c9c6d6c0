package dev.socratic.trainer.config;

import dev.socratic.core.config.Default;
import java.nio.file.Path;
import java.util.List;

/// Which rows a pass asks more often, by how often the student answered their questions rightly when it was evaluated.
///
/// A row whose question has the pass rate p weighs `floor + half_known 4 p (1 - p) + failed (1 - p)`, one that was not
/// asked `unknown`. A pass has as many rows as the data: each is drawn `rows x weight / sum of weights` times on
/// average, rounded up or down by systematic resampling (Kitagawa 1996), which the seed decides.
///
/// ```yaml
/// curriculum: {samples: [runs/first/eval/student]}
/// ```
///
/// @param samples   files `samples_*.jsonl` that an evaluation wrote, or folders of them; a question that stands in
///                  several has the mean of its verdicts
/// @param floor     of what is mastered
/// @param halfKnown of what the student knows half of the time
/// @param failed    of what it never answers rightly
/// @param unknown   of rows that no evaluation asked
public record CurriculumConfig(
        List<Path> samples,
        @Default("0.1") double floor,
        @Default("1") double halfKnown,
        @Default("0.5") double failed,
        @Default("1") double unknown) {
    public CurriculumConfig {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("samples: at least one file or folder of an evaluation; got none");
        }
        if (!(floor > 0 && halfKnown >= 0 && failed >= 0 && unknown > 0)) {
            throw new IllegalArgumentException(
                    "floor and unknown must be above 0, half_known and failed at least 0; got %s, %s, %s and %s"
                            .formatted(floor, unknown, halfKnown, failed));
        }
    }

    /// @param rate share of right answers
    public double weight(double rate) {
        return floor + halfKnown * 4 * rate * (1 - rate) + failed * (1 - rate);
    }
}
