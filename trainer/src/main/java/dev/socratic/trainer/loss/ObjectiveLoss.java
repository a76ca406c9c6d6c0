package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Gradients;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.On;
import dev.socratic.trainer.objective.Pass;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.objective.TokenWeight;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.rollout.RolloutState;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Runs a plan: terms over logits on chunks of tokens ([TokenTerms]), their weighted sum and its gradient in the
/// student's logits; terms inside the body through [FeatureTerms], those over whole answers through [SequenceTerms].
///
/// One implementation serves fine-tuning and every divergence. The gradient is libtorch's own over the chunk alone,
/// so that a new distance is a formula and nothing else; what it needs is a few arrays of `[tokens, vocab]` for as
/// long as the chunk lives.
public final class ObjectiveLoss implements AutoCloseable {
    /// Among the [#facts]: mean entropy of the student along a text that it wrote, nats a token.
    public static final String ENTROPY = "student_entropy";
    /// Among them: how far it has moved from its start there, by the tokens drawn, nats a token.
    public static final String KL_TO_START = "kl_to_start";

    private final Plan plan;
    private final Kernel kernel;
    private final Views views;
    private final Distances distances;
    private final TokenTerms tokenTerms;
    private final Projections projections;
    private final TeacherPolicy policy;
    private final TermSums sums;
    private final Blending blending;
    private final MemoryBank banks;
    private double progress;
    private List<ObjectiveLoss> elsewhere = List.of();
    private boolean watching;
    private final SkewCurriculum pacing = new SkewCurriculum();
    private final StepMetrics facts = new StepMetrics();
    @SuppressWarnings("IdentityHashMapUsage") // two rows of the same tokens are two rows
    private final Map<TokenRow, float[]> writers = new IdentityHashMap<>();

    public ObjectiveLoss(NDManager manager, Plan plan) {
        this.plan = plan;
        this.kernel = new Kernel(manager);
        this.views = new Views(kernel);
        this.distances = new Distances(kernel);
        this.policy = new TeacherPolicy(manager, kernel);
        this.projections = new Projections(manager, plan);
        this.sums = new TermSums(manager, kernel, plan.objective().terms().size() + 1); // the last: entropy
        this.blending = new Blending(manager, plan);
        this.tokenTerms = new TokenTerms(plan, kernel, views, distances, new TokenWeights(kernel, policy), blending);
        this.banks = new MemoryBank(manager, plan);
    }

    /// @return learned maps by name, and what chooses teachers, for optimiser and checkpoint; empty where no term has
    ///         any
    public Map<String, NDArray> learned() {
        Map<String, NDArray> all = new LinkedHashMap<>(projections.weights());
        if (plan.objective().needsPolicy()) {
            all.putAll(policy.learned());
        }
        return all;
    }

    /// @return what is kept from step to step besides, for the checkpoint alone
    public Map<String, NDArray> kept() {
        Map<String, NDArray> all = new LinkedHashMap<>(blending.kept());
        all.putAll(banks.kept());
        if (plan.objective().needsPolicy()) {
            all.putAll(policy.kept());
        }
        return all;
    }

    /// Ends a step whose losses are all in: what chooses teachers gets its gradient, banks get the step's items.
    public void ended() {
        ended(1);
    }

    /// @param scale that every loss of the step had
    public void ended(double scale) {
        banks.ended();
        policy.ended(scale);
    }

    /// @param progress share of the budget used, which the weights follow
    public StepLoss at(double progress) {
        this.progress = progress;
        return at(Pass.PLAIN, progress);
    }

    private StepLoss at(Pass pass, double progress) {
        Edit edit = plan.objective().edit();
        List<Integer> terms = of(pass, plan.logitTerms()).stream().filter(term -> !idle(term, progress)).toList();
        List<Integer> inside = of(pass, plan.featureTerms());
        boolean plain = pass == Pass.PLAIN;
        boolean overAnswers = !plan.sequenceTerms().isEmpty() || !plan.skewCurriculumTerms().isEmpty();
        return new StepLoss(this, progress, terms,
                inside.isEmpty() ? Optional.empty() : Optional.of(new FeatureTerms(
                        plan, inside, progress, kernel, views, distances, projections, sums, banks)),
                plain && overAnswers ? Optional.of(new SequenceTerms(
                        plan, progress, kernel, distances, pacing, sums, facts, writers)) : Optional.empty(),
                TeacherWeights.of(plan, terms, policy, progress),
                plain && !(edit instanceof Edit.None) ? Optional.of(new Editing(
                        plan, progress, at(Pass.COUNTERFACTUAL, progress), sums::silently)) : Optional.empty(),
                !(edit instanceof Edit.Replace) || plan.objective().terms().stream().anyMatch(Term::needsTeacher),
                terms.stream().anyMatch(term -> term(term).needsReference()),
                terms.stream().map(this::term).filter(term -> term.tokens() instanceof TokenWeight.PerAnswer)
                        .map(Term::pairing).collect(Collectors.toSet()));
    }

    private Term term(int number) {
        return plan.objective().terms().get(number);
    }

    /// What counts for nothing now must not be judged by what it chose.
    private boolean idle(int term, double progress) {
        return plan.objective().terms().get(term).against() instanceof Against.Teachers teachers
                && teachers.weigh() == Against.Weighing.POLICY
                && plan.weight(term, progress) == 0;
    }

    private List<Integer> of(Pass pass, List<Integer> terms) {
        return terms.stream().filter(term -> plan.objective().terms().get(term).pass() == pass).toList();
    }

