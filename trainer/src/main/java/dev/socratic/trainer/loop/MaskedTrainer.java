package dev.socratic.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.Usage;
import dev.socratic.models.decoder.Encoder;
import dev.socratic.trainer.TrainConfig;
import dev.socratic.trainer.batch.BatchStream;
import dev.socratic.trainer.batch.MicroBatch;
import dev.socratic.trainer.config.EvaluateConfig;
import dev.socratic.trainer.kernel.ObjectiveLoss;
import dev.socratic.trainer.log.EventLog;
import dev.socratic.trainer.log.MetricsLog;
import dev.socratic.trainer.masked.ControlIds;
import dev.socratic.trainer.masked.MaskedBatch;
import dev.socratic.trainer.masked.Parts;
import dev.socratic.trainer.masked.TokenOdds;
import dev.socratic.trainer.plan.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The training loop of encoders: micro-batches up to the batch size, other tokens hidden each time, loss and gradients, guard, clip, AdamW, log;
/// then, when it is time, a checkpoint. Optimiser, objectives, logs and checkpoints are those of [Trainer].
///
/// @param odds    how likely each token is to be hidden
/// @param control ids that frame, hide and fill
/// @param heldOut micro-batches to measure on, whose tokens are hidden once and for all; empty for none
public record MaskedTrainer(
        TrainConfig config, StageContext context, Encoder student, BatchStream stream, long passRows, CheckpointStore checkpoints, TokenOdds odds, ControlIds control,
        List<MaskedBatch> heldOut) {
    public MaskedTrainer {
        heldOut = List.copyOf(heldOut);
    }

    /// An objective, resolved against student and teacher.
    ///
    /// @param whole      as it was given
    /// @param parts      its terms by where they count
    /// @param asked      the part of the terms against labels
    /// @param everywhere the part of the others
    public record Plans(Plan whole, Parts parts, Optional<Plan> asked, Optional<Plan> everywhere) {}

    /// @param from what the checkpoint says, or [TrainState#START]; `stream` stands at its place
    /// @return the state at the end
    public TrainState run(NDManager manager, TrainState from, Plans plan, Optional<Encoder> teacher) {
        Path folder = context.folder();
        student.trainable(true);
        try (Objectives objective = Objectives.of(manager, plan);
                AdamW optimizer = new AdamW(manager, config.optimizer(), all(objective));
                MaskedBackward backward = new MaskedBackward(manager, student, teacher, objective.learned());
                MetricsLog metrics = new MetricsLog(folder.resolve("metrics.jsonl"), from.lengths().metrics());
                MetricsLog timings = new MetricsLog(folder.resolve("timings.jsonl"), from.lengths().timings());
                EventLog events = new EventLog(folder.resolve("tensorboard/events.out.tfevents.socratic"), from.lengths().events(), context.clock())) {
            checkpoints.restore(optimizer.files(), all(objective), optimizer.state());
            Log log = new Log(metrics, timings, events);
            TrainState state = from;
            Spending spending = spending();
            context.progress().total(spending.goal());
            context.progress().done(spending.done(state));
            while (!state.done()) {
                List<MaskedBatch> batches = collect(state.step() + 1);
                TrainState next = advance(manager, state, batches, plan, backward, objective, optimizer, log);
                context.progress().done(spending.done(next) - spending.done(state));
                state = next;
                context.progress().spent(new Usage(batches.stream().mapToInt(MaskedBatch::tokens).sum(), 0, 0));
                evaluate(state, backward, log);
                boolean stop = Thread.interrupted();
                if (stop || state.done() || state.step() % config.checkpointEvery() == 0) {
                    state = state.with(log.sync());
                    checkpoints.save(optimizer.files(), state, all(objective), optimizer.state());
                }
                if (stop && !state.done()) {
                    throw Stops.interrupted(state);
                }
            }
            return state;
        }
    }

    private void evaluate(TrainState state, MaskedBackward backward, Log log) {
        boolean due = config.evaluate().map(EvaluateConfig::every).filter(every -> state.step() % every == 0).isPresent();
        if (!heldOut.isEmpty() && (due || state.done())) {
            log.heldOut(state, backward.score(heldOut), Map.of());
        }
    }

    private List<MaskedBatch> collect(long step) {
        List<MaskedBatch> batches = new ArrayList<>();
        int tokens = 0;
        do {
            MicroBatch batch = stream.next();
            long seed = Seeds.derive(config.seed(), "mask", Long.toString(step), Integer.toString(batches.size()));
            batches.add(config.masking().hide(batch.origin(), control, odds, seed));
            tokens += batches.getLast().tokens();
        } while (tokens + config.microTokens() / 2 < config.batchTokens() && !spending().passesDone());
        return batches;
    }

    private TrainState advance(NDManager manager, TrainState before, List<MaskedBatch> batches, Plans plan, MaskedBackward backward,
            Objectives objective, AdamW optimizer, Log log) {
        long number = before.step() + 1;
        int read = batches.stream().mapToInt(MaskedBatch::tokens).sum();
        int counting = batches.stream().mapToInt(MaskedBatch::counting).sum();
        long tokens = before.tokens() + read;
        TrainState after = new TrainState(number, tokens, before.counted() + counting, before.empty(), before.notFinite(), before.badInRow(),
                spending().over(number, tokens), stream.place(), before.memory(), before.lengths());
        double progress = spending().share(number, tokens);
        double right = backward.step(batches, objective.at(progress));
        int rows = batches.stream().mapToInt(MaskedBatch::rows).sum();
        List<Double> terms = plan.parts().together(Objectives.means(objective.asked(), counting, rows), Objectives.means(objective.everywhere(), read, rows));
        Backward.Totals totals = new Backward.Totals(plan.whole().explain(progress, terms).loss(), right);
        try (NDManager scope = manager.newSubManager()) {
            Map<String, NDArray> gradients = backward.gradients(scope);
            double norm = optimizer.norm(gradients);
            boolean finite = Double.isFinite(totals.loss()) && Double.isFinite(norm);
            if (finite) {
                double rate = config.optimizer().rate(progress, number);
                optimizer.step(gradients, norm, rate);
                log.step(after, totals, terms, Map.of(), rate, norm);
            } else {
                log.skipped(after, "loss %s and gradient norm %s: not finite".formatted(totals.loss(), norm));
            }
            optimizer.clear(List.copyOf(gradients.values()));
            return finite ? after.good() : Stops.guarded(after.skippedNotFinite(), config.giveUpAfter());
        }
    }

    /// The losses of both parts.
    private record Objectives(Optional<ObjectiveLoss> asked, Optional<ObjectiveLoss> everywhere) implements AutoCloseable {
        static Objectives of(NDManager manager, Plans plans) {
            return new Objectives(plans.asked().map(plan -> new ObjectiveLoss(manager, plan)), plans.everywhere().map(plan -> new ObjectiveLoss(manager, plan)));
        }

        MaskedBackward.Losses at(double progress) {
            return new MaskedBackward.Losses(asked.map(loss -> loss.at(progress)), everywhere.map(loss -> loss.at(progress)));
        }

        Map<String, NDArray> learned() {
            return everywhere.map(ObjectiveLoss::learned).orElse(Map.of());
        }

        static List<Double> means(Optional<ObjectiveLoss> part, int tokens, int rows) {
            return part.map(loss -> loss.means(tokens, rows)).orElse(List.of());
        }

        @Override
        public void close() {
            asked.ifPresent(ObjectiveLoss::close);
            everywhere.ifPresent(ObjectiveLoss::close);
        }
    }

    private Map<String, NDArray> all(Objectives objective) {
        Map<String, NDArray> both = new LinkedHashMap<>(student.weights());
        both.putAll(objective.learned());
        return both;
    }

    private Spending spending() {
        return new Spending(config.budget(), stream, passRows);
    }
}
