package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.answer.Choices;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.row.RowMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Rows of each layout as questions.
///
/// Fields nobody asked for go to `extra`. One that bears the name of a field of ours, such as the `id` of another
/// system, goes there as `original_id`.
final class QuestionLayouts {
    private static final String CHOICES = "choices";
    private static final Set<String> OURS = Set.of("id", "question", "answer", "solution", "source", "licence", "tags");

    private QuestionLayouts() {}

    /// @param source what [Question#source] says where the row does not
    /// @throws DataException if the row does not fit
    static Question question(Layout layout, ObjectNode row, String source) {
        return switch (layout) {
            case GSM8K -> gsm8k(row, source);
            case ALPACA -> new Draft(Conversations.instruction(row), source)
                    .solution(FieldPath.of("output").textIn(row))
                    .rest(row, Set.of("instruction", "input", "output"));
            case SHARE_GPT, MESSAGES -> firstExchange(Conversations.of(layout, row).messages(), row, source);
            case PREFERENCE -> firstExchange(Preferences.of(row).preferred().messages(), row, source);
            case QUESTION -> own(row, source);
            case MULTIPLE_CHOICE -> choice(row, source);
            case TEXT, AUTO -> throw new DataException(
                    "row", "a question: question, instruction, conversations or messages", "none of these fields", "");
        };
    }

    /// @param fields our names (`question`, `choices`, `answer`, `solution`, `licence`, `source`) to paths in the row
    /// @throws DataException if a mapped field is absent; `answer` and the rest may be absent only where they are not
    ///                       mapped
    static Question mapped(Map<String, FieldPath> fields, ObjectNode row, String source) {
        Map<String, String> found = new LinkedHashMap<>();
        fields.forEach((name, path) -> {
            if (!name.equals(CHOICES)) {
                found.put(name, path.textIn(row).orElseThrow(() ->
                        new DataException(path.toString(), "a text or a number", got(path, row), "")));
            }
        });
        Optional<MultipleChoice> choice = Optional.ofNullable(fields.get(CHOICES))
                .map(path -> new MultipleChoice(found.get("question"), choices(path, row)));
        Optional<String> answer = Optional.ofNullable(fields.get("answer")).map(path -> choice
                .map(c -> c.label(path.in(row).orElseThrow(), path.toString())).orElse(found.get("answer")));
        Set<String> used = fields.entrySet().stream()
                .map(field -> field.getKey().equals(CHOICES) ? CHOICES : field.getValue().root())
                .collect(Collectors.toSet());
        return new Draft(choice.map(MultipleChoice::asked).orElse(found.get("question")),
                found.getOrDefault("source", source))
                .answer(answer)
                .solution(Optional.ofNullable(found.get("solution")))
                .licence(Optional.ofNullable(found.get("licence")))
                .with(CHOICES, Optional.ofNullable(fields.get(CHOICES)).flatMap(path -> path.in(row)))
                .rest(row, used);
    }

    private static Choices choices(FieldPath path, ObjectNode row) {
        Choices choices = path.in(row).map(Choices::of).orElse(Choices.NONE);
        if (choices.isEmpty()) {
            throw new DataException(path.toString(), "two or more choices", got(path, row),
                    "a list of texts, or {text: [...], label: [...]}");
        }
        return choices;
    }

    private static Question choice(ObjectNode row, String source) {
        MultipleChoice choice = MultipleChoice.in(row).orElseThrow(() -> new DataException(
                "row", "question and choices", "none, or no two choices", "choices: a list of texts"));
        ObjectNode ours = row.deepCopy();
        ours.remove(MultipleChoice.QUESTIONS);
        ours.put("question", choice.asked());
        MultipleChoice.answerField(row).ifPresent(name -> {
            ours.remove(name);
            ours.put("answer", choice.label(row.get(name), name));
        });
        return own(ours, source);
    }

    private static String got(FieldPath path, ObjectNode row) {
        return path.in(row).map(node -> node.isArray() ? "a list" : "an object").orElse("nothing");
    }

    private static Question gsm8k(ObjectNode row, String source) {
        Gsm8k parts = Gsm8k.parse(Conversations.text(row, "answer"));
        return new Draft(Conversations.text(row, "question"), source)
                .answer(Optional.of(parts.answer()))
                .solution(Optional.of(parts.solution()))
                .with("steps", parts.steps())
                .rest(row, Set.of("question", "answer"));
    }

    /// The first thing a user asked; what was answered to it is the solution. Later turns are kept, with the rest of
    /// the row.
    private static Question firstExchange(List<ChatMessage> messages, ObjectNode row, String source) {
        ChatMessage asked = Conversations.first(messages, ChatMessage.USER)
                .orElseThrow(() -> new DataException("row", "a turn of the user", "none", ""));
        return new Draft(asked.content(), source)
                .solution(Conversations.first(messages, ChatMessage.ASSISTANT).map(ChatMessage::content))
                .rest(row, Set.of());
    }

    private static Question own(ObjectNode row, String source) {
        JsonNode answer = row.path("answer");
        Question q = RowMapper.question(answer.isNumber() ? row.deepCopy().put("answer", answer.asText()) : row);
        return q.source().isEmpty()
                ? new Question(q.id(), q.question(), q.answer(), q.solution(), source, q.licence(), q.tags(), q.extra())
                : q;
    }

    /// A question in the making.
    private static final class Draft {
        private final String question;
        private final String source;
        private Optional<String> answer = Optional.empty();
        private Optional<String> solution = Optional.empty();
        private Optional<String> licence = Optional.empty();
        private final Map<String, JsonNode> extra = new LinkedHashMap<>();

        Draft(String question, String source) {
            this.question = question;
            this.source = source;
        }

        Draft answer(Optional<String> text) {
            answer = text;
            return this;
        }

        Draft solution(Optional<String> text) {
            solution = text;
            return this;
        }

        Draft licence(Optional<String> text) {
            licence = text;
            return this;
        }

        Draft with(String name, Optional<JsonNode> value) {
            value.ifPresent(node -> extra.put(name, node));
            return this;
        }

        Question rest(ObjectNode row, Set<String> used) {
            row.properties().stream()
                    .filter(field -> !used.contains(field.getKey()))
                    .forEach(field -> extra.put(
                            OURS.contains(field.getKey())
                                    ? "original_" + field.getKey()
                                    : field.getKey(), field.getValue()));
            return new Question(RowIds.question(question), question, answer, solution, source, licence, List.of(),
                    extra);
        }
    }
}
