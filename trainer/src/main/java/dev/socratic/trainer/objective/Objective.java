package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;
import dev.socratic.core.error.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a student is trained towards: a weighted sum of terms. A method from a paper is a preset file with these
/// fields, not a class.
///
/// @param name    as reports state it
/// @param about   one sentence
/// @param paper   where the method comes from, such as `arXiv:1503.02531`
/// @param parity  how near to that paper it is
/// @param test    the test that shows it, `Class.method`
/// @param leftOut what of the paper is not here
/// @param selfTaught how the student teaches itself, where a training names no teacher
/// @param rollout where the tokens come from
/// @param edit    what is changed inside the models
/// @param terms   at least one
public record Objective(
        String name,
        @Default("\"\"") String about,
        Optional<String> paper,
        @Default("inspired") Parity parity,
        Optional<String> test,
        Optional<String> leftOut,
        Optional<SelfTaught> selfTaught,
        @Default("data") Rollout rollout,
        @Default("none") Edit edit,
        List<Term> terms) {

    /// How files of one's own end.
    public static final String FILES = ".yaml";

    public Objective {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException(
                    "terms: at least one; got none; write [{against: labels, distance: kl}] for plain fine-tuning");
        }
        if (selfTaught.filter(SelfTaught::peers).isPresent() && !(rollout instanceof Rollout.Student own
                && !own.keepData() && own.replay().isEmpty())) {
            throw new IllegalArgumentException("self_taught.peers: answers that the student has just written; got "
                    + "another rollout; write rollout: {student: {completions: 8}}");
        }
        AnswerTerms.check(rollout, terms);
        EditRules.check(edit, terms);
    }

    /// @param nameOrFile a preset's name, or the path of a YAML file: whatever has a separator in it or ends in
    ///                   `.yaml`
    /// @throws dev.socratic.core.error.ConfigException if there is none, or with every problem of it
    public static Objective named(String nameOrFile) {
        return Presets.read(nameOrFile).value();
    }

    /// @return the former names that it is written with, to be told: one line each
    public static List<Problem> formerNames(String nameOrFile) {
        return Presets.read(nameOrFile).places().formerNames();
    }

    /// @return whether all of it has a meaning where the teacher's tokenizer is another than the student's
    public boolean acrossTokenizers() {
        boolean readAgain = rollout instanceof Rollout.Student student && student.teacherMix() == 0
                && student.replay().isEmpty() && student.updates() == 1 && student.staleness() == 0;
        return (rollout instanceof Rollout.Data || readAgain) && !needsPairs() && !edit.needsTeacher()
                && terms.stream().allMatch(Term::acrossTokenizers);
    }

    /// @return whether of several answers to one prompt those that are right are shown to the teacher of the others
    public boolean learnsFromPeers() {
        return selfTaught.filter(SelfTaught::peers).isPresent();
    }

    /// @return whether any term matches tokens by their edit distance
    public boolean warpsTokens() {
        return terms.stream().flatMap(term -> term.views().stream()).anyMatch(View.AlignVocab.class::isInstance);
    }

    /// @return whether the data must have two answers to each prompt
    public boolean needsPairs() {
        return terms.stream().anyMatch(Term::needsPairs);
    }

    /// @return whether any term reads the student's reference model, which is then held in memory besides
    public boolean needsReference() {
        return terms.stream().anyMatch(Term::needsReference);
    }

    /// @return how terms ask for verified reward
    public Set<TokenWeight.Reward> rewards() {
        return terms.stream().flatMap(term -> term.tokens() instanceof TokenWeight.Reward reward
                ? Stream.of(reward) : Stream.empty()).collect(Collectors.toSet());
    }

    /// @return whether the held-out loss drives the rollout
    public boolean driven() {
        return rollout instanceof Rollout.Student student && student.fraction() instanceof Schedule.Driven;
    }

    /// @return whether any term compares with several teachers
    public boolean needsTeachers() {
        return terms.stream().anyMatch(term -> term.against() instanceof Against.Teachers);
    }

    /// @return whether a learned policy chooses among several teachers
    public boolean needsPolicy() {
        return terms.stream().anyMatch(EditRules::chosen);
    }

    /// @return whether any term weighs its teachers by the tags of the rows
    public boolean needsTags() {
        return terms.stream()
                .anyMatch(term -> term.against() instanceof Against.Teachers teachers
                        && teachers.weigh() == Against.Weighing.TAG);
    }

    /// @return whether any term weighs its teachers by what they give the label
    public boolean weighsByLabel() {
        return terms.stream()
                .anyMatch(term -> term.against() instanceof Against.Teachers teachers
                        && teachers.weigh() == Against.Weighing.LABEL);
    }

    /// @param teacher its number, 0 for the first
    /// @return whether only rows with its tag are compared with this teacher
    private boolean byTagAlone(int teacher) {
        boolean first = teacher == 0 && (edit.needsTeacher() || terms.stream().anyMatch(term -> term.needsTeacher()
                && (!(term.against() instanceof Against.Teachers) || term.tokens().needsTeacher())));
        return needsTags() && !first
                && terms.stream()
                        .allMatch(term -> !(term.against() instanceof Against.Teachers teachers)
                                || teachers.weigh() == Against.Weighing.TAG);
    }

    /// @param teacher its number, 0 for the first
    /// @param tag     the teacher that a row's tag names
    /// @return whether anything of the row is compared with this teacher; otherwise it need not be asked
    public boolean learnsFrom(int teacher, int tag) {
        return !byTagAlone(teacher) || tag == teacher;
    }

    /// @return whether any term compares with a teacher, or the teacher writes the text
    public boolean needsTeacher() {
        boolean mixed = rollout instanceof Rollout.Student student && student.teacherMix() > 0;
        return rollout instanceof Rollout.Teacher || mixed || edit.needsTeacher()
                || terms.stream().anyMatch(Term::needsTeacher);
    }
}
