package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.Editing;
import dev.socratic.trainer.loss.StepLoss;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.plan.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The passes of a micro-batch that an objective's edit asks for.
///
/// @param scope   of the micro-batch
/// @param batch   its tokens
/// @param number  of it in the step, from 0
/// @param student that learns
/// @param teacher the first
/// @param trained weights whose gradients are wanted
/// @param passing runs a pass
record EditedMicroBatch(NDManager scope, MicroBatch batch, int number, Decoder student, Optional<Decoder> teacher,
        Collection<NDArray> trained, ForwardPass passing) {

    VocabularyHead.Loss run(StepLoss objective, Editing editing) {
        return switch (editing.edit()) {
            case Edit.None ignored -> passing.pass(objective, ForwardPass.Pass.PLAIN).loss();
            case Edit.Replace replace ->
                    passing.pass(objective, ForwardPass.Pass.of(replaced(editing.replaced(replace))))
                    .loss();
            case Edit.Perturb ignored ->
                    passing.pass(objective, ForwardPass.Pass.of(List.of(new Change.Added(uphill(objective, editing)))))
                            .loss();
            case Edit.Interchange change -> interchanged(objective, editing, change);
        };
    }

    private List<Change> replaced(List<Plan.Block> blocks) {
        return blocks.stream().<Change>map(block ->
                new Change.Replaced(block.student(), teacher.orElseThrow(), block.first(), block.last())).toList();
    }

    /// The gradient of the loss at what enters the first layer, at length 1 in each position; weights keep theirs as
    /// they are.
    ///
    /// @return `[batch, seq, hidden]`
    private NDArray uphill(StepLoss objective, Editing editing) {
        NDArray nothing = scope.zeros(new Shape(batch.rows(), batch.seq(), student.config().hidden()));
        wanted(false);
        try {
            Gradients.wanted(nothing, true);
            ForwardPass.Pass look = new ForwardPass.Pass(
                    List.of(new Change.Added(nothing)), List.of(), Set.of(), Set.of(), Optional.empty(), false, true);
            editing.silently().accept(() -> passing.pass(objective, look));
        } finally {
            wanted(true);
        }
        NDArray gradient = Gradients.gradient(nothing, scope).orElseThrow(); // [batch, seq, hidden]
        NDArray length = gradient.mul(gradient).sum(new int[] {2}, true).sqrt(); // [batch, seq, 1]
        return gradient.div(length.maximum(1e-12f)); // [batch, seq, hidden]
    }

    private void wanted(boolean yes) {
        trained.forEach(weight -> Gradients.wanted(weight, yes));
    }

    private VocabularyHead.Loss interchanged(StepLoss objective, Editing editing, Edit.Interchange change) {
        Plan.Block at = editing.exchanged(change);
        Tap.Hidden mine = new Tap.Hidden(at.student());
        Tap.Hidden theirs = new Tap.Hidden(at.last() - 1);
        ForwardPass.Result plain = passing.pass(objective,
                new ForwardPass.Pass(List.of(), List.of(), Set.of(mine), Set.of(theirs), Optional.empty(), true,
                        false));
        List<Long> places = new ArrayList<>();
        List<Long> origins = new ArrayList<>();
        for (Edit.Stretch stretch : change.stretches(editing.progress(), number, lengths())) {
            for (int i = 0; i < stretch.length(); i++) {
                places.add((long) stretch.sample() * batch.seq() + stretch.from() + i);
                origins.add((long) stretch.other() * batch.seq() + stretch.origin() + i);
            }
        }
        NDArray to = scope.create(array(places));
        NDArray from = scope.create(array(origins));
        ForwardPass.Result changed = passing.pass(editing.counterfactual(), new ForwardPass.Pass(
                List.of(swap(mine, plain.student(), to, from)),
                List.of(swap(theirs, plain.teacher().orElseThrow(), to, from)),
                Set.of(), Set.of(), plain.deferred(), false, false));
        return plain.loss().plus(changed.loss());
    }

    private static Change swap(Tap.Hidden at, Signals signals, NDArray places, NDArray origins) {
        return new Change.Swapped(at.layer(), places, signals.get(at), origins);
    }

    /// Each sample ends with its last counting position.
    private int[] lengths() {
        int[] lengths = new int[batch.rows()];
        for (long place : batch.lossPositions()) {
            lengths[(int) (place / batch.seq())] = (int) (place % batch.seq()) + 1;
        }
        return lengths;
    }

    private static long[] array(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
