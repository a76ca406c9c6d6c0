package dev.socratic.eval;

import dev.socratic.eval.stats.Correction;
import dev.socratic.eval.stats.Paired;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/// One model against others on every task that both were put through, with p-values corrected for how many tests that
/// are.
///
/// @param rows in the order of the tasks, within a task of the models
public record TaskComparisons(List<Row> rows) {
    public TaskComparisons {
        rows = List.copyOf(rows);
    }

    /// @param task   its name
    /// @param other  what the other model is called
    /// @param alike  both sides, by the same extraction
    /// @param paired the first minus the other
    /// @param holm   the p-value, corrected so that the chance of any false finding stays at the level
    /// @param bh     corrected so that the share of false findings does
    public record Row(
            String task, String other, SavedSamples.Alike alike, Paired paired, double holm, double bh) {}

    /// How two files are brought to verdicts of one and the same extraction.
    public interface Choice {
        SavedSamples.Alike of(SavedSamples first, SavedSamples second);
    }

    /// @param first  by task
    /// @param others by the model's name; each gives its samples of a task, none where it was not put through it
    public static TaskComparisons of(
            SequencedMap<String, SavedSamples> first,
            SequencedMap<String, Function<String, List<SavedSamples>>> others, Choice choice) {
        List<Row> rows = new ArrayList<>();
        first.forEach((task, samples) -> others.forEach((name, other) -> other.apply(task).forEach(theirs -> {
            SavedSamples.Alike alike = choice.of(samples, theirs);
            rows.add(new Row(task, name, alike, alike.first().against(alike.second()), 1, 1));
        })));
        Correction corrected = Correction.of(rows.stream().map(row -> row.paired().p()).toList());
        List<Row> all = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            all.add(new Row(row.task(), row.other(), row.alike(), row.paired(), corrected.holm().get(i),
                    corrected.bh().get(i)));
        }
        return new TaskComparisons(all);
    }
}
