package dev.socratic.trainer.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.loop.TokenLoss;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.objective.View;
import dev.socratic.trainer.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/// Runs a plan on chunks of tokens: every term's distance, their weighted sum, and its gradient in the student's logits.
///
/// One implementation serves fine-tuning and every divergence. The gradient is libtorch's own over the chunk alone, so that a new distance is a
/// formula and nothing else; what it needs is a few arrays of `[tokens, vocab]` for as long as the chunk lives.
public final class ObjectiveLoss implements AutoCloseable {
    private final Plan plan;
    private final Program program;
    private final double[] sums;

    public ObjectiveLoss(NDManager manager, Plan plan) {
        this.plan = plan;
        this.program = Program.resource(manager, ObjectiveLoss.class, "/dev/socratic/trainer/programs/distances.txt");
        this.sums = new double[plan.objective().terms().size()];
    }

    /// @param progress share of the budget used, which the weights follow
    public TokenLoss at(double progress) {
        return (chunk, scale) -> slope(chunk, scale, progress);
    }

    /// @param counted counting positions since the last call
    /// @return raw mean of each term over them, nats; the sums begin anew
    public List<Double> means(long counted) {
        List<Double> means = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            means.add(sums[i] / counted);
            sums[i] = 0;
        }
        return means;
    }

    private TokenLoss.Slope slope(TokenLoss.Chunk chunk, float scale, double progress) {
        NDArray student = chunk.logits(); // [tokens, vocab]
        NDManager scope = student.getManager();
        student.setRequiresGradient(true);
        List<Term> terms = plan.objective().terms();
        List<NDArray> losses = new ArrayList<>();
        double[] weights = new double[terms.size()];
        for (int i = 0; i < terms.size(); i++) {
            weights[i] = plan.weight(i, progress);
            NDArray loss = distance(scope, terms.get(i), chunk); // [tokens]
            losses.add(loss);
            sums[i] += total(loss);
        }
        NDArray total = program.withGraph("weighted", Arg.of(losses), Arg.of(scope.create(weights))).singletonOrThrow(); // [tokens]
        NDArray even = scope.full(total.getShape(), scale); // [tokens]
        JniUtils.backward((PtNDArray) total, (PtNDArray) even, false, false);
        NDArray gradient = JniUtils.getGradient((PtNDArray) student); // [tokens, vocab]
        gradient.attach(scope);
        long right = program.run("right", Arg.of(student), Arg.of(chunk.labels())).singletonOrThrow().getLong();
        return new TokenLoss.Slope(program.run("scaled", Arg.of(total), Arg.of(scope.create(1.0))).singletonOrThrow(), gradient, right);
    }

    private NDArray distance(NDManager scope, Term term, TokenLoss.Chunk chunk) {
        NDArray student = viewed(scope, term, chunk.logits());
        return switch (term.against()) {
            case Against.Labels labels -> switch (term.distance()) {
                case Distance.Kl kl -> program.withGraph("kl_labels", Arg.of(student), Arg.of(chunk.labels())).singletonOrThrow();
            };
            case Against.Teacher teacher -> {
                NDArray other = viewed(scope, term, shared(scope, chunk.teacher().getFirst()));
                NDArray mine = shared(scope, student);
                yield switch (term.distance()) {
                    case Distance.Kl kl -> switch (kl.direction()) {
                        case FORWARD -> program.withGraph("kl_forward", Arg.of(mine), Arg.of(other)).singletonOrThrow();
                        case REVERSE -> program.withGraph("kl_reverse", Arg.of(mine), Arg.of(other)).singletonOrThrow();
                    };
                };
            }
        };
    }

    private NDArray viewed(NDManager scope, Term term, NDArray logits) {
        NDArray seen = logits;
        for (View view : term.views()) {
            seen = switch (view) {
                case View.Temperature t -> program.withGraph("scaled", Arg.of(seen), Arg.of(scope.create(1 / t.tau()))).singletonOrThrow();
            };
        }
        return seen; // [tokens, vocab]
    }

    /// Both sides are cut to the ids that mean the same on both: `[tokens, vocab]` to `[tokens, shared]`.
    private NDArray shared(NDManager scope, NDArray logits) {
        return logits.getShape().get(1) == plan.sharedVocab()
                ? logits
                : program.withGraph("columns", Arg.of(logits), Arg.of(scope.create(plan.sharedVocab()))).singletonOrThrow();
    }

    /// In double, in order: the same sum on every run.
    private static double total(NDArray losses) {
        double sum = 0;
        for (float loss : losses.toFloatArray()) {
            sum += loss;
        }
        return sum;
    }

    @Override
    public void close() {
        program.close();
    }
}
