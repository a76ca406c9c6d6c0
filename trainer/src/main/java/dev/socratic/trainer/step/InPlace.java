package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.List;

/// Changes of arrays that exist, in place: of gradients as they add up, of weights that a checkpoint fills.
public final class InPlace implements AutoCloseable {
    private final Program program;

    public InPlace(NDManager manager) {
        this.program = Program.resource(manager, InPlace.class, "/dev/socratic/trainer/programs/arrays.txt");
    }

    /// `gradient += more`.
    void accumulate(NDArray gradient, NDArray more) {
        run("accumulate", gradient, Arg.of(gradient), Arg.of(more));
    }

    /// The same of a gradient that may lie on another device.
    void accumulateFrom(NDArray gradient, NDArray more) {
        run("accumulate_from", gradient, Arg.of(gradient), Arg.of(more));
    }

    /// `array = 0`, of each.
    public void clear(List<NDArray> arrays) {
        run("clear", arrays.getFirst(), Arg.of(arrays));
    }

    /// Gives back the memory of arrays, whose handles stay.
    void giveUp(List<NDArray> arrays) {
        run("give_up", arrays.getFirst(), Arg.of(arrays));
    }

    /// `array = 0`, of each, in the shape of what it belongs to, in new memory.
    void zerosAgain(List<NDArray> arrays, List<NDArray> like) {
        run("zeros_again", arrays.getFirst(), Arg.of(arrays), Arg.of(like));
    }

    /// `target = values`.
    public void assign(NDArray target, NDArray values) {
        run("assign", target, Arg.of(target), Arg.of(values));
    }

    /// What a program hands back is an array of its own, though it is the same memory: it goes at once.
    private void run(String method, NDArray beside, Arg... args) {
        try (NDManager scope = beside.getManager().newSubManager()) {
            program.runIn(scope, method, args);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
