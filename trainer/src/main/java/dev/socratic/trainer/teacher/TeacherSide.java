package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.data.BatchTensors;
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
    /// @param served   or who is asked for it
    /// @param select   rows of states at positions: `[tokens, hidden]`
    static TeacherSide of(Plan plan, List<Decoder> teachers, Optional<StoredTeacher> stored,
            Optional<ServedTeacher> served, BinaryOperator<NDArray> select) {
        if (served.isPresent()) {
            return new Served(served.get());
        }
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

    /// Nobody is asked over a wire.
    static TeacherSide of(Plan plan, List<Decoder> teachers, Optional<StoredTeacher> stored,
            BinaryOperator<NDArray> select) {
        return of(plan, teachers, stored, Optional.empty(), select);
    }

    /// @param scope of the arrays
    TeacherPass forward(MicroBatch batch, Asked asked, NDManager scope);

    /// What the student's side wants to know.
    ///
    /// @param paddingFree whether rows are laid end to end, where nothing but final states is read of them
    /// @param taps        what to hand out of the first teacher's body
    /// @param changes     inside the first teacher
    record Asked(boolean paddingFree, Set<Tap> taps, List<Change> changes) {
        /// Final states alone.
        public static Asked states(boolean paddingFree) {
            return new Asked(paddingFree, Set.of(), List.of());
        }
    }

    /// @return the first live teacher: it writes rollouts, and its layers stand in for the student's
    default Optional<Decoder> decoder() {
        return switch (this) {
            case None ignored -> Optional.empty();
            case Live live -> Optional.of(live.teachers().getFirst());
            case OtherTokenizer other -> Optional.of(other.teacher());
            case Stored ignored -> Optional.empty();
            case Served ignored -> Optional.empty();
        };
    }

    /// Nobody.
    record None() implements TeacherSide {
        @Override
        public TeacherPass forward(MicroBatch batch, Asked asked, NDManager scope) {
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
        public TeacherPass forward(MicroBatch batch, Asked asked, NDManager scope) {
            // Where a teacher reads another prompt, its loss tokens are the student's, one by one.
            MicroBatch own = batch.teacherBatch().map(MicroBatch.TeacherBatch::batch).orElse(batch);
            BatchTensors tensors = BatchTensors.of(own, asked.paddingFree(), scope);
            List<TeacherOutput> outputs = new ArrayList<>();
            Optional<Signals> first = Optional.empty();
            for (Decoder teacher : teachers) {
                int number = outputs.size();
                if (batch.tokenRows().stream().noneMatch(row -> objective.learnsFrom(number, row.teacher()))) {
                    outputs.add(new TeacherOutput.NotAsked());
                    continue;
                }
                Signals signals = number == 0
                        ? teacher.forward(tensors.rows(), asked.taps(), asked.changes(), false)
                        : teacher.forward(tensors.rows(), false);
                NDArray hidden = select.apply(signals.states(), tensors.positions()); // [tokens, hidden]
                outputs.add(new TeacherOutput.States(hidden, Head.of(teacher)));
                first = number == 0 ? Optional.of(signals) : first;
            }
            return new TeacherPass(outputs, first, Optional.empty());
        }
    }

    /// A teacher that reads the text as other tokens.
    record OtherTokenizer(Decoder teacher, BinaryOperator<NDArray> select) implements TeacherSide {
        @Override
        public TeacherPass forward(MicroBatch batch, Asked asked, NDManager scope) {
            MicroBatch.TeacherBatch read = batch.teacherBatch().orElseThrow();
            BatchTensors own = BatchTensors.of(read.batch(), asked.paddingFree(), scope);
            Signals signals = teacher.forward(own.rows(), asked.taps(), asked.changes(), false);
            NDArray hidden = select.apply(signals.states(), own.positions()); // [its tokens, hidden]
            return new TeacherPass(List.of(new TeacherOutput.States(hidden, Head.of(teacher))), Optional.of(signals),
                    Optional.of(new TeacherTokens(read.alignment(), own.labels())));
        }
    }

    /// Stores, which know distributions but no states.
    record Stored(StoredTeacher stores) implements TeacherSide {
        @Override
        public TeacherPass forward(MicroBatch batch, Asked asked, NDManager scope) {
            return new TeacherPass(stores.outputs(batch), Optional.empty(), Optional.empty());
        }
    }

    /// A server that is asked as the training goes, which names the likeliest tokens.
    record Served(ServedTeacher teacher) implements TeacherSide {
        @Override
        public TeacherPass forward(MicroBatch batch, Asked asked, NDManager scope) {
            return new TeacherPass(List.of(teacher.output(batch)), Optional.empty(), Optional.empty());
        }
    }
}