    /// From now on [#means] counts in what is lost on copies of the student, in this order.
    public void add(List<ObjectiveLoss> copies) {
        elsewhere = List.copyOf(copies);
    }

    /// @param tokens  counting positions since the last call
    /// @param samples samples that have any
    /// @return raw mean of each term over its items; the sums begin anew
    public List<Double> means(long tokens, long samples) {
        pacing.step();
        List<Double> all = sums.means(tokens, samples);
        for (ObjectiveLoss other : elsewhere) {
            List<Double> theirs = other.sums.means(tokens, samples);
            for (int i = 0; i < all.size(); i++) {
                all.set(i, all.get(i) + theirs.get(i));
            }
        }
        List<Double> means = all.subList(0, all.size() - 1);
        facts.entropy(watching ? Optional.of(all.getLast()) : Optional.empty());
        blending.step(means, progress);
        return means;
    }

    /// @param written whether a model wrote the text of the steps from now on: then its entropy is among the [#facts]
    public void watch(boolean written) {
        watching = written;
    }

    /// @return whether the text is watched
    public boolean watching() {
        return watching;
    }

    /// @return what is lost
    public Objective objective() {
        return plan.objective();
    }

    /// Tells of a token that was drawn some updates ago.
    ///
    /// @param ratio of its probability now to that then
    /// @param cap   above which it is cut
    public void importance(double ratio, double cap) {
        facts.importance(ratio, cap);
    }

    /// Tells how likely the labels of written text are now and were at the start, log-probabilities of tokens.
    public void seenFromStart(float[] now, float[] start) {
        facts.fromStart(now, start);
    }

    /// @return what the step shows besides its loss; it begins anew
    public Map<String, Double> facts() {
        Map<String, Double> all = new LinkedHashMap<>(facts.take());
        all.putAll(blending.facts());
        return all;
    }

    /// @return log probabilities of what the student drew in this step, by row of its micro-batches, where they will
    ///         be asked for; it begins anew
    @SuppressWarnings("IdentityHashMapUsage")
    public Map<TokenRow, float[]> drawn() {
        Map<TokenRow, float[]> all = new IdentityHashMap<>(writers);
        writers.clear();
        return all;
    }

    /// @param look at rows that are not learned from
    /// @return what it shows besides a loss; nothing of it enters the step's
    public Map<String, Double> seen(Runnable look) {
        sums.silently(look);
        return facts.take();
    }

    /// @return what the run so far has taught the objective, for its checkpoint
    public Map<Integer, RolloutState.Anchor> anchors() {
        return pacing.anchors();
    }

    /// @param anchors of a checkpoint
    public void restore(Map<Integer, RolloutState.Anchor> anchors) {
        pacing.restore(anchors);
    }

    LossGradient lossAndGradient(List<Integer> terms, TokenChunk chunk, float scale, double now) {
        NDArray student = chunk.logits(); // [tokens, vocab]
        NDManager scope = student.getManager();
        student.setRequiresGradient(true);
        List<NDArray> losses = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (int term : terms) {
            Optional<NDArray> rows = factor(plan.objective().terms().get(term).on(), chunk.context()); // [tokens]
            if (plan.objective().terms().get(term).on() != On.DATA && rows.isEmpty()) {
                continue; // no second rows in this step
            }
            NDArray every = tokenTerms.loss(term, chunk, now); // [tokens]
            NDArray side = rows.map(factor -> kernel.call("times", every, factor)).orElse(every);
            NDArray loss = corrected(plan.objective().terms().get(term), side, chunk.context().drawn());
            losses.add(loss);
            weights.add(plan.weight(term, now));
            sums.add(term, Sides.Items.TOKENS, loss);
        }
        if (watching) {
            watch(student, chunk.context());
        }
        NDArray total = losses.isEmpty()
                ? kernel.call("unmoved", student, chunk.labels())
                : kernel.weighted(losses, weights.stream().mapToDouble(Double::doubleValue).toArray()); // [tokens]
        NDArray scaled = kernel.call("scaled", total, scale); // [tokens]
        NDArray all = chunk.context().sequenceGradient()
                .map(gradients ->
                        kernel.call("plus", scaled, kernel.call("steered", student, chunk.labels(), gradients)))
                        .orElse(scaled);
        Gradients.backward(all, scope.ones(all.getShape()));
        NDArray gradient = Gradients.gradient(student, scope).orElseThrow(); // [tokens, vocab]
        return new LossGradient(kernel.copied(total), gradient, kernel.right(student, chunk.labels()));
    }

    /// A reward knows the ratio itself.
    private NDArray corrected(Term term, NDArray loss, DrawnScales drawn) {
        return term.tokens() instanceof TokenWeight.Reward ? loss
                : drawn.importance().map(factor -> kernel.call("times", loss, factor)).orElse(loss);
    }

    /// Of pairs the second rows, which the student wrote.
    private void watch(NDArray student, LossContext marks) {
        NDArray every = kernel.call("entropy_nats", student); // [tokens]
        sums.add(plan.objective().terms().size(), Sides.Items.TOKENS,
                marks.rejectedScale().map(rows -> kernel.call("times", every, rows)).orElse(every));
    }

    private static Optional<NDArray> factor(On on, LossContext marks) {
        return switch (on) {
            case DATA -> marks.chosenScale();
            case REJECTED, ON_POLICY -> marks.rejectedScale();
        };
    }

    @Override
    public void close() {
        sums.close();
        banks.close();
        blending.close();
        policy.close();
        projections.close();
        kernel.close();
    }
}
