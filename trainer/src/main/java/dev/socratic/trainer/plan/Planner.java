package dev.socratic.trainer.plan;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.data.SharedIds;
import dev.socratic.trainer.data.align.VocabularyAlignment;
import dev.socratic.trainer.objective.Atoms;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.On;
import dev.socratic.trainer.objective.Presets;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.objective.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Resolves an objective against a student and a teacher before any step is made; everything that does not fit is
/// said at once.
public final class Planner {
    private static final int MOST_SHOWN = 5;

    private Planner() {}

    /// @param shape     sizes of the model
    /// @param tokenizer its tokenizer
    /// @param eosId     id that ends an answer, where it has one
    public record Side(ModelShape shape, Tokenizer tokenizer, Optional<Long> eosId) {
        public Side(ModelShape shape, Tokenizer tokenizer) {
            this(shape, tokenizer, Optional.empty());
        }
    }

    /// @throws ConfigException with every problem: a teacher that is missing, tokens that differ, layers, widths and
    ///                         heads that do not fit
    public static Plan plan(Objective objective, Side student, Optional<Side> teacher) {
        return plan(objective, student, teacher.stream().toList());
    }

    /// @param teachers the first is the one that terms inside the body compare with
    /// @throws ConfigException as above
    public static Plan plan(Objective objective, Side student, List<Side> teachers) {
        Optional<Side> teacher = teachers.stream().findFirst();
        List<Problem> problems = new ArrayList<>();
        if (objective.needsTeacher() && teacher.isEmpty()) {
            problems.add(new Problem(
                    "teacher", "the folder of a teacher, which objective '" + objective.name() + "' compares with",
                    "nothing",
                    "add teacher: <folder>, or take the objective sft"));
        }
        long shared = student.tokenizer().vocabularySize();
        Optional<SharedIds> partly = Optional.empty();
        boolean joined = objective.needsTeacher() && objective.acrossTokenizers()
                && teacher.filter(one -> differences(student.tokenizer(), one.tokenizer()).isPresent()).isPresent();
        if (joined) {
            problems.addAll(fit(objective, student.shape(), teacher.get().shape()));
        } else if (objective.needsTeacher() && teacher.isPresent()) {
            partly = sharedIds(objective, student.tokenizer(), teachers);
            for (Side one : teachers) {
                shared = Math.min(shared, one.tokenizer().vocabularySize());
                if (partly.isEmpty()) {
                    differences(student.tokenizer(), one.tokenizer()).ifPresent(problems::add);
                }
            }
            problems.addAll(fit(objective, student.shape(), teacher.get().shape()));
        }
        shared = partly.map(same -> (long) same.ids().length).orElse(shared);
        problems.addAll(vocabulary(objective, shared));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        Optional<VocabularyAlignment> join = teacher.filter(ignored -> joined).map(side -> VocabularyAlignment.of(
                student.tokenizer(), side.tokenizer(), student.eosId()
                        .flatMap(mine -> side.eosId().map(theirs -> new VocabularyAlignment.Ends(mine, theirs)))));
        return new Plan(objective, shared, teacher.map(side -> new Plan.Shapes(student.shape(), side.shape())), join,
                partly);
    }

    /// The same where a store stands for the teacher.
    ///
    /// @param shared width of the stored distributions, whose tokenizer is the student's
    /// @throws ConfigException as above
    public static Plan planStored(Objective objective, long shared) {
        List<Problem> problems = vocabulary(objective, shared);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Plan(objective, shared);
    }

