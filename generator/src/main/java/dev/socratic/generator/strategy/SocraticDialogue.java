package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.List;
import java.util.Map;

/// A tutor leads a student to the answer by sub-questions.
///
/// ```
/// tutor    (system: rules, solution, hint)  How many eggs are left?
/// student                                   16 - 3 - 4 = 9
/// tutor                                     Right. What do they come to at $2 each?
/// student                                   9 * 2 = 18          solved: a row for tutors, a row for students
/// ```
///
/// Every turn of the tutor is looked at before the student sees it: one that gives away the answer or the value of a
/// step that the student has not found ([dev.socratic.datasets.dialogue.AnswerLeak]), is cut off, asks nothing or says
/// what was said before is held back and asked for again, the tutor told why. Every turn of the student is checked for
/// the values of the gold path; where it finds none, the next hint goes one level further: which numbers, which
/// operation, which calculation. The dialogue ends when the student states the answer.
///
/// A question without an answer is first solved by the tutor, whose answer is then taken for the gold one.
///
/// @param tutor          who leads
/// @param student        who is led: a model of the recipe, or `teacher` with a `persona`
/// @param persona        who the student is, in a few words; empty for none
/// @param turns          turns of the tutor at most
/// @param retries        how often a turn that was held back is asked for again
/// @param oneQuestion    whether a turn of the tutor ends behind its first question; what stands behind it is left out
///                       and counted
/// @param tutorKnows     what the tutor is told of the solution
/// @param rows           whose turns become rows to learn from
/// @param tutorPrompt    template of the tutor's turns
/// @param studentPrompt  template of the student's turns
/// @param learnedPrompt  template of the messages that rows for tutors begin with
@About(value = "a tutor leads a student by sub-questions; leaks are held back, hints escalate",
        source = "Shridhar et al. 2022, arXiv:2211.12835; Macina et al. 2023, arXiv:2305.14536")
public record SocraticDialogue(
        @Default("teacher") String tutor, String student, @Default("''") String persona, @Default("8") int turns,
        @Default("2") int retries, @Default("true") boolean oneQuestion,
        @Default("solution") Knows tutorKnows,
        @Default("[tutor, student]") List<Row> rows,
        @Default("socratic_tutor") @NameOrFile(PromptTemplate.FILES) String tutorPrompt,
        @Default("socratic_student") @NameOrFile(PromptTemplate.FILES) String studentPrompt,
        @Default("socratic_tutor_learned") @NameOrFile(PromptTemplate.FILES) String learnedPrompt)
        implements Strategy {
    /// The levels of hints: 0 is none.
    static final int MOST_HELP = 3;

    /// What a tutor is told.
    public enum Knows { NOTHING, ANSWER, SOLUTION }

    /// Whose turns are learned.
    public enum Row { TUTOR, STUDENT }

    public SocraticDialogue {
        ConfigNumbers.atLeast("turns", 1, turns, "8 suits grade-school problems");
        ConfigNumbers.atLeast("retries", 0, retries, "2 suits most tutors");
        rows = rows.stream().distinct().sorted().toList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("rows: at least one of tutor, student; got none; write [tutor]");
        }
    }

    @Override
    public Map<String, String> roles() {
        return Map.of("tutor", tutor, "student", student);
    }

    Uses tutoring() {
        return new Uses("tutor_prompt", tutorPrompt, "question", "reference", "level", "fault");
    }

    Uses studying() {
        return new Uses("student_prompt", studentPrompt, "question", "persona", "turn");
    }

    Uses learning() {
        return new Uses("learned_prompt", learnedPrompt, "question");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(tutoring(), studying(), learning());
    }

    /// The tutor solves, then each of its turns may be held back `retries` times before the student replies.
    @Override
    public int mostSteps() {
        return 1 + turns * (retries + 2);
    }

    @Override
    public int mostQueries() {
        return mostSteps();
    }

    @Override
    public Move next(Scene scene) {
        return new TutoringState(this, scene).move();
    }
}
