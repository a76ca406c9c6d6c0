package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Estimate;
import dev.socratic.trainer.objective.Kind;
import dev.socratic.trainer.objective.On;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Tap;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/// Terms over whole answers: preferences between two, and the policy gradient of what the student wrote. Both read
/// the log probabilities of the labels and nothing else of the vocabulary.
///
/// They are read in two passes over the head: the first, without graph, gives every loss token's log probability; what
/// is lost by them is one number a token, the gradient in that log probability, and the second pass carries it back. So
/// `[tokens, vocab]` is never held whole, and the body is read once.
public final class SequenceTerms {
    private final Plan plan;
    private final double progress;
    private final Kernel kernel;
    private final Distances distances;
    private final SkewCurriculum pacing;
    private final TermSums sums;
    private final StepMetrics facts;
    private final Map<TokenRow, float[]> writers;
    private final Map<Integer, List<double[]>> ahead = new HashMap<>();

    /// @param writers gets the log probabilities of rows that are read again after this step
    SequenceTerms(Plan plan, double progress, Kernel kernel, Distances distances, SkewCurriculum pacing, TermSums sums,
            StepMetrics facts,
            Map<TokenRow, float[]> writers) {
        this.plan = plan;
        this.progress = progress;
        this.kernel = kernel;
        this.distances = distances;
        this.pacing = pacing;
        this.sums = sums;
        this.facts = facts;
        this.writers = writers;
    }

    /// @return whether it reads the teacher's log probabilities
    public boolean readsTeacher() {
        return !plan.skewCurriculumTerms().isEmpty()
                || plan.sequenceTerms().stream().anyMatch(term -> term(term).needsTeacher());
    }

    /// @return whether it reads those of the student's start
    public boolean readsStart() {
        return plan.sequenceTerms().stream().anyMatch(term -> term(term).needsReference());
    }

    /// @param gradients of the step's loss in the log probabilities, weighted and divided, `[tokens]`; empty where no
    ///                  term pushes
    /// @param skews     of terms whose skew differs by answer, by number of the term, `[tokens]`
    public record Outcome(Optional<NDArray> gradients, Map<Integer, NDArray> skews) {}

    private Term term(int number) {
        return plan.objective().terms().get(number);
    }

    /// @return what is lost by them
    public Outcome of(AnswerLogProbs answers) {
        Map<Integer, NDArray> skews = new HashMap<>();
        for (int number : plan.skewCurriculumTerms()) {
            skews.put(number, skews(number, answers));
        }
        NDArray own = kernel.call("plain", answers.student()); // [tokens]
        own.setRequiresGradient(true);
        NDArray sum = null;
        for (int number : plan.sequenceTerms()) {
            Term term = term(number);
            double weight = plan.weight(number, progress);
            int items = term.sampled().isPresent() ? tokens(term.on(), answers.step()) : answers.step().pairs();
            boolean here = term.sampled().isPresent()
                    ? tokens(term.on(), answers.batch()) > 0
                    : answers.batch().paired();
            if (weight == 0 || !here) {
                continue;
            }
            NDArray losses = term.sampled().isPresent()
                    ? policy(number, term, own, answers)
                    : preference(term, own, answers); // [tokens] or [pairs]
            // Sums are over tokens; these are means over other items, so they are stretched to what those divide by.
            int tokens = answers.step().tokens();
            sums.add(number, Sides.Items.TOKENS, losses, total -> total * tokens / items);
            NDArray part = kernel.call("gathered_up", losses, weight / items); // []
            sum = sum == null ? part : kernel.call("plus", sum, part);
        }
        if (sum == null) {
            return new Outcome(Optional.empty(), skews);
        }
        Gradients.backward(sum, sum.getManager().create(1f));
        NDArray gradients = Gradients.gradient(own, own.getManager()).orElseThrow(); // [tokens]
        return new Outcome(Optional.of(gradients), skews);
    }

    private NDArray preference(Term term, NDArray own, AnswerLogProbs answers) {
        Tap.SequenceLogProb tap = (Tap.SequenceLogProb) term.tap();
        NDArray measured = switch (tap.reference()) {
            case NONE -> own;
            case INITIAL -> kernel.call("less", own, answers.start().orElseThrow());
            case TEACHER -> kernel.call("less", own, answers.teacher().orElseThrow());
        };
        MicroBatch batch = answers.batch();
        NDManager scope = own.getManager();
        long[] row = Arrays.stream(batch.lossPositions()).map(place -> place / batch.seq()).toArray();
        NDArray scores = kernel.call(
                // [rows]
                "answer_scores", Arg.of(measured), Arg.of(scope.create(row)), Arg.of(batch.rows()),
                Arg.of(tap.reduce() == Distance.Reduce.MEAN));
        NDArray chosen = kernel.call("every_second", scores, 0); // [pairs, 1]
        NDArray rejected = kernel.call("every_second", scores, 1); // [pairs, 1]
        facts.preferred(chosen.toFloatArray(), rejected.toFloatArray());
        // [pairs]
        return distances.between(term.distance(),
                new Sides(chosen, rejected, Kind.SCALARS, Sides.Items.SAMPLES, Optional.empty()));
    }

    /// @return whether it has to see all micro-batches of a step before it can say what is lost in one, for which
    ///         [#observe] is called with each
    public boolean needsWholeStep() {
        return plan.sequenceTerms().stream()
                .anyMatch(number -> term(number).sampled().filter(Estimate.Sampled::whiten).isPresent()
                        && plan.weight(number, progress) != 0);
    }

