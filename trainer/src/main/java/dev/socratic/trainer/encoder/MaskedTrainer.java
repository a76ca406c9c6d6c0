package dev.socratic.trainer.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.seed.Seeds;
import dev.socratic.models.network.Encoder;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.optim.AdamW;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.run.Alarms;
import dev.socratic.trainer.run.BudgetTracker;
import dev.socratic.trainer.run.Loop;
import dev.socratic.trainer.run.checkpoint.CheckpointStore;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.step.Backward;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The training of an encoder: rows in, other tokens of them hidden each time, in the [Loop] of every training.
///
/// @param odds    how likely each token is to be hidden
/// @param control ids that frame, hide and fill
/// @param heldOut micro-batches to measure on, whose tokens are hidden once and for all; empty for none
public record MaskedTrainer(
        TrainConfig config, StageContext context, Encoder student, BatchStream stream, long passRows,
        CheckpointStore checkpoints, MaskingWeights odds, ControlIds control,
        List<MaskedBatch> heldOut) {
    public MaskedTrainer {
        heldOut = List.copyOf(heldOut);
    }

    /// An objective, resolved against student and teacher.
    ///
    /// @param whole     as it was given
    /// @param objective its terms by where they count
    /// @param onMasked  the part of the terms against labels
    /// @param onAll     the part of the others
    public record Plans(Plan whole, MaskedObjective objective, Optional<Plan> onMasked, Optional<Plan> onAll) {}

    /// @param from what the checkpoint says, or [TrainState#START]; `stream` stands at its place
    /// @return the state at the end
    public TrainState run(NDManager manager, TrainState from, Plans plan, Optional<Encoder> teacher) {
        student.trainable(true);
        BudgetTracker spending = new BudgetTracker(config.budget(), stream, passRows);
        try (Objectives objective = Objectives.of(manager, plan);
                AdamW optimizer = new AdamW(manager, config.optimizer(),
                        Loop.all(student.weights(), objective.learned()));
                MaskedBackward backward = new MaskedBackward(manager, student, teacher, objective.learned())) {
            return new Loop(config, context, stream, spending, checkpoints, new Alarms(context.progress()))
                    .run(manager, from, new Running(plan, objective, backward, optimizer, spending), optimizer);
        }
    }

    private final class Running implements Loop.Body {
        private final Plans plan;
        private final Objectives objective;
        private final MaskedBackward backward;
        private final AdamW optimizer;
        private final BudgetTracker spending;

        Running(Plans plan, Objectives objective, MaskedBackward backward, AdamW optimizer, BudgetTracker spending) {
            this.plan = plan;
            this.objective = objective;
            this.backward = backward;
            this.optimizer = optimizer;
            this.spending = spending;
        }

        @Override
        public Map<String, NDArray> held() {
            return Loop.all(Loop.all(student.weights(), objective.learned()), objective.kept());
        }

        @Override
        public TrainState begun(TrainState from) {
            return from;
        }

        /// Rows until the step is as near to `batch_tokens` as whole micro-batches allow, or the last pass ends; what
        /// is hidden is drawn anew.
        @Override
        public Loop.Rows next(TrainState state) {
            List<MaskedBatch> batches = new ArrayList<>();
            int tokens = 0;
            do {
                MicroBatch batch = stream.next();
                long seed = Seeds.derive(config.seed(), "mask", Long.toString(state.step() + 1),
                        Integer.toString(batches.size()));
                batches.add(TokenMasker.hide(config.masking(), batch.tokenRows(), control, odds, seed));
                tokens += batches.getLast().tokens();
            } while (tokens + config.microTokens() / 2 < config.batchTokens() && !spending.passesDone());
            return new Read(this, batches, state);
        }

        private Loop.Learned learn(Read read, double progress) {
            double right = backward.step(read.batches(), objective.at(progress));
            objective.onAll().ifPresent(ObjectiveLoss::ended);
            int rows = read.batches().stream().mapToInt(MaskedBatch::rows).sum();
            List<Double> terms = plan.objective().together(
                    Objectives.means(objective.onMasked(), Math.max(1, read.counting()), rows),
                    Objectives.means(objective.onAll(), read.tokens(), rows));
            return new Loop.Learned(new Backward.Totals(plan.whole().explain(progress, terms).loss(), right), terms,
                    Map.of());
        }

        @Override
        public Map<String, NDArray> gradients(NDManager scope) {
            return backward.gradients(scope);
        }

        @Override
        public void clear(Map<String, NDArray> gradients) {
            optimizer.clear(List.copyOf(gradients.values()));
        }

        @Override
        public boolean measures() {
            return !heldOut.isEmpty();
        }

        @Override
        public Loop.Measured measure(TrainState state) {
            return new Loop.Measured(backward.score(heldOut), Map.of(), state);
        }
    }

    private record Read(Running run, List<MaskedBatch> batches, TrainState before) implements Loop.Rows {
        @Override
        public int tokens() {
            return batches.stream().mapToInt(MaskedBatch::tokens).sum();
        }

        @Override
        public int counting() {
            return batches.stream().mapToInt(MaskedBatch::maskedTokens).sum();
        }

        /// Where nothing is hidden there is still what the teacher says of every token.
        @Override
        public boolean empty() {
            return counting() == 0 && run.objective.onAll().isEmpty();
        }

        @Override
        public boolean again() {
            return false;
        }

        @Override
        public Loop.Learned learn(double progress) {
            return run.learn(this, progress);
        }

        @Override
        public TrainState remembered(TrainState after) {
            return after;
        }
    }

    /// The losses of both parts.
    private record Objectives(Optional<ObjectiveLoss> onMasked, Optional<ObjectiveLoss> onAll)
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
