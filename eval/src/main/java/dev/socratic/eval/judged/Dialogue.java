package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.dialogue.AnswerLeak;
import dev.socratic.datasets.dialogue.Coverage;
import dev.socratic.datasets.dialogue.DialogueTurn;
import dev.socratic.datasets.dialogue.GoldStep;
import dev.socratic.datasets.row.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a tutor and a student said about one question, and what can be counted of it.
///
/// @param question with a gold answer
/// @param tutor    its turns
/// @param student  what was said to each of them, in the same order; one less where the dialogue broke off
/// @param problem  why it broke off: somebody gave no answer; empty where nobody did
record Dialogue(Question question, List<String> tutor, List<String> student, String problem) {
    Dialogue {
        tutor = List.copyOf(tutor);
        student = List.copyOf(student);
    }

    String gold() {
        return question.answer().orElseThrow();
    }

    private List<GoldStep> steps() {
        return GoldStep.of(question);
    }

    private List<DialogueTurn> said() {
        List<DialogueTurn> said = new ArrayList<>();
        for (int turn = 0; turn < tutor.size(); turn++) {
            said.add(DialogueTurn.tutor(tutor.get(turn)));
            if (turn < student.size()) {
                said.add(DialogueTurn.student(student.get(turn)));
            }
        }
        return said;
    }

    /// @return everything the tutor says before the student: the answer, and values of steps
    List<AnswerLeak> leaks() {
        return AnswerLeak.all(question.question(), gold(), steps(), said());
    }

    /// @return the turn of the tutor, from 1, that first gives the answer away; empty where none does
    Optional<Integer> leak() {
        return leaks().stream().filter(AnswerLeak::last).map(leak -> leak.turn() / 2 + 1).findFirst();
    }

    /// @return whether the student's last turn ends in the right answer
    boolean studentCorrect() {
        return !student.isEmpty() && AnswerCheck.STANDARD.check(gold(), student.getLast()).equal();
    }

    /// @return share of the tutor's turns that ask something; 0 of none
    double asking() {
        return tutor.isEmpty() ? 0 : tutor.stream().filter(AskingSentences::asks).count() / (double) tutor.size();
    }

    /// @return how much of the gold path was walked; empty where the question has none
    Optional<Coverage> coverage() {
        return steps().isEmpty() ? Optional.empty()
                : Optional.of(Coverage.of(question.question(), steps(), said()));
    }

    String transcript() {
        StringBuilder text = new StringBuilder();
        for (int turn = 0; turn < tutor.size(); turn++) {
            text.append("Tutor: ").append(tutor.get(turn)).append('\n');
            if (turn < student.size()) {
                text.append("Student: ").append(student.get(turn)).append('\n');
            }
        }
        return text.toString().strip();
    }

    /// @return each turn of the tutor with its checks: whether it asks, the steps it asks for (from 1), and what it
    ///         gives away
    ArrayNode turns() {
        ArrayNode all = Json.mapper().createArrayNode();
        List<AnswerLeak> leaks = leaks();
        for (int turn = 0; turn < tutor.size(); turn++) {
            ObjectNode one = all.addObject().put("tutor", tutor.get(turn)).put("asks",
                    AskingSentences.asks(tutor.get(turn)));
            ArrayNode covers = one.putArray("covers");
            AskingSentences.of(tutor.get(turn)).stream().flatMap(sentence ->
                    ScriptedStudent.asked(steps(), sentence).stream()).distinct().forEach(step -> covers.add(step + 1));
            int at = 2 * turn;
            leaks.stream().filter(leak -> leak.turn() == at).forEach(leak -> one.withArray("leaks").addObject()
                    .put("value", leak.value()).put("answer", leak.last()));
            if (turn < student.size()) {
                one.put("student", student.get(turn));
            }
        }
        return all;
    }
}
