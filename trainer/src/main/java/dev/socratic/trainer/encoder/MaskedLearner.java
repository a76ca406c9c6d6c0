package dev.socratic.trainer.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.seed.Seeds;
import dev.socratic.models.network.Encoder;
import dev.socratic.trainer.config.Masking;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.optim.AveragedWeights;
import dev.socratic.trainer.optim.Optimizer;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.run.Alarms;
import dev.socratic.trainer.run.BudgetTracker;
import dev.socratic.trainer.run.Learner;
import dev.socratic.trainer.run.Resolved;
import dev.socratic.trainer.run.TrainingLoop;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.step.Backward;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An encoder that learns: rows in, other tokens of them hidden each time.
///
/// @param heldOut micro-batches to measure on, whose tokens are hidden once and for all; empty for none
record MaskedLearner(TrainConfig config, BatchStream stream, BudgetTracker budget, Plans plans, Hiding hiding,
        Objectives objectives, MaskedBackward backward, List<MaskedBatch> heldOut) implements Learner<MaskedBatch> {

    /// An objective, resolved against student and teacher.
    ///
    /// @param whole     as it was given
    /// @param objective its terms by where they count
    /// @param onMasked  the part of the terms against labels
    /// @param onAll     the part of the others
    record Plans(Plan whole, MaskedObjective objective, Optional<Plan> onMasked, Optional<Plan> onAll) {}

    /// How tokens are hidden.
    ///
    /// @param odds    how likely each token is to be hidden
    /// @param control ids that frame, hide and fill
    /// @param seed    of the run
    record Hiding(Masking masking, MaskingWeights odds, ControlIds control, long seed) {
        /// @param step   number of the step, from 1
        /// @param number of the micro-batch in it
        MaskedBatch hide(MicroBatch batch, long step, int number) {
            return TokenMasker.hide(masking, batch.tokenRows(), control, odds,
                    Seeds.derive(seed, "mask", Long.toString(step), Integer.toString(number)));
        }
    }

    /// Trains until the budget is used up.
    ///
    /// @param student its weights are changed in place
    /// @param stream  stands where the run begins, or goes on
    /// @return the state at the end
    static TrainState run(Resolved run, Encoder student, Optional<Encoder> teacher, BatchStream stream, Plans plans,
            Hiding hiding, List<MaskedBatch> heldOut) {
        NDManager manager = run.manager();
        TrainConfig config = run.config();
        student.trainable(true);
        BudgetTracker budget = new BudgetTracker(config.budget(), stream, run.corpus().rowCount());
        try (Objectives objectives = Objectives.of(manager, plans);
                MaskedBackward backward = new MaskedBackward(manager, student, teacher, objectives.learned());
                Optimizer optimizer = new Optimizer(manager, config.optimizer(), backward.weights());
                AveragedWeights averaged = new AveragedWeights(manager, student.weights(), optimizer, config.ema())) {
            Map<String, NDArray> arrays = new LinkedHashMap<>(backward.weights());
            arrays.putAll(objectives.kept());
            arrays.putAll(averaged.state());
            MaskedLearner learner = new MaskedLearner(config, stream, budget, plans, hiding, objectives, backward,
                    heldOut);
            return new TrainingLoop(config, run.context(), stream, budget, run.checkpoints(),
                    new Alarms(run.context().progress()), arrays, optimizer, averaged, backward.accumulation())
                    .run(manager, run.from(), learner);
        }
    }

    /// Rows until the step is as near to `batch_tokens` as whole micro-batches allow, or the last pass ends; what is
    /// hidden is drawn anew. Where nothing is hidden there is still what the teacher says of every token.
    @Override
    public StepBatch<MaskedBatch> next(TrainState state) {
        List<MicroBatch> data = new ArrayList<>();
        List<MaskedBatch> batches = new ArrayList<>();
        int tokens = 0;
        do {
            data.add(stream.next());
            batches.add(hiding.hide(data.getLast(), state.step() + 1, batches.size()));
            tokens += batches.getLast().tokens();
        } while (tokens + config.microTokens() / 2 < config.batchTokens() && !budget.passesDone());
        int masked = batches.stream().mapToInt(MaskedBatch::maskedTokens).sum();
        return new StepBatch<>(batches, tokens, masked, masked == 0 && objectives.onAll().isEmpty(), false, state,
                Map.of(), Source.of(data, false));
    }

    @Override
    public StepResult backward(StepBatch<MaskedBatch> batch, double progress) {
        double accuracy = backward.step(batch.microBatches(), objectives.at(progress));
        objectives.onAll().ifPresent(ObjectiveLoss::ended);
        int rows = batch.microBatches().stream().mapToInt(MaskedBatch::rows).sum();
        List<Double> terms = plans.objective().together(
                Objectives.means(objectives.onMasked(), Math.max(1, batch.lossTokens()), rows),
                Objectives.means(objectives.onAll(), batch.tokens(), rows));
        return new StepResult(new Backward.Totals(plans.whole().explain(progress, terms).loss(), accuracy), terms,
                Map.of(), batch.before().rolloutState());
    }

    @Override
    public Optional<HeldOutLoss> evaluate(TrainState state) {
        return heldOut.isEmpty()
                ? Optional.empty()
                : Optional.of(new HeldOutLoss(backward.score(heldOut), Map.of(), state.rolloutState()));
    }

    /// The losses of both parts.
    record Objectives(Optional<ObjectiveLoss> onMasked, Optional<ObjectiveLoss> onAll)
            implements AutoCloseable {
        static Objectives of(NDManager manager, Plans plans) {
            return new Objectives(plans.onMasked().map(plan -> new ObjectiveLoss(manager, plan)),
                    plans.onAll().map(plan -> new ObjectiveLoss(manager, plan)));
        }

        MaskedBackward.Losses at(double progress) {
            return new MaskedBackward.Losses(onMasked.map(loss -> loss.at(progress)),
                    onAll.map(loss -> loss.at(progress)));
        }

        Map<String, NDArray> learned() {
            return onAll.map(ObjectiveLoss::learned).orElse(Map.of());
        }

        Map<String, NDArray> kept() {
            return onAll.map(ObjectiveLoss::kept).orElse(Map.of());
        }

        static List<Double> means(Optional<ObjectiveLoss> part, int tokens, int rows) {
            return part.map(loss -> loss.means(tokens, rows)).orElse(List.of());
        }

        @Override
        public void close() {
            onMasked.ifPresent(ObjectiveLoss::close);
            onAll.ifPresent(ObjectiveLoss::close);
        }
    }
}
