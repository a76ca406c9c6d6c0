package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.network.Head;
import dev.socratic.trainer.loss.FeatureInputs.FinalStates;
import dev.socratic.trainer.loss.FeatureInputs.Spaces;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Kind;
import dev.socratic.trainer.objective.Tap;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.plan.Plan;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Two models' final states read in each other's space. Source: DSKD, Zhang et al. 2024, arXiv:2406.17328.
///
/// With `same` positions, `W t` of the teacher's states t goes through the student's head, and `V s` of the student's
/// through the teacher's. With `attention`, `A = softmax(Q [e_in; e_next] . K / sqrt(2 hidden))` between the token
/// embeddings of both sides of a sample mixes the mapped states of one side for each position of the other, the
/// teacher's being `t / std(t) + e_next / std(e_next)`; standard deviations run over the counting positions of the
/// micro-batch.
final class DualSpace {
    private final Kernel kernel;
    private final Function<String, NDArray> maps;
    private final FinalStates student;
    private final FinalStates teacher;
    private final Map<Tap.Pair, NDArray> mapped = new EnumMap<>(Tap.Pair.class);

    /// @param maps learned ones by name
    DualSpace(Kernel kernel, Function<String, NDArray> maps, Spaces spaces) {
        this.kernel = kernel;
        this.maps = maps;
        this.student = spaces.student();
        this.teacher = spaces.teacher();
    }

    /// @return unreduced, `[tokens]` of the side whose space it is
    NDArray loss(Term term, Views views, Distances distances, double progress) {
        if (term.tap() instanceof Tap.TeacherSpace space) {
            Sides sides = sides(read(studentMapped(space.pair()), teacher.head()),
                    read(teacher.states(), teacher.head()));
            return distances.between(term.distance(),
                    views.apply(term.views(), sides, ViewContext.ofTokens(progress, teacher.labels())));
        }
        Tap.StudentSpace space = (Tap.StudentSpace) term.tap();
        NDArray theirs = teacherMapped(space.pair()); // [tokens, vocab]
        ViewContext setting = ViewContext.ofTokens(progress, student.labels());
        if (term.against() instanceof Against.Labels) {
            return kernel.call("kl_labels", views.apply(term.views(), sides(theirs, theirs), setting).student(),
                    student.labels());
        }
        NDArray own = read(student.states(), student.head()); // [tokens, vocab]
        NDArray given = kernel.call("given", theirs);
        NDArray losses = distances.between(term.distance(), views.apply(term.views(), sides(own, given), setting));
        return space.onlyRight() ? kernel.call("where_right", losses, given, student.labels()) : losses;
    }

    private static Sides sides(NDArray student, NDArray other) {
        return new Sides(student, other, Kind.LOGITS, Sides.Items.TOKENS, Optional.empty());
    }

    private static NDArray read(NDArray states, Head head) {
        return head.logits(states, true);
    }

    /// The teacher's states in the student's space, as logits, made once for all terms.
    private NDArray teacherMapped(Tap.Pair pair) {
        return mapped.computeIfAbsent(pair, how -> {
            NDArray toStudent = maps.apply(Plan.TO_STUDENT);
            NDArray states = switch (how) {
                case SAME -> kernel.call("mapped", kernel.call("plain", teacher.states()), toStudent);
                case ATTENTION -> kernel.call("attending", scores(),
                        // [tokens, hidden]
                        kernel.call("mapped", kernel.call("scaled_sum", teacher.states(), teacher.after()), toStudent));
            };
            return student.head().frozen(states);
        });
    }

    /// The student's states in the teacher's space, `[its tokens, its hidden]`.
    private NDArray studentMapped(Tap.Pair pair) {
        NDArray states = kernel.call("mapped", student.states(), maps.apply(Plan.TO_TEACHER));
        return switch (pair) {
            case SAME -> states;
            case ATTENTION -> kernel.call("attending", kernel.call("transposed", scores()), states);
        };
    }

    /// `[tokens, their tokens]`, nothing between samples.
    private NDArray scores() {
        return kernel.call(
                "token_scores", student.before(), student.after(), maps.apply(Plan.QUERY), teacher.before(),
                teacher.after(), student.row(), teacher.row());
    }
}
