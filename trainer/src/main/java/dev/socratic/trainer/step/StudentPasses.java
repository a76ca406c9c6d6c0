package dev.socratic.trainer.step;

import dev.socratic.models.network.Change;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.KeptStreams;
import dev.socratic.models.network.RecomputedPass;
import dev.socratic.models.network.Rows;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// The passes of one micro-batch through the student's body whose gradients are wanted: with their whole graph, or
/// with none but that behind the layers, which are run again on the way back.
final class StudentPasses implements AutoCloseable {
    private final Decoder student;
    private final StepMemory memory;
    private final Deque<RecomputedPass> waiting = new ArrayDeque<>();
    private final List<KeptStreams> kept = new ArrayList<>();

    StudentPasses(Decoder student, StepMemory memory) {
        this.student = student;
        this.memory = memory;
    }

    Signals forward(Rows rows, Set<Tap> taps, List<Change> changes) {
        if (memory.streams().isEmpty()) {
            return student.forward(rows, taps, changes, true);
        }
        kept.add(memory.streams().get().get());
        waiting.push(RecomputedPass.run(student, rows, taps, changes, kept.getLast()));
        return waiting.peek().signals();
    }

    /// One layer of it.
    void backward(int layer) {
        waiting.forEach(pass -> pass.backward(layer));
    }

    /// What stands before the layers, when all of them are done.
    void backwardBelow() {
        waiting.forEach(RecomputedPass::backwardBelow);
    }

    /// The rest of the way back, when what was lost has gone to where the graphs begin: the last pass first, for it may
    /// have read an earlier one.
    void backward() {
        while (!waiting.isEmpty()) {
            waiting.pop().backward();
        }
    }

    @Override
    public void close() {
        kept.forEach(KeptStreams::close);
    }
}
