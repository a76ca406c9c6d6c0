package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.datasets.answer.Choices;
import dev.socratic.datasets.answer.Choices.Choice;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A question with its choices, as ARC, CommonsenseQA (`choices: {text, label}`, `answerKey`), OpenBookQA
/// (`question_stem`), MMLU (`choices` as texts, `answer` as a place counted from 0), MMLU-Pro and AQuA-RAT (`options`)
/// write it.
///
/// A teacher is asked with the choices below the question, each with its label; the answer is the label.
record MultipleChoice(String question, Choices choices) {
    /// Where a row has its question.
    static final List<String> QUESTIONS = List.of("question", "question_stem");
    /// Where it has its answer, in the order in which they are believed.
    private static final List<String> ANSWERS =
            List.of("answerKey", "answer_key", "answer", "correct", "answer_index", "answer_idx", "label");

    /// @return empty if it is no multiple choice, or lists its choices itself and says its answer as we do
    static Optional<MultipleChoice> in(ObjectNode row) {
        Optional<String> question = QUESTIONS.stream().filter(name -> row.path(name).isTextual()).findFirst()
                .map(name -> row.get(name).textValue());
        Choices choices = Choices.FIELDS.stream().filter(row::hasNonNull).map(name -> Choices.of(row.get(name)))
                .filter(found -> !found.isEmpty()).findFirst().orElse(Choices.NONE);
        boolean ours = question.isPresent() && row.path("answer").isTextual() && lists(question.get(), choices);
        return question.filter(text -> !choices.isEmpty() && !ours).map(text -> new MultipleChoice(text, choices));
    }

    private static boolean lists(String question, Choices choices) {
        return Choices.listedIn(question).all().size() >= choices.all().size();
    }

    /// @return the question, and below it, where it does not list them, the choices, one a line: `A. a cat`
    String asked() {
        return lists(question, choices) ? question : choices.all().stream()
                .map(choice -> choice.label() + ". " + bare(choice))
                .collect(Collectors.joining("\n", question.stripTrailing() + "\n", ""));
    }

    /// AQuA-RAT writes the label into the text: `A)21`.
    private static String bare(Choice choice) {
        return choice.text().strip()
                .replaceFirst("^[(\\[]?" + Pattern.quote(choice.label()) + "[)\\].:]\\s*(?=\\S)", "");
    }

    /// @return the name of the field with the answer
    static Optional<String> answerField(ObjectNode row) {
        return ANSWERS.stream().filter(name -> row.path(name).isValueNode() && !row.path(name).asText().isBlank()
                && !row.path(name).isNull()).findFirst();
    }

    /// @param place of the answer in the row
    /// @return the label of the choice it means
    /// @throws DataException if it means none
    String label(JsonNode answer, String place) {
        return counted(answer).or(() -> choices.labelOf(answer.asText()))
                .orElseThrow(() -> new DataException(
                        place, "one of the choices " + choices.all().stream().map(Choice::label).toList()
                                + ", its words, or its place counted from 0",
                        answer.toString(), "mend the row, or leave the answer out"));
    }

    /// A number beside lettered choices is a place, also where the choices are numbers: MMLU writes
    /// `{"choices": ["3", "1"], "answer": 1}` and means the second.
    private Optional<String> counted(JsonNode answer) {
        boolean lettered = choices.all().stream().noneMatch(choice -> Character.isDigit(choice.label().charAt(0)));
        return answer.isIntegralNumber() && lettered && answer.asInt() >= 0 && answer.asInt() < choices.all().size()
                ? Optional.of(choices.all().get(answer.asInt()).label()) : Optional.empty();
    }
}
