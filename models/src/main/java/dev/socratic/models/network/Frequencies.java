package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.stream.DoubleStream;

/// Radians per position of every kind of rope, by libtorch in float32, so that every bit is the reference's.
///
/// @param program with the functions of `rope.ts.py`
record Frequencies(Program program) {
    /// @param rotated coordinates of a head that turn
    /// @param length  of the sequence
    /// @return radians per position, `[rotated / 2]`, on `manager`
    NDArray of(Rope rope, int rotated, int length, NDManager manager) {
        return switch (rope) {
            case Rope.None ignored ->
                throw new IllegalArgumentException("a layer without positions has no frequencies");
            case Rope.Plain(double theta) -> call("rope_plain", manager, theta, rotated);
            case Rope.Linear(double theta, double factor) -> call("rope_linear", manager, theta, rotated, factor);
            case Rope.Dynamic dynamic -> length <= dynamic.original()
                    ? call("rope_plain", manager, dynamic.theta(), rotated)
                    : program.withGraph("rope_dynamic",
                            Arg.of(new double[] {dynamic.theta(), rotated, dynamic.factor(), dynamic.original()}),
                            Arg.of(length), Arg.of(manager.create(0f))).singletonOrThrow();
            case Rope.Llama3 scaled ->
                call("rope_llama3", manager, scaled.theta(), rotated, scaled.factor(), scaled.low(), scaled.high(),
                        scaled.original());
            case Rope.Yarn yarn -> ramped(yarn, rotated, manager);
            case Rope.LongRope longRope -> call("rope_longrope", manager,
                    DoubleStream.concat(DoubleStream.of(longRope.theta(), rotated),
                    (length > longRope.original() ? longRope.far() : longRope.near()).stream()
                            .mapToDouble(Double::doubleValue)).toArray());
        };
    }

    private NDArray call(String kind, NDManager manager, double... numbers) {
        // What is made outside a graph can never enter one.
        return program.withGraph(kind, Arg.of(numbers), Arg.of(manager.create(0f))).singletonOrThrow();
    }

    private NDArray ramped(Rope.Yarn rope, int rotated, NDManager manager) {
        double from = pairThatTurns(rope.fast(), rope, rotated);
        double to = pairThatTurns(rope.slow(), rope, rotated);
        double low = Math.max(0, rope.truncate() ? Math.floor(from) : from);
        double high = Math.min(rotated - 1, rope.truncate() ? Math.ceil(to) : to);
        double end = low == high ? high + 0.001 : high; // no division by zero
        return call("rope_yarn", manager, rope.theta(), rotated, rope.factor(), low, end);
    }

    /// Which pair, as a fraction, turns so many times in the original context.
    private static double pairThatTurns(double times, Rope.Yarn rope, int rotated) {
        return rotated * Math.log(rope.original() / (times * 2 * Math.PI)) / (2 * Math.log(rope.theta()));
    }
}
