package dev.socratic.trainer.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.run.StageContext;
import dev.socratic.trainer.config.KeepBest;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.optim.AveragedWeights;
import dev.socratic.trainer.optim.Optimizer;
import dev.socratic.trainer.run.checkpoint.CheckpointStore;
import dev.socratic.trainer.run.checkpoint.Selection;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.run.log.EventLog;
import dev.socratic.trainer.run.log.MetricsLog;
import dev.socratic.trainer.run.log.SeenRows;
import dev.socratic.trainer.step.GradientAccumulation;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The training loop, whatever is trained, top to bottom: [Learner] gives rows and their loss, everything else of a
/// step is here.
///
/// @param stream      what the run reads
/// @param budget      how much of it is used
/// @param checkpoints where a run goes on from
/// @param alarms      what is told while it goes
/// @param arrays      what a checkpoint holds besides the optimiser's state, by name: weights, learned maps, memories
/// @param averaged    the weights the student is measured by
public record TrainingLoop(TrainConfig config, StageContext context, BatchStream stream, BudgetTracker budget,
        CheckpointStore checkpoints, Alarms alarms, Map<String, NDArray> arrays, Optimizer optimizer,
        AveragedWeights averaged, GradientAccumulation accumulation) {

    /// Trains until the budget is used up. An interrupt of the thread ends it after the step it is in, with a
    /// checkpoint.
    ///
    /// @param manager parent of a scope a step
    /// @param from    what the newest checkpoint says, or [TrainState#START]; `stream` stands at its place
    /// @return the state at the end, with the weights that the student is saved with in place
    public <B> TrainState run(NDManager manager, TrainState from, Learner<B> learner) {
        try (MetricsLog metrics = new MetricsLog(file("metrics.jsonl"), from.lengths().metrics());
                MetricsLog timings = new MetricsLog(file("timings.jsonl"), from.lengths().timings());
                EventLog events = new EventLog(file("tensorboard/events.out.tfevents.socratic"),
                        from.lengths().events(), context.clock());
                MetricsLog rows = new MetricsLog(file(SeenRows.FILE), from.lengths().rows())) {
            TrainingLog log = new TrainingLog(metrics, timings, events, rows);
            Throughput throughput = new Throughput(context.progress(), budget, from);
            checkpoints.restore(arrays, optimizer.state(), manager);
            TrainState state = from;
            StopReasons.requireNoAlarm(state);
            while (!state.done()) {
                long began = context.clock().millis();

                // The next rows of the data, or answers to their prompts that are written now.
                TrainState whole = state;
                Learner.StepBatch<B> batch = learner.next(state);
                TrainState before = batch.before();
                long number = before.step() + 1;
                long tokens = before.tokens() + batch.tokens();
                double progress = budget.share(number, tokens);
                state = before.after(number, tokens, before.lossTokens() + batch.lossTokens(),
                        budget.over(number, tokens, batch.reused()), stream.position());

                if (batch.empty()) {
                    log.skipped(state, "no token is in the loss");
                    throughput.skipped("no token is in the loss");
                    state = state.skippedEmpty();
                } else {
                    // Forward, loss and backward, micro-batch after micro-batch.
                    double rate = config.optimizer().rate(progress, number);
                    optimizer.begin(rate, number);
                    Learner.StepResult loss = reached(() -> learner.backward(batch, progress), whole, log, learner);

                    // Clip and step, unless something is no number.
                    try (NDManager scope = manager.newSubManager()) {
                        Map<String, NDArray> gradients = accumulation.gradients(scope);
                        double norm = optimizer.norm(gradients, before.lossScale());
                        boolean finite = Double.isFinite(loss.totals().loss());
                        if (finite && Double.isFinite(norm)) {
                            optimizer.step(gradients, norm, rate, before.lossScale());
                            averaged.stepped(number);
                            log.step(state, loss, rate, norm);
                            throughput.learned(loss.totals().loss(), rate);
                            state = state.good();
                        } else if (finite && before.lossScale().reducible()) {
                            state = state.skippedOverflow();
                            log.overflow(state, before.lossScale());
                            throughput.skipped("loss scale halved");
                        } else {
                            log.skipped(state, "loss %s and gradient norm %s: not finite".formatted(
                                    loss.totals().loss(), norm));
                            throughput.skipped("not finite");
                            state = state.skippedNotFinite();
                        }
                        accumulation.clear(gradients);
                    }
                    StopReasons.requireFinite(state, config.maxNonFiniteSteps());
                    state = state.with(loss.rolloutState());
                }
                log.rows(state, batch.source());
                long millis = context.clock().millis() - began;
                throughput.after(state, millis, batch.tokens());
                log.timing(state, millis, batch.tokens());

                // Held-out rows.
                if (state.done() || evaluates(state.step())) {
                    Optional<Learner.HeldOutLoss> heldOut;
                    try (AveragedWeights.Standing ignored = averaged.inPlace()) {
                        heldOut = learner.evaluate(state);
                    }
                    if (heldOut.isPresent()) {
                        state = state.with(judged(state, heldOut.get()));
                        log.heldOut(state, heldOut.get());
                        alarms.heldOut(heldOut.get().totals());
                        state = state.with(heldOut.get().rolloutState());
                    }
                }

                // Checkpoint.
                boolean interrupted = Thread.interrupted();
                boolean alarmed = state.rolloutState().history().stop().isPresent();
                boolean best = config.keepBest().isPresent() && state.selection().isBest(state.step());
                if (interrupted || alarmed || best || state.done() || state.step() % config.checkpointEvery() == 0) {
                    state = learner.kept(state.with(log.sync()));
                    checkpoints.save(state, arrays, optimizer.state());
                }
                StopReasons.requireNoAlarm(state);
                if (interrupted && !state.done()) {
                    throw StopReasons.interrupted(state, budget);
                }
            }
            takeBest(state, manager);
            averaged.settle();
            return state;
        }
    }

    /// @return with the evaluation that was made behind this step
    private Selection judged(TrainState state, Learner.HeldOutLoss heldOut) {
        if (config.keepBest().isEmpty() && config.earlyStop().isEmpty()) {
            return Selection.NONE;
        }
        Selection now = state.selection().after(state.step(), heldOut.measure(measure()),
                measure().equals(KeepBest.LOSS), config.earlyStop());
        if (now.stopped()) {
            context.progress().note("training ends behind step %s: %s evaluations in a row without a better %s"
                    .formatted(state.step(), now.without(), measure()));
        }
        return now;
    }

    private String measure() {
        return config.keepBest().map(KeepBest::by).orElse(KeepBest.LOSS);
    }

    private void takeBest(TrainState end, NDManager manager) {
        config.keepBest().flatMap(ignored -> end.selection().best()).filter(best -> best.step() != end.step())
                .ifPresent(best -> {
                    checkpoints.restoreBest(best.step(), arrays, optimizer.state(), manager);
                    context.progress().note("the student is that of step %s, whose %s is the best: %s".formatted(
                            best.step(), measure(), String.format(Locale.ROOT, "%.4f", best.value())));
                });
    }

    /// Where a teacher that is asked cannot be reached, the run goes on from the step before another time.
    private <B> Learner.StepResult reached(Supplier<Learner.StepResult> step, TrainState before, TrainingLog log,
            Learner<B> learner) {
        try {
            return step.get();
        } catch (RetryLaterException outage) {
            if (before.step() > 0) {
                checkpoints.save(learner.kept(before.with(log.sync())), arrays, optimizer.state());
            }
            throw outage;
        }
    }

    private boolean evaluates(long step) {
        return config.evaluate().filter(evaluate -> step % evaluate.every() == 0).isPresent();
    }

    private Path file(String name) {
        return context.folder().resolve(name);
    }
}
