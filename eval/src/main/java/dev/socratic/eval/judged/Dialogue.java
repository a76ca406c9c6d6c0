package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.tutoring.AnswerLeak;
import dev.socratic.datasets.tutoring.Asking;
import dev.socratic.datasets.tutoring.Coverage;
import dev.socratic.datasets.tutoring.SubQuestions;
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

    /// Where the answer was given away.
    ///
    /// @param turn of the tutor, from 1
    record Leak(int turn, AnswerLeak.Place place) {}

    String gold() {
        return question.answer().orElseThrow();
    }

    /// @return whether the answer stands in the question itself, so that saying it gives nothing away
    boolean answerInQuestion() {
        return AnswerLeak.find(gold(), question.question()).isPresent();
    }

    /// @return the first turn in which the tutor says the answer and the student has not yet; empty where it never does
    Optional<Leak> leak() {
        for (int turn = 0; turn < tutor.size() && !answerInQuestion(); turn++) {
            Optional<AnswerLeak.Place> place = AnswerLeak.find(gold(), tutor.get(turn));
            if (place.isPresent()) {
                return Optional.of(new Leak(turn + 1, place.get()));
            }
            if (turn < student.size() && AnswerLeak.find(gold(), student.get(turn)).isPresent()) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /// @return whether the student's last turn ends in the right answer
    boolean studentCorrect() {
        return !student.isEmpty() && AnswerCheck.STANDARD.check(gold(), student.getLast()).equal();
    }

    /// @return share of the tutor's turns that ask something; 0 of none
    double asking() {
        return tutor.isEmpty() ? 0 : tutor.stream().filter(Asking::asks).count() / (double) tutor.size();
    }

    /// @return share of the gold sub-questions that it asks; empty where the question has none
    Optional<Double> coverage() {
        List<SubQuestions.Step> steps = SubQuestions.of(question);
        return steps.isEmpty() ? Optional.empty() : Optional.of(
                covered().stream().filter(Optional::isPresent).count() / (double) steps.size());
    }

    private List<Optional<Integer>> covered() {
        return Coverage.of(SubQuestions.of(question), tutor);
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

    /// @return each turn of the tutor with its checks
    ArrayNode turns() {
        ArrayNode all = Json.mapper().createArrayNode();
        Optional<Leak> leak = leak();
        List<Optional<Integer>> covered = covered();
        for (int turn = 0; turn < tutor.size(); turn++) {
            ObjectNode one = all.addObject().put("tutor", tutor.get(turn)).put("asks", Asking.asks(tutor.get(turn)));
            ArrayNode steps = one.putArray("covers");
            for (int step = 0; step < covered.size(); step++) {
                if (covered.get(step).equals(Optional.of(turn))) {
                    steps.add(step + 1);
                }
            }
            int number = turn + 1;
            leak.filter(found -> found.turn() == number).ifPresent(found -> one.putObject("leak")
                    .put("start", found.place().start()).put("end", found.place().end())
                    .put("said", found.place().said()));
            if (turn < student.size()) {
                one.put("student", student.get(turn));
            }
        }
        return all;
    }
}
