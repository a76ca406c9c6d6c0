package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.Distribution;
import java.util.List;

/// The formulas of `distances.txt` and `views.txt`, called by name, with their graph.
///
/// Results belong to the manager of the first array.
final class Kernel implements AutoCloseable {
    private final Program program;

    Kernel(NDManager manager) {
        this.program = Program.resources(
                manager, Kernel.class,
                List.of(Distribution.TEXT, "/dev/socratic/trainer/programs/distances.txt",
                        "/dev/socratic/trainer/programs/views.txt"));
    }

    NDArray call(String method, NDArray first, NDArray... others) {
        return call(method, args(first, others));
    }

    /// Calls with numbers among the arrays.
    NDArray call(String method, Arg... args) {
        return program.withGraph(method, args).singletonOrThrow();
    }

    /// Calls with one number behind the array.
    NDArray call(String method, NDArray array, double number) {
        return call(method, Arg.of(array), Arg.of(number));
    }

    /// Calls with one whole number behind the array.
    NDArray call(String method, NDArray array, long number) {
        return call(method, Arg.of(array), Arg.of(number));
    }

    private static Arg[] args(NDArray first, NDArray... others) {
        Arg[] args = new Arg[1 + others.length];
        args[0] = Arg.of(first);
        for (int i = 0; i < others.length; i++) {
            args[i + 1] = Arg.of(others[i]);
        }
        return args;
    }

    /// @return what stands for no mask: an array of one axis
    static NDArray nothingHidden(NDArray beside) {
        return beside.getManager().create(new boolean[] {false});
    }

    /// @return the sum of losses times their factors, `[tokens]`
    NDArray weighted(List<NDArray> losses, double[] factors) {
        return program.withGraph("weighted", Arg.of(losses), Arg.of(factors)).singletonOrThrow();
    }

    /// @return `sum_j softmax_j(student . other_j) other_j`, item by item
    NDArray attended(NDArray student, List<NDArray> others) {
        return program.withGraph("attended", Arg.of(student), Arg.of(others)).singletonOrThrow();
    }

    /// @return `[tokens, 1, hidden]` of each layer side by side, `[tokens, layers, hidden]`
    NDArray layered(List<NDArray> layers) {
        return program.withGraph("layered", Arg.of(layers)).singletonOrThrow();
    }

    /// @return a copy without graph
    NDArray copied(NDArray array) {
        return program.run("scaled", Arg.of(array), Arg.of(1.0)).singletonOrThrow();
    }

    /// @return how many labels were the largest logit, one number, int64
    NDArray right(NDArray logits, NDArray labels) {
        return program.run("right", Arg.of(logits), Arg.of(labels)).singletonOrThrow();
    }

    @Override
    public void close() {
        program.close();
    }
}
