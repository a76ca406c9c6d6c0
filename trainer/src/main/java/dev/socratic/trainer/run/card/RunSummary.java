package dev.socratic.trainer.run.card;

import ai.djl.ndarray.NDArray;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.Usage;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.data.Corpus;
import dev.socratic.trainer.data.RowCounts;
import dev.socratic.trainer.run.checkpoint.TrainState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A run that is over.
///
/// @param tally   rows of the first pass
/// @param state   at the end
/// @param metrics of the whole run
/// @param threads processor threads, on which the last digits depend
/// @param adapter what learned beside the weights, where they stayed as they were
/// @param frozen  what of them learned nothing, where some did
public record RunSummary(RowCounts tally, TrainState state, MetricsFile metrics, int threads,
        Optional<Adapter> adapter, Optional<Frozen> frozen) {
    /// @param weights how many were frozen
    /// @param numbers that these have
    /// @param learned numbers of the others
    public record Frozen(int weights, long numbers, long learned) {
        /// @return what was frozen of a student; empty where nothing was
        public static Optional<Frozen> of(Decoder student) {
            long learned = student.trainable().values().stream().mapToLong(NDArray::size).sum();
            return student.frozen().isEmpty() ? Optional.empty()
                    : Optional.of(new Frozen(student.frozen().size(), student.config().parameters() - learned,
                            learned));
        }
    }

    /// @param targets names of the modules, or their ends
    /// @param numbers how many learned
    public record Adapter(List<String> targets, long numbers) {
        public Adapter {
            targets = List.copyOf(targets);
        }

        /// @return what learns beside a student's weights; empty where these learn
        public static Optional<Adapter> of(Decoder student) {
            return student.lora().map(lora -> new Adapter(lora.targets(),
                    student.trainable().values().stream().mapToLong(NDArray::size).sum()));
        }
    }

    /// @param parameters of the student
    /// @return rows of the first pass, tokens read, and figures as notes
    public StageReport report(Corpus corpus, long parameters) {
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("parameters", parameters);
        adapter.ifPresent(beside -> notes.put("trainable_parameters", beside.numbers()));
        frozen.ifPresent(some -> notes.put("trainable_parameters", some.learned()));
        notes.put("steps", state.step());
        notes.put("tokens", state.tokens());
        notes.put("counted_tokens", state.lossTokens());
        notes.put("too_long", tally.dropped().getOrDefault("too_long", 0L));
        notes.put("cut", tally.truncated());
        notes.put("skipped_steps", state.empty() + state.notFinite() + state.overflows());
        metrics.lastLoss().ifPresent(loss -> notes.put("last_loss", loss));
        state.selection().best().ifPresent(best -> {
            notes.put("best_step", best.step());
            notes.put("best", best.value());
        });
        if (state.selection().stopped()) {
            notes.put("stopped_early", true);
        }
        if (!metrics.heldOut().isEmpty()) {
            notes.put("held_out_loss", metrics.heldOut().getLast());
        }
        return new StageReport(
                Counts.of(tally.read() + corpus.unreadable(), tally.kept(), tally.dropped(), corpus.unreadable()),
                new Usage(state.tokens(), 0, 0), notes);
    }
}