    /// @param answers of a micro-batch of the step that follows
    public void observe(AnswerLogProbs answers) {
        for (int number : plan.sequenceTerms()) {
            if (term(number).sampled().filter(Estimate.Sampled::whiten).isPresent()) {
                ahead.computeIfAbsent(number, key -> new ArrayList<>())
                        .add(returns(term(number), answers).advantages());
            }
        }
    }

    /// What was drawn, and what it is worth before it is whitened.
    ///
    /// @param mine  numbers of the tokens
    /// @param drawn log probability of every token of the micro-batch when it was drawn
    private record Returns(int[] mine, float[] drawn, double[] rewards, double[] advantages) {}

    private Returns returns(Term term, AnswerLogProbs answers) {
        float[] p = answers.teacher().orElseThrow().toFloatArray();
        MicroBatch batch = answers.batch();
        float[] drawn = drawn(term.on(), batch, answers.student().toFloatArray());
        int[] mine = IntStream.range(0, p.length).filter(token -> on(term.on(), batch, token)).toArray();
        double[] rewards = IntStream.of(mine).mapToDouble(token -> p[token] - drawn[token]).toArray();
        int[] rows = IntStream.of(mine).map(token -> (int) (batch.lossPositions()[token] / batch.seq())).toArray();
        return new Returns(mine, drawn, rewards, Advantages.raw(rewards, rows, term.sampled().orElseThrow()));
    }

    /// Mean 0 and variance 1 over the step.
    private double[] whitened(int number, double[] advantages) {
        double[] all = ahead.containsKey(number)
                ? ahead.get(number).stream().flatMapToDouble(Arrays::stream).toArray()
                : advantages;
        return Advantages.Moments.of(all).whitened(advantages);
    }

    private NDArray policy(int number, Term term, NDArray own, AnswerLogProbs answers) {
        Estimate.Sampled how = term.sampled().orElseThrow();
        float[] q = answers.student().toFloatArray();
        Returns returns = returns(term, answers);
        int[] mine = returns.mine();
        float[] drawn = returns.drawn();
        double[] rewards = returns.rewards();
        double[] advantages = how.whiten() ? whitened(number, returns.advantages()) : returns.advantages();
        DoubleUnaryOperator drawnFrom = drawnFrom();
        float[] worth = new float[q.length];
        float[] weights = new float[q.length];
        for (int i = 0; i < mine.length; i++) {
            worth[mine[i]] = (float) advantages[i];
            double ratio = drawnFrom.applyAsDouble(rewards[i]) * Math.exp(q[mine[i]] - drawn[mine[i]]);
            weights[mine[i]] = (float) ratio;
            facts.ratio(ratio, how.clip());
        }
        NDManager scope = own.getManager();
        // [tokens]
        return kernel.call("policy_gradient", Arg.of(own), Arg.of(scope.create(worth)), Arg.of(scope.create(weights)),
                Arg.of(how.clip()));
    }

    /// @return of every token, by what it was drawn: known of rows that are read again, now where a row is new
    private float[] drawn(On on, MicroBatch batch, float[] now) {
        boolean asked = plan.objective().rollout() instanceof Rollout.Student student && student.updates() > 1;
        float[] all = now.clone();
        for (int from = 0, to; from < now.length; from = to) {
            long place = batch.lossPositions()[from] / batch.seq();
            to = from;
            while (to < now.length && batch.lossPositions()[to] / batch.seq() == place) {
                to++;
            }
            TokenRow row = batch.tokenRows().get((int) place);
            if (row.oldLogProbs().isPresent()) {
                System.arraycopy(row.oldLogProbs().get(), 0, all, from, to - from);
            } else if (asked && on(on, batch, from)) {
                writers.put(row, Arrays.copyOfRange(now, from, to));
            }
        }
        return all;
    }

    /// @return of `log p - log q`, the student's probability over that of the distribution the token was drawn from:
    ///         `q / ((1-a) q + a p)`
    private DoubleUnaryOperator drawnFrom() {
        double share = plan.objective().rollout() instanceof Rollout.Student student ? student.teacherMix() : 0;
        return reward -> 1 / (1 - share + share * Math.exp(Math.min(reward, 700)));
    }

    private NDArray skews(int number, AnswerLogProbs answers) {
        Distance.Kl kl = (Distance.Kl) term(number).distance();
        MicroBatch batch = answers.batch();
        float[] q = answers.student().toFloatArray();
        float[] p = answers.teacher().orElseThrow().toFloatArray();
        float[] skews = new float[q.length];
        for (int from = 0; from < q.length; ) {
            long row = batch.lossPositions()[from] / batch.seq();
            int to = from;
            double student = 0;
            double teacher = 0;
            while (to < q.length && batch.lossPositions()[to] / batch.seq() == row) {
                student += q[to];
                teacher += p[to];
                to++;
            }
            boolean looked = on(term(number).on(), batch, from);
            double skew = looked ? pacing.skew(number, kl, student / (to - from), teacher / (to - from)) : kl.skew();
            Arrays.fill(skews, from, to, (float) skew);
            from = to;
        }
        return answers.student().getManager().create(skews);
    }

    private static boolean on(On on, MicroBatch batch, int token) {
        return switch (on) {
            case DATA -> !batch.isRejected(token);
            case REJECTED, ON_POLICY -> batch.isRejected(token);
        };
    }

    private static int tokens(On on, StepSizes step) {
        return switch (on) {
            case DATA -> step.chosenTokens();
            case REJECTED, ON_POLICY -> step.rejectedTokens();
        };
    }

    private static int tokens(On on, MicroBatch batch) {
        return (int) IntStream.range(0, batch.lossTokens()).filter(token -> on(on, batch, token)).count();
    }
}