    /// @return what of an objective's terms does not fit two models, from their sizes alone
    public static List<Problem> fit(Objective objective, ModelShape student, ModelShape teacher) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < objective.terms().size(); i++) {
            Term term = objective.terms().get(i);
            if (term.needsTeacher()) {
                problems.addAll(ModelFit.problems(place(objective, i), term, student, teacher));
            }
        }
        problems.addAll(EditFit.problems(objective, student, teacher));
        return problems;
    }

    /// @return the terms that need more of a teacher than its logits, which is all that stored ones can give
    public static List<Problem> unsupportedByStore(Objective objective) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < objective.terms().size(); i++) {
            Term term = objective.terms().get(i);
            if (term.tap().isFeature() || term.needsTeacher() && (term.isSequenceLevel() || term.on() != On.DATA)) {
                problems.add(new Problem(
                        place(objective, i), "a term over logits, all that stored ones can give",
                        "'" + objective.terms().get(i).text() + "'",
                        "name the teacher's folder instead of a store, or remove the term"));
            }
        }
        if (objective.edit().needsTeacher()) {
            problems.add(new Problem(
                    "objective '%s'.edit".formatted(objective.name()),
                    "nothing that runs the teacher's layers, for stored logits",
                    "'" + Atoms.name(objective.edit(), Edit.class) + "'",
                    "name the teacher's folder instead of a store"));
        }
        return problems;
    }

    private static List<Problem> vocabulary(Objective objective, long shared) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < objective.terms().size(); i++) {
            for (View view : objective.terms().get(i).views()) {
                if (view instanceof View.TopK top && top.k() >= shared) {
                    problems.add(new Problem(
                            place(objective, i) + ".views", "a top_k.k below the vocabulary of " + shared, "" + top.k(),
                            "write a smaller k, or remove 'top_k'"));
                }
            }
        }
        return problems;
    }

    /// @return names of the presets that compare different tokenizers
    public static List<String> crossTokenizerPresets() {
        return Presets.names().stream().filter(name -> {
            Objective objective = Objective.named(name);
            return objective.needsTeacher() && objective.acrossTokenizers();
        }).toList();
    }

    private static String place(Objective objective, int term) {
        return "objective '%s'.terms[%s]".formatted(objective.name(), term);
    }

    /// Added tokens that differ are no obstacle where one teacher is compared with and does not write itself.
    private static Optional<SharedIds> sharedIds(Objective objective, Tokenizer student, List<Side> teachers) {
        boolean teacherWrites = switch (objective.rollout()) {
            case Rollout.Data ignored -> false;
            case Rollout.Student own -> own.teacherMix() > 0;
            case Rollout.Teacher ignored -> true;
        };
        return teachers.size() == 1 && !objective.needsTeachers() && !teacherWrites
                && differences(student, teachers.getFirst().tokenizer()).isPresent()
                ? SharedIds.of(student, teachers.getFirst().tokenizer())
                : Optional.empty();
    }

    /// Token ids must mean the same text on both sides. Padding logits with zeros would make up probabilities, so it
    /// is never done.
    private static Optional<Problem> differences(Tokenizer student, Tokenizer teacher) {
        if (student.hash().equals(teacher.hash())) {
            return Optional.empty();
        }
        int larger = Math.max(student.vocabularySize(), teacher.vocabularySize());
        List<String> shown = new ArrayList<>();
        int count = 0;
        for (int id = 0; id < larger; id++) {
            String mine = id < student.vocabularySize() ? student.token(id) : "nothing";
            String theirs = id < teacher.vocabularySize() ? teacher.token(id) : "nothing";
            if (!mine.equals(theirs)) {
                count++;
                if (shown.size() < MOST_SHOWN) {
                    shown.add("%s '%s' / '%s'".formatted(id, mine, theirs));
                }
            }
        }
        return count == 0
                ? Optional.empty()
                : Optional.of(new Problem(
                        "teacher",
                        "a tokenizer with the student's tokens",
                        "%s ids that differ (student / teacher): %s%s".formatted(count, String.join(", ", shown),
                                count > shown.size() ? ", ..." : ""),
                        ("take an objective that compares across tokenizers (%s), give the student the teacher's "
                                + "tokenizer, or learn from text with the objective sft")
                                .formatted(String.join(", ", crossTokenizerPresets()))));
    }
}
