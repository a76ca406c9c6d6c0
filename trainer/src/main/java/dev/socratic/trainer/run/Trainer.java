package dev.socratic.trainer.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.optim.AdamW;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.rollout.Rollouts;
import dev.socratic.trainer.run.checkpoint.CheckpointStore;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.step.Backward;
import dev.socratic.trainer.step.OptimizerStep;
import dev.socratic.trainer.step.TrainableWeights;
import dev.socratic.trainer.step.VocabularyHead;
import dev.socratic.trainer.teacher.StoredTeacher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The training of a decoder: rows and rollouts in, loss through body and head, in the [Loop] of every training.
public final class Trainer {
    private final TrainConfig config;
    private final StageContext context;
    private final Decoder student;
    private final BatchStream stream;
    private final BudgetTracker spending;
    private final List<MicroBatch> heldOut;
    private final CheckpointStore checkpoints;
    private final Rollouts rollouts;
    private final Alarms alarms;

    /// @param student  trainable; its weights are changed in place; they are overwritten by the newest checkpoint if
    ///                 there is one
    /// @param passRows rows of one pass over the data; used by a budget of epochs only
    /// @param heldOut  micro-batches to measure on, empty for none
    /// @param rollouts where the tokens of a step come from
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
        this.spending = new BudgetTracker(config.budget(), stream, passRows);
        this.heldOut = List.copyOf(heldOut);
        this.checkpoints = checkpoints;
        this.rollouts = rollouts;
        this.alarms = new Alarms(context.progress());
    }

    /// Trains until the budget is used up. An interrupt of the thread ends it after the step it is in, with a
    /// checkpoint.
    ///
    /// @param from     what the checkpoint says, or [TrainState#START]; `stream` stands at its place
    /// @param plan     the objective, resolved against student and teacher
    /// @param teachers for objectives that need one or more; the largest first
    /// @param stored   what stands for them instead
    /// @return the state at the end
    public TrainState run(NDManager manager, TrainState from, Plan plan, List<Decoder> teachers,
            Optional<StoredTeacher> stored) {
        return run(manager, from, plan, teachers, stored, Optional.empty());
    }

    /// @param start the student as it was before the first step, for objectives that read it
    public TrainState run(
            NDManager manager, TrainState from, Plan plan, List<Decoder> teachers, Optional<StoredTeacher> stored,
            Optional<Decoder> start) {
        student.trainable(true);
        Map<String, NDArray> trained = TrainableWeights.trained(plan.objective().edit(), student, teachers);
        try (VocabularyHead vocabulary = new VocabularyHead(manager);
                ObjectiveLoss objective = new ObjectiveLoss(manager, plan);
                AdamW optimizer = new AdamW(manager, config.optimizer(), Loop.all(trained, objective.learned()));
                Backward backward = new Backward(manager, student, teachers, stored, start, vocabulary,
                        objective.learned(), trained)) {
            return new Loop(config, context, stream, spending, checkpoints, alarms)
                    .run(manager, from,
                            new Running(plan, objective, backward, optimizer, teachers.stream().findFirst()),
                            optimizer);
        }
    }

    private final class Running implements Loop.Body {
        private final Plan plan;
        private final ObjectiveLoss objective;
        private final Backward backward;
        private final AdamW optimizer;
        private final Optional<Decoder> teacher;

        /// @param teacher that may write
        Running(Plan plan, ObjectiveLoss objective, Backward backward, AdamW optimizer, Optional<Decoder> teacher) {
            this.plan = plan;
            this.objective = objective;
            this.backward = backward;
            this.optimizer = optimizer;
            this.teacher = teacher;
        }

        @Override
        public Map<String, NDArray> held() {
            return Loop.all(Loop.all(student.weights(), objective.learned()), objective.kept());
        }

        /// What a driven share is compared with first is the held-out loss before the first step.
        @Override
        public TrainState begun(TrainState from) {
            objective.restore(from.rolloutState().anchors());
            return from.step() == 0 && plan.objective().driven() && !heldOut.isEmpty()
                    ? from.with(from.rolloutState()
                            .withHeldOutLoss(plan.objective().rollout(), backward.score(heldOut).loss()))
                    : from;
        }

        /// Micro-batches until the step is as near to `batch_tokens` as whole ones allow, or the last pass ends.
        @Override
        public Loop.Rows next(TrainState state) {
            Optional<Rollouts.RolloutStep> again = rollouts.reuse(state.rolloutState());
            if (again.isPresent()) {
                return new Read(this, new OptimizerStep(again.get().batches()), state.with(again.get().state()),
                        Map.of());
            }
            List<MicroBatch> batches = new ArrayList<>();
            int tokens = 0;
            do {
                MicroBatch batch = stream.next();
                batches.add(batch);
                tokens += batch.tokens();
            } while (tokens + config.microTokens() / 2 < config.batchTokens() && !spending.passesDone());
            double before = spending.share(state.step(), state.tokens());
            Rollouts.RolloutStep written = rollouts.of(batches, state.step() + 1, before, student, teacher,
                    state.rolloutState());
            Map<String, Double> told = written.batches() == batches
                    ? Map.of()
                    : alarms.written(written.batches(), rollouts.eos());
            return new Read(this, new OptimizerStep(written.batches()), state.with(written.state()), told);
        }

        private Loop.Learned learn(Read read, double progress) {
            Backward.Totals made = backward.step(read.step(), objective.at(progress));
            objective.ended();
            List<Double> terms = objective.means(read.step().counting(), read.step().samples());
            Map<String, Double> facts = new LinkedHashMap<>(objective.facts());
            // how the run steers itself
            if (plan.objective().rollout() instanceof Rollout.Student own && plan.objective().driven()) {
                facts.put("student_share", rollouts.studentProbability(own, 0, read.before().rolloutState()));
                facts.put("replayed_answers", (double) read.before().rolloutState().replayBuffer().size());
            }
            facts.putAll(read.told());
            return new Loop.Learned(new Backward.Totals(plan.explain(progress, terms).loss(), made.accuracy()), terms,
                    facts);
        }

        @Override
        public Map<String, NDArray> gradients(NDManager scope) {
            return backward.gradients(scope, optimizer);
        }

        @Override
        public void clear(Map<String, NDArray> gradients) {
            backward.clear(gradients, optimizer);
        }

        @Override
        public boolean measures() {
            return !heldOut.isEmpty();
        }

        @Override
        public Loop.Measured measure(TrainState state) {
            Backward.Totals totals = backward.score(heldOut);
            double progress = spending.share(state.step(), state.tokens());
            Map<String, Double> facts = plan.objective().needsPairs()
                    ? objective.seen(() -> backward.look(heldOut, objective.at(progress)))
                    : Map.of();
            return new Loop.Measured(totals, facts,
                    state.with(state.rolloutState().withHeldOutLoss(plan.objective().rollout(), totals.loss())));
        }
    }

    /// @param before the state, which remembers what the step was written with
    /// @param told   what is to be said of the answers that were written
    private record Read(Running run, OptimizerStep step, TrainState before, Map<String, Double> told)
            implements Loop.Rows {
        @Override
        public int tokens() {
            return step.tokens();
        }

        @Override
        public int counting() {
            return step.counting();
        }

        @Override
        public boolean empty() {
            return step.counting() == 0;
        }

        @Override
        public boolean again() {
            return before.rolloutState().rolloutBuffer().isPresent();
        }

        @Override
        public Loop.Learned learn(double progress) {
            return run.learn(this, progress);
        }

        @Override
        public TrainState remembered(TrainState after) {
            return after.with(after.rolloutState().with(run.objective.anchors())
                    .withOldLogProbs(step.batches(), run.objective.drawn()));
        }
    }
}
