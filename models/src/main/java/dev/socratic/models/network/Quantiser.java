package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;

/// Makes matrices of 8 bits of the loaded ones, one after the other, so that one at a time is in memory in both forms.
final class Quantiser implements AutoCloseable {
    private final Program program;

    Quantiser(NDManager manager) {
        this.program = Program.resource(manager, Quantiser.class, "/programs/int8.ts.py");
    }

    /// @param values float32, closed here
    /// @param flat   whether the matrix lies as `[in, out]`
    /// @return the same to half a step of 1/127 of the largest number of its row
    Weight.Quantised int8(NDArray values, boolean flat) {
        NDManager owner = values.getManager();
        try (values) {
            // What is made outside of a graph can never enter one, and factors beside the matrix learn through it.
            NDList made = program.withGraph("quantise", Arg.of(values), Arg.of(flat));
            made.forEach(array -> array.attach(owner));
            return new Weight.Quantised(made.get(0), made.get(1), Weight.Scheme.INT8);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
