package dev.socratic.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.Usage;
import dev.socratic.models.decoder.Decoder;
import dev.socratic.trainer.TrainConfig;
import dev.socratic.trainer.batch.BatchStream;
import dev.socratic.trainer.batch.MicroBatch;
import dev.socratic.trainer.config.EvaluateConfig;
import dev.socratic.trainer.kernel.ObjectiveLoss;
import dev.socratic.trainer.log.EventLog;
import dev.socratic.trainer.log.MetricsLog;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.rollout.Memory;
import dev.socratic.trainer.rollout.Rollouts;
import dev.socratic.trainer.store.StoredTeacher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The training loop. One step, top to bottom: micro-batches up to the batch size, loss and gradients, guard, clip, AdamW, log; then, when
/// it is time, held-out loss and a checkpoint.
public final class Trainer {
    private final TrainConfig config;
    private final StageContext context;
    private final Decoder student;
    private final BatchStream stream;
    private final Spending spending;
    private final List<MicroBatch> heldOut;
    private final CheckpointStore checkpoints;
    private final Rollouts rollouts;
    private final Alarms alarms;

    /// @param student   trainable; its weights are changed in place; they are overwritten by the newest checkpoint if there is one
    /// @param passRows  rows of one pass over the data; used by a budget of epochs only
    /// @param heldOut   micro-batches to measure on, empty for none
    /// @param rollouts  where the tokens of a step come from
    public Trainer(
            TrainConfig config,
            StageContext context,
            Decoder student,
            BatchStream stream,
            long passRows,
            List<MicroBatch> heldOut,
            CheckpointStore checkpoints,
            Rollouts rollouts) {
        this.config = config;
        this.context = context;
        this.student = student;
        this.stream = stream;
        this.spending = new Spending(config.budget(), stream, passRows);
        this.heldOut = List.copyOf(heldOut);
        this.checkpoints = checkpoints;
        this.rollouts = rollouts;
        this.alarms = new Alarms(context.progress());
    }

    /// Trains until the budget is used up. An interrupt of the thread ends it after the step it is in, with a checkpoint.
    ///
    /// @param from    what the checkpoint says, or [TrainState#START]; `stream` stands at its place
    /// @param plan    the objective, resolved against student and teacher
    /// @param teachers for objectives that need one or more; the largest first
    /// @param stored   what stands for them instead
    /// @return the state at the end
    public TrainState run(NDManager manager, TrainState from, Plan plan, List<Decoder> teachers, Optional<StoredTeacher> stored) {
        return run(manager, from, plan, teachers, stored, Optional.empty());
    }

    /// @param start the student as it was before the first step, for objectives that read it
    public TrainState run(
            NDManager manager, TrainState from, Plan plan, List<Decoder> teachers, Optional<StoredTeacher> stored, Optional<Decoder> start) {
        Path folder = context.folder();
        student.trainable(true);
        Map<String, NDArray> trained = Successor.trained(plan.objective().edit(), student, teachers);
        try (VocabularyHead vocabulary = new VocabularyHead(manager);
                ObjectiveLoss objective = new ObjectiveLoss(manager, plan);
                AdamW optimizer = new AdamW(manager, config.optimizer(), all(trained, objective.learned()));
                Backward backward = new Backward(manager, student, teachers, stored, start, vocabulary, objective.learned(), trained);
                MetricsLog metrics = new MetricsLog(folder.resolve("metrics.jsonl"), from.lengths().metrics());
                MetricsLog timings = new MetricsLog(folder.resolve("timings.jsonl"), from.lengths().timings());
                EventLog events = new EventLog(
                        folder.resolve("tensorboard/events.out.tfevents.socratic"), from.lengths().events(), context.clock())) {
            checkpoints.restore(optimizer.files(), held(objective), optimizer.state());
            Log log = new Log(metrics, timings, events);
            objective.restore(from.memory().anchors());
            TrainState state = begun(from, plan, backward);
            context.progress().total(spending.goal());
            context.progress().done(spending.done(state));
            while (!state.done()) {
                long began = context.clock().millis();
                Collected collected = collect(state, teachers.stream().findFirst());
                Step step = collected.step();
                TrainState next = advance(manager, state.with(collected.memory()), collected, plan, backward, objective, optimizer, log);
                context.progress().done(spending.done(next) - spending.done(state));
                context.progress().spent(new Usage(step.tokens(), 0, 0));
                timings.append(timing(next, step, context.clock().millis() - began));
                state = evaluate(next.with(next.memory().with(objective.anchors()).drawn(step.batches(), objective.drawn())), plan, backward, objective, log);
                boolean stop = Thread.interrupted();
                if (stop || state.done() || state.step() % config.checkpointEvery() == 0) {
                    state = checkpoint(state, objective, optimizer, log);
                }
                if (stop && !state.done()) {
                    throw Stops.interrupted(state);
                }
            }
            return state;
        }
    }

