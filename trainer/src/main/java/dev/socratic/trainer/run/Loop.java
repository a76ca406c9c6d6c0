package dev.socratic.trainer.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.Usage;
import dev.socratic.trainer.config.EvaluateConfig;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.optim.AdamW;
import dev.socratic.trainer.run.checkpoint.CheckpointStore;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.run.log.EventLog;
import dev.socratic.trainer.run.log.MetricsLog;
import dev.socratic.trainer.step.Backward;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The training loop, whatever is trained. One step, top to bottom: rows up to the batch size, loss and gradients,
/// guard, clip, AdamW, log; then, when it is time, held-out loss and a checkpoint.
///
/// @param spending    how much of the budget is used
/// @param checkpoints where a run goes on from
/// @param alarms      what is told while it goes
public record Loop(TrainConfig config, StageContext context, BatchStream stream, BudgetTracker spending,
        CheckpointStore checkpoints, Alarms alarms) {

    /// What is trained.
    public interface Body {
        /// @return everything a checkpoint holds but the optimiser's state, by name
        Map<String, NDArray> held();

        /// @param from what the checkpoint says; its arrays are restored already
        /// @return the state before the first step
        TrainState begun(TrainState from);

        /// @return what the next step learns from
        Rows next(TrainState state);

        /// @return the gradient of each weight by name; the arrays belong to `scope`
        Map<String, NDArray> gradients(NDManager scope);

        /// Gradients to zero, in place.
        void clear(Map<String, NDArray> gradients);

        /// @return whether there are held-out rows
        boolean measures();

        /// @return what they say
        Measured measure(TrainState state);
    }

    /// What a step learns from.
    public interface Rows {
        /// @return input tokens that are no padding
        int tokens();

        /// @return predictions that count
        int counting();

        /// @return whether there is nothing to learn from
        boolean empty();

        /// @return whether they are learned from again after this step, which ends no pass
        boolean again();

        /// @return the state before the step, which remembers these rows
        TrainState before();

        /// Adds the gradients of the step's loss to those of the weights.
        Learned learn(double progress);

        /// @return the state after the step, with what the step has taught to remember
        TrainState remembered(TrainState after);
    }

    /// @param terms raw mean of each term of the objective
    /// @param facts what the objective shows besides, by name
    public record Learned(Backward.Totals totals, List<Double> terms, Map<String, Double> facts) {}

    /// @param facts what the objective shows of the held-out rows besides, by name
    /// @param state with what it is to remember of them
    public record Measured(Backward.Totals totals, Map<String, Double> facts, TrainState state) {}

    /// Trains until the budget is used up. An interrupt of the thread ends it after the step it is in, with a
    /// checkpoint.
    ///
    /// @param from what the checkpoint says, or [TrainState#START]; `stream` stands at its place
    /// @return the state at the end
    public TrainState run(NDManager manager, TrainState from, Body body, AdamW optimizer) {
        Path folder = context.folder();
        try (MetricsLog metrics = new MetricsLog(folder.resolve("metrics.jsonl"), from.lengths().metrics());
                MetricsLog timings = new MetricsLog(folder.resolve("timings.jsonl"), from.lengths().timings());
                EventLog events = new EventLog(folder.resolve("tensorboard/events.out.tfevents.socratic"),
                        from.lengths().events(), context.clock())) {
            checkpoints.restore(optimizer.files(), body.held(), optimizer.state());
            TrainingLog log = new TrainingLog(metrics, timings, events);
            TrainState state = body.begun(from);
            Throughput pace = new Throughput();
            context.progress().unit(spending.unit());
            context.progress().total(spending.goal());
            long done = spending.done(state);
            context.progress().done(done);
            while (!state.done()) {
                long began = context.clock().millis();
                Rows rows = body.next(state);
                TrainState next = step(manager, rows, body, optimizer, log, pace);
                long millis = context.clock().millis() - began;
                context.progress().state(pace.after(millis, rows.tokens()));
                context.progress().done(spending.done(next) - done);
                done = spending.done(next);
                context.progress().spent(new Usage(rows.tokens(), 0, 0));
                timings.append(timing(next, rows, millis));
                state = measured(rows.remembered(next), body, log);
                boolean stop = Thread.interrupted();
                if (stop || state.done() || state.step() % config.checkpointEvery() == 0) {
                    state = state.with(log.sync());
                    checkpoints.save(optimizer.files(), state, body.held(), optimizer.state());
                }
                if (stop && !state.done()) {
                    throw StopReasons.interrupted(state, spending);
                }
            }
            return state;
        }
    }

    private TrainState step(NDManager manager, Rows rows, Body body, AdamW optimizer, TrainingLog log,
            Throughput pace) {
        TrainState before = rows.before();
        long number = before.step() + 1;
        long tokens = before.tokens() + rows.tokens();
        TrainState after = new TrainState(
                number, tokens, before.lossTokens() + rows.counting(), before.empty(), before.notFinite(),
                before.badInRow(),
                spending.over(number, tokens, rows.again()), stream.position(), before.rolloutState(),
                before.lengths());
        if (rows.empty()) {
            log.skipped(after, "no token counts");
            pace.skipped("no token counts");
            return after.skippedEmpty();
        }
        double progress = spending.share(number, tokens);
        Learned learned = rows.learn(progress);
        try (NDManager scope = manager.newSubManager()) {
            Map<String, NDArray> gradients = body.gradients(scope);
            double norm = optimizer.norm(gradients);
            boolean finite = Double.isFinite(learned.totals().loss()) && Double.isFinite(norm);
            if (finite) {
                double rate = config.optimizer().rate(progress, number);
                optimizer.step(gradients, norm, rate);
                log.step(after, learned.totals(), learned.terms(), learned.facts(), rate, norm);
                pace.learned(learned.totals().loss(), rate);
            } else {
                pace.skipped("not finite");
                log.skipped(after, "loss %s and gradient norm %s: not finite".formatted(learned.totals().loss(), norm));
            }
            body.clear(gradients);
            return finite ? after.good() : StopReasons.guarded(after.skippedNotFinite(), config.giveUpAfter());
        }
    }

    private TrainState measured(TrainState state, Body body, TrainingLog log) {
        boolean due = config.evaluate().map(EvaluateConfig::every).filter(every -> state.step() % every == 0)
                .isPresent();
        if (!body.measures() || !due && !state.done()) {
            return state;
        }
        Measured found = body.measure(state);
        log.heldOut(state, found.totals(), found.facts());
        alarms.heldOut(found.totals());
        return found.state();
    }

    private static Map<String, Object> timing(TrainState state, Rows rows, long millis) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", state.step());
        line.put("seconds", millis / 1000.0);
        line.put("tokens", rows.tokens());
        return line;
    }

    /// The student's weights and then those the objective learns besides.
    public static Map<String, NDArray> all(Map<String, NDArray> weights, Map<String, NDArray> learned) {
        Map<String, NDArray> both = new LinkedHashMap<>(weights);
        both.putAll(learned);
        return both;
    }
}
