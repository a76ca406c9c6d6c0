package dev.socratic.trainer.run;

import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.config.AdapterConfig;
import dev.socratic.trainer.config.Budget;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.data.Graded;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.optim.LossScale;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.rollout.RolloutState;
import dev.socratic.trainer.rollout.Rollouts;
import dev.socratic.trainer.rollout.RolloutsAhead;
import dev.socratic.trainer.rollout.WrittenHistory;
import dev.socratic.trainer.rollout.WrittenText;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.step.AdapterDropout;
import dev.socratic.trainer.step.Backward;
import dev.socratic.trainer.step.EmbeddingNoise;
import dev.socratic.trainer.step.OptimizerStep;
import dev.socratic.trainer.step.StepNoise;
import dev.socratic.trainer.teacher.ServedTeacher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// A decoder that learns: rows or rollouts in, loss through body and head.
///
/// @param stream   rows of the data
/// @param budget   which may end in the middle of a step
/// @param rollouts where the tokens of a step come from
/// @param itself   the student as its own teacher, where it is
/// @param teacher  that may write
/// @param alarms   told of what the student writes
/// @param plan     the objective, resolved against student and teacher
/// @param heldOut  micro-batches to measure on, empty for none
/// @param bothSides the same as the teacher reads them too
/// @param tasks    that the student answers beside
/// @param ahead    who writes steps ahead, where the objective lets text be old
/// @param served   a teacher that is asked for what it says
record DecoderLearner(TrainConfig config, Decoder student, BatchStream stream, BudgetTracker budget, Rollouts rollouts,
        Optional<SelfTeacher> itself, Optional<Decoder> teacher, Alarms alarms, Plan plan, ObjectiveLoss objectiveLoss,
        Backward backward, List<MicroBatch> heldOut, BothSides bothSides, Optional<StudentTasks> tasks,
        Optional<RolloutsAhead> ahead, Optional<ServedTeacher> served) implements Learner<MicroBatch> {

    /// What a driven share is compared with first is the held-out loss before the first step.
    ///
    /// @return the state to begin with, or to go on from
    TrainState begin(TrainState from) {
        objectiveLoss.restore(from.rolloutState().anchors());
        TrainState state = from.step() == 0 ? from.with(LossScale.of(student.compute())) : from;
        return state.step() == 0 && objective().driven() && !heldOut.isEmpty()
                ? state.with(state.rolloutState()
                        .withHeldOutLoss(objective().rollout(), backward.score(heldOut).loss()))
                : state;
    }

    @Override
    public StepBatch<MicroBatch> next(TrainState state) {
        itself.ifPresent(own -> own.follow(state.step()));
        Optional<Rollouts.RolloutStep> reused = rollouts.reuse(state.rolloutState());
        if (reused.isPresent()) {
            return batch(reused.get(), state, Map.of(), true);
        }
        return ahead.map(queue -> ahead(queue, state)).orElseGet(() -> {
            Rollouts.RolloutStep rollout = writing(state, state.step() + 1).apply(student);
            return batch(rollout, state, metrics(rollout), rollout.origin() != Rollouts.Origin.DATA);
        });
    }

    /// Micro-batches until the step is as near to `batch_tokens` as whole ones allow, or the last pass ends.
    private List<MicroBatch> data() {
        List<MicroBatch> data = new ArrayList<>();
        int tokens = 0;
        do {
            data.add(stream.next());
            tokens += data.getLast().tokens();
        } while (tokens + config.microTokens() / 2 < config.batchTokens() && !budget.passesDone());
        return data;
    }

    /// Reads the data of a step.
    ///
    /// @return how it is written, by a model that is given
    private Function<Decoder, Rollouts.RolloutStep> writing(TrainState state, long step) {
        List<MicroBatch> data = data();
        double progress = budget.share(state.step(), state.tokens());
        return writer -> {
            Rollouts.RolloutStep written = rollouts.of(data, step, progress, writer, teacher, state.rolloutState());
            served.ifPresent(server -> server.ask(written.batches()));
            return written;
        };
    }

    /// Takes the step that was written ahead, and begins the one that may be written while this one is learned from.
    private StepBatch<MicroBatch> ahead(RolloutsAhead queue, TrainState state) {
        long now = state.step() + 1;
        queue.restore(state.rolloutState().ahead(), state.rolloutState());
        TrainState alone = state.with(state.rolloutState().with(List.of()));
        fill(queue, alone, now);
        RolloutsAhead.Taken taken = queue.take(now).orElseThrow();
        fill(queue, alone, now + 1);
        Map<String, Double> metrics = new TreeMap<>(metrics(taken.text()));
        metrics.put("staleness", (double) taken.stale());
        OptimizerStep step = new OptimizerStep(taken.text().batches());
        return new StepBatch<>(step.batches(), step.tokens(), step.lossTokens(), step.lossTokens() == 0,
                queue.size() > 0, alone, metrics,
                Source.of(step.batches(), taken.text().origin() != Rollouts.Origin.DATA));
    }

    private void fill(RolloutsAhead queue, TrainState state, long now) {
        for (Optional<Long> next = queue.missing(now); next.isPresent() && reads(next.get());
                next = queue.missing(now)) {
            queue.begin(next.get(), state.step(), writing(state, next.get()));
        }
    }

    /// @return whether a step is in the budget, as far as that is known before it is written
    private boolean reads(long step) {
        return !budget.passesDone() && !(config.budget() instanceof Budget.Steps steps && step > steps.n());
    }

    @Override
    public TrainState kept(TrainState state) {
        return ahead.map(queue -> state.with(state.rolloutState().with(queue.kept(state.step())))).orElse(state);
    }

    private Map<String, Double> metrics(Rollouts.RolloutStep rollout) {
        Map<String, Double> all = new TreeMap<>();
        if (rollout.written()) {
            all.putAll(WrittenText.of(rollout.batches(), rollouts.eos()).metrics());
            all.putAll(Graded.metrics(rollout.batches()));
        }
        return all;
    }

    private static StepBatch<MicroBatch> batch(Rollouts.RolloutStep rollout, TrainState state,
            Map<String, Double> metrics, boolean written) {
        OptimizerStep step = new OptimizerStep(rollout.batches());
        return new StepBatch<>(step.batches(), step.tokens(), step.lossTokens(), step.lossTokens() == 0,
                rollout.state().rolloutBuffer().isPresent(), state.with(rollout.state()), metrics,
                Source.of(step.batches(), written));
    }

    @Override
    public StepResult backward(StepBatch<MicroBatch> batch, double progress) {
        OptimizerStep step = new OptimizerStep(batch.microBatches());
        RolloutState rolloutState = batch.before().rolloutState();
        boolean written = batch.metrics().containsKey("answer_tokens");
        objectiveLoss.watch(written);
        Backward.Totals totals = backward.step(step, objectiveLoss.at(progress), batch.before().lossScale(),
                noise(batch.before().step() + 1));
        served.ifPresent(server -> server.forget(step.batches()));
        objectiveLoss.ended(batch.before().lossScale().factor());
        List<Double> terms = objectiveLoss.means(step.lossTokens(), step.samples());
        Map<String, Double> metrics = new LinkedHashMap<>(objectiveLoss.facts());
        // how the run steers itself
        if (objective().rollout() instanceof Rollout.Student own && objective().driven()) {
            metrics.put("student_share", rollouts.studentProbability(own, 0, rolloutState));
            metrics.put("replayed_answers", (double) rolloutState.replayBuffer().size());
        }
        metrics.putAll(batch.metrics());
        RolloutState learned = rolloutState.with(objectiveLoss.anchors())
                .withOldLogProbs(step.batches(), objectiveLoss.drawn());
        return new StepResult(new Backward.Totals(plan.explain(progress, terms).loss(), totals.accuracy()), terms,
                metrics, written ? learned.with(judged(batch, metrics, learned)) : learned);
    }

    private StepNoise noise(long step) {
        double dropout = config.adapter().map(adapter -> switch (adapter) {
            case AdapterConfig.Lora lora -> lora.dropout();
        }).orElse(0.0);
        return new StepNoise(new EmbeddingNoise(config.neftuneNoiseAlpha(), config.seed(), step,
                student.config().hidden()), new AdapterDropout(dropout, config.seed(), step));
    }

    private WrittenHistory judged(StepBatch<MicroBatch> batch, Map<String, Double> metrics, RolloutState rolloutState) {
        WrittenText text = WrittenText.of(batch.microBatches(), rollouts.eos());
        int most = switch (objective().rollout()) {
            case Rollout.Student own -> own.maxNewTokens();
            case Rollout.Teacher theirs -> theirs.maxNewTokens();
            case Rollout.Data ignored -> text.most();
        };
        return alarms.judged(rolloutState.history(), new WrittenHistory.Seen(text.mean(), text.cutOff(),
                Optional.ofNullable(metrics.get(ObjectiveLoss.ENTROPY))), most);
    }

    @Override
    public Optional<HeldOutLoss> evaluate(TrainState state) {
        if (heldOut.isEmpty()) {
            return Optional.empty();
        }
        Backward.Totals totals = backward.score(heldOut);
        double progress = budget.share(state.step(), state.tokens());
        Map<String, Double> metrics = new LinkedHashMap<>(objective().needsPairs()
                ? objectiveLoss.seen(() -> backward.look(heldOut, objectiveLoss.at(progress)))
                : Map.of());
        metrics.putAll(bothSides.losses(backward, objectiveLoss, progress));
        tasks.ifPresent(asked -> metrics.putAll(asked.scores()));
        return Optional.of(new HeldOutLoss(totals, metrics,
                state.rolloutState().withHeldOutLoss(objective().rollout(), totals.loss())));
    }

    private Objective objective() {
        return plan.objective();
    }
}