    /// Micro-batches until the step is as near to `batch_tokens` as whole ones allow, or the last pass ends.
    private Collected collect(TrainState state, Optional<Decoder> teacher) {
        Optional<Rollouts.Written> again = rollouts.again(state.memory());
        if (again.isPresent()) {
            return new Collected(new Step(again.get().batches()), again.get().memory(), Map.of());
        }
        List<MicroBatch> batches = new ArrayList<>();
        int tokens = 0;
        do {
            MicroBatch batch = stream.next();
            batches.add(batch);
            tokens += batch.tokens();
        } while (tokens + config.microTokens() / 2 < config.batchTokens() && !spending.passesDone());
        double before = spending.share(state.step(), state.tokens());
        Rollouts.Written written = rollouts.of(batches, state.step() + 1, before, student, teacher, state.memory());
        Map<String, Double> told = written.batches() == batches ? Map.of() : alarms.written(written.batches(), rollouts.eos());
        return new Collected(new Step(written.batches()), written.memory(), told);
    }

    /// @param memory what the run remembers after the step was written
    /// @param told   what is to be said of the answers that were written
    private record Collected(Step step, Memory memory, Map<String, Double> told) {}

    /// What a driven share is compared with first: the held-out loss before the first step.
    private TrainState begun(TrainState from, Plan plan, Backward backward) {
        return from.step() == 0 && plan.objective().driven() && !heldOut.isEmpty()
                ? from.with(from.memory().heard(plan.objective().rollout(), backward.score(heldOut).loss()))
                : from;
    }

    private TrainState advance(
            NDManager manager, TrainState before, Collected collected, Plan plan, Backward backward, ObjectiveLoss objective, AdamW optimizer, Log log) {
        Step step = collected.step();
        long number = before.step() + 1;
        long tokens = before.tokens() + step.tokens();
        TrainState after = new TrainState(
                number, tokens, before.counted() + step.counting(), before.empty(), before.notFinite(), before.badInRow(),
                spending.over(number, tokens, before.memory().again().isPresent()), stream.place(), before.memory(), before.lengths());
        if (step.counting() == 0) {
            log.skipped(after, "no token counts");
            return after.skippedEmpty();
        }
        double progress = spending.share(number, tokens);
        Backward.Totals made = backward.step(step, objective.at(progress));
        objective.ended();
        List<Double> terms = objective.means(step.counting(), step.samples());
        Map<String, Double> facts = facts(objective, plan, before);
        facts.putAll(collected.told());
        Backward.Totals totals = new Backward.Totals(plan.explain(progress, terms).loss(), made.accuracy());
        try (NDManager scope = manager.newSubManager()) {
            Map<String, NDArray> gradients = backward.gradients(scope, optimizer);
            double norm = optimizer.norm(gradients);
            boolean finite = Double.isFinite(totals.loss()) && Double.isFinite(norm);
            if (finite) {
                double rate = config.optimizer().rate(progress, number);
                optimizer.step(gradients, norm, rate);
                log.step(after, totals, terms, facts, rate, norm);
            } else {
                log.skipped(after, "loss %s and gradient norm %s: not finite".formatted(totals.loss(), norm));
            }
            backward.clear(gradients, optimizer);
            return finite ? after.good() : Stops.guarded(after.skippedNotFinite(), config.giveUpAfter());
        }
    }

    /// What the step shows besides its loss, and how the run steers itself.
    private Map<String, Double> facts(ObjectiveLoss objective, Plan plan, TrainState before) {
        Map<String, Double> facts = new LinkedHashMap<>(objective.facts());
        if (plan.objective().rollout() instanceof Rollout.Student student && plan.objective().driven()) {
            facts.put("student_share", rollouts.share(student, 0, before.memory()));
            facts.put("replayed_answers", (double) before.memory().kept().size());
        }
        return facts;
    }

    private TrainState evaluate(TrainState state, Plan plan, Backward backward, ObjectiveLoss objective, Log log) {
        boolean due = config.evaluate().map(EvaluateConfig::every).filter(every -> state.step() % every == 0).isPresent();
        if (!heldOut.isEmpty() && (due || state.done())) {
            Backward.Totals totals = backward.score(heldOut);
            double progress = spending.share(state.step(), state.tokens());
            log.heldOut(state, totals, plan.objective().needsPairs() ? objective.seen(() -> backward.look(heldOut, objective.at(progress))) : Map.of());
            alarms.heldOut(totals);
            return state.with(state.memory().heard(plan.objective().rollout(), totals.loss()));
        }
        return state;
    }

    private TrainState checkpoint(TrainState state, ObjectiveLoss objective, AdamW optimizer, Log log) {
        TrainState durable = state.with(log.sync());
        checkpoints.save(optimizer.files(), durable, held(objective), optimizer.state());
        return durable;
    }

    /// Everything a checkpoint holds but the optimiser's state.
    private Map<String, NDArray> held(ObjectiveLoss objective) {
        return all(all(student.weights(), objective.learned()), objective.kept());
    }

    /// The student's weights and then those the objective learns besides.
    private static Map<String, NDArray> all(Map<String, NDArray> weights, Map<String, NDArray> learned) {
        Map<String, NDArray> both = new LinkedHashMap<>(weights);
        both.putAll(learned);
        return both;
    }

    private static Map<String, Object> timing(TrainState state, Step step, long millis) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", state.step());
        line.put("seconds", millis / 1000.0);
        line.put("tokens", step.tokens());
        return line;
    }
}
