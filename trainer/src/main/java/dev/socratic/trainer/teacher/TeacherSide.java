package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;

/// What a student is compared with: nobody, live teachers that read its tokens, one that reads the text as other
/// tokens, or stores of what teachers said before.
public sealed interface TeacherSide {
    /// @param teachers live ones, the largest first
    /// @param stored   what stands for them instead
    /// @param select   rows of `[batch, seq, hidden]` at positions: `[tokens, hidden]`
    static TeacherSide of(Plan plan, List<Decoder> teachers, Optional<StoredTeacher> stored,
            BinaryOperator<NDArray> select) {
        if (stored.isPresent()) {
            return new Stored(stored.get());
        }
        if (teachers.isEmpty()) {
            return new None();
        }
        return plan.vocabularyAlignment().isPresent()
                ? new OtherTokenizer(teachers.getFirst(), select)
                : new Live(teachers, plan.objective(), select);
    }

    /// @param taps    what to hand out of the first teacher's body
    /// @param changes inside the first teacher
    /// @param scope   of the arrays
    TeacherPass forward(MicroBatch batch, Set<Tap> taps, List<Change> changes, NDManager scope);

    /// @return the first live teacher: it writes rollouts, and its layers stand in for the student's
    default Optional<Decoder> decoder() {
        return switch (this) {
            case None ignored -> Optional.empty();
            case Live live -> Optional.of(live.teachers().getFirst());
            case OtherTokenizer other -> Optional.of(other.teacher());
            case Stored ignored -> Optional.empty();
        };
    }

    /// Nobody.
    record None() implements TeacherSide {
        @Override
        public TeacherPass forward(MicroBatch batch, Set<Tap> taps, List<Change> changes, NDManager scope) {
            return TeacherPass.NONE;
        }
    }

    /// Teachers with the student's tokens, behind the same prompt or one of their own. One that no row of a
    /// micro-batch learns from is not run on it.
    record Live(List<Decoder> teachers, Objective objective, BinaryOperator<NDArray> select) implements TeacherSide {
        public Live {
            teachers = List.copyOf(teachers);
        }

        @Override
        public TeacherPass forward(MicroBatch batch, Set<Tap> taps, List<Change> changes, NDManager scope) {
            // Where a teacher reads another prompt, its loss tokens are the student's, one by one.
            MicroBatch own = batch.teacherBatch().map(MicroBatch.TeacherBatch::batch).orElse(batch);
            NDArray ids = scope.create(own.ids(), new Shape(own.rows(), own.seq())); // [batch, seq]
            NDArray positions = scope.create(own.lossPositions()); // [tokens]
            List<TeacherOutput> outputs = new ArrayList<>();
            Optional<Signals> first = Optional.empty();
            for (Decoder teacher : teachers) {
                int number = outputs.size();
                if (batch.tokenRows().stream().noneMatch(row -> objective.learnsFrom(number, row.teacher()))) {
                    outputs.add(new TeacherOutput.NotAsked());
                    continue;
                }
                Signals signals = number == 0
                        ? teacher.forward(ids, own.lengths(), taps, changes, false)
                        : teacher.forward(ids, own.lengths(), Set.of(), false);
                // [tokens, hidden]
                outputs.add(new TeacherOutput.States(select.apply(signals.states(), positions), Head.of(teacher)));
                first = number == 0 ? Optional.of(signals) : first;
            }
            return new TeacherPass(outputs, first, Optional.empty());
        }
    }

    /// A teacher that reads the text as other tokens.
    record OtherTokenizer(Decoder teacher, BinaryOperator<NDArray> select) implements TeacherSide {
        @Override
        public TeacherPass forward(MicroBatch batch, Set<Tap> taps, List<Change> changes, NDManager scope) {
            MicroBatch.TeacherBatch read = batch.teacherBatch().orElseThrow();
            MicroBatch own = read.batch();
            NDArray ids = scope.create(own.ids(), new Shape(own.rows(), own.seq())); // [batch, its seq]
            Signals signals = teacher.forward(ids, own.lengths(), taps, changes, false);
            // [its tokens, hidden]
            NDArray hidden = select.apply(signals.states(), scope.create(own.lossPositions()));
            return new TeacherPass(List.of(new TeacherOutput.States(hidden, Head.of(teacher))), Optional.of(signals),
                    Optional.of(new TeacherTokens(read.alignment(), scope.create(own.labels()))));
        }
    }

    /// Stores, which know distributions but no states.
    record Stored(StoredTeacher stores) implements TeacherSide {
        @Override
        public TeacherPass forward(MicroBatch batch, Set<Tap> taps, List<Change> changes, NDManager scope) {
            return new TeacherPass(stores.outputs(batch), Optional.empty(), Optional.empty());
        }
    }
}
