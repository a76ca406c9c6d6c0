package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.ArrayList;
import java.util.List;

/// Lengths of the rows of matrices, whatever kind they are of: where DoRA's magnitudes begin, and what its rows are
/// multiplied with. Source: Liu et al. 2024, arXiv:2402.09353.
final class RowLengths implements AutoCloseable {
    private final Program program;

    RowLengths(NDManager manager) {
        this.program = Program.resources(manager, RowLengths.class,
                List.of("/programs/random.ts.py", "/programs/linear.ts.py", "/programs/unpacked.ts.py"));
    }

    /// @param owner of the result
    /// @return the length of each row of a matrix that nothing is added to yet, float32 `[out]`
    NDArray of(Weight weight, Span span, NDManager owner) {
        NDArray lengths = program.withGraph("plain_lengths", Arg.of(weight.matrix()),
                Arg.of(span.kind(weight).number() & ~1)).singletonOrThrow();
        lengths.attach(owner);
        return lengths;
    }

    /// @param owner of the result
    /// @return what each row of the sum is multiplied with, float32 `[out]`
    NDArray stretch(Weight.Adapted weight, Span span, NDManager owner) {
        List<NDArray> arrays = new ArrayList<>(weight.matrix());
        arrays.addAll(List.of(weight.a(), weight.b(), owner.create((float) weight.scale()),
                weight.magnitude().orElseThrow()));
        int matrix = weight.matrix().size();
        return program.runIn(owner, "stretch", Arg.of(arrays), Arg.of(0), Arg.of(span.kind(weight).number() & ~1),
                Arg.of(matrix)).singletonOrThrow();
    }

    @Override
    public void close() {
        program.close();
    }
}
