package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import java.util.Optional;
import java.util.Set;

/// How a file names what it holds.
public enum Layout {
    /// Found out from the first good row of the file; the other rows must then fit.
    AUTO,
    /// `question`, and `answer` as a worked solution ending in `#### 18`; also the Socratic file, whose steps read
    /// `sub-question ** step`.
    GSM8K,
    /// `instruction`, `input` (may be empty or absent), `output`.
    ALPACA,
    /// `conversations`: a list of `from` (`system`, `human`, `gpt`) and `value`.
    SHARE_GPT,
    /// `messages`: a list of `role` and `content`; rows of the curator and of the generator are such.
    MESSAGES,
    /// This project's own question rows: `question`, `answer`, ...
    QUESTION,
    /// `question` (`question_stem`), `choices` (`options`), `answerKey` (`answer`, `correct`, ...), as ARC, MMLU and
    /// others have them; the choices are listed below the question, and the answer is a label.
    MULTIPLE_CHOICE,
    /// `chosen` and `rejected`, each a text, a turn or a list of turns, after `prompt`, `messages`, `conversations`,
    /// `instruction` or `question`; or whole conversations that begin alike.
    PREFERENCE,
    /// `text` alone, as a base model is trained on.
    TEXT;

    /// @return the fields it names, those that every conversation may have left out
    Set<String> fields() {
        return switch (this) {
            case AUTO -> Set.of();
            case GSM8K, QUESTION -> Set.of("question", "answer");
            case MULTIPLE_CHOICE -> Set.of("question", "question_stem", "choices", "options", "answerKey", "answer");
            case ALPACA -> Set.of("instruction", "input", "output", "history");
            case SHARE_GPT -> Set.of("conversations");
            case MESSAGES -> Set.of("messages");
            case PREFERENCE -> Set.of(
                    "chosen", "rejected", "prompt", "messages", "conversations", "instruction", "input", "question");
            case TEXT -> Set.of("text");
        };
    }

    /// @return whether rows written again keep these fields ([Exchange#json])
    boolean written() {
        return switch (this) {
            case MESSAGES, PREFERENCE, TEXT -> true;
            case AUTO, GSM8K, ALPACA, SHARE_GPT, QUESTION, MULTIPLE_CHOICE -> false;
        };
    }

    /// @return what to say about a row whose layout is not to be found out
    static DataException unknown(ObjectNode row) {
        return new DataException(
                "row",
                "a field question, instruction, messages, conversations or text",
                String.join(", ", row.properties().stream().map(f -> f.getKey()).limit(8).toList()),
                "say with fields which of them holds what");
    }

    /// @return the layout whose fields this row has; empty if none
    static Optional<Layout> detect(ObjectNode row) {
        if (row.has("chosen") && row.has("rejected")) {
            return Optional.of(PREFERENCE);
        }
        if (isList(row.path("messages"))) {
            return Optional.of(MESSAGES);
        }
        if (isList(row.path("conversations"))) {
            return Optional.of(SHARE_GPT);
        }
        if (row.path("instruction").isTextual()) {
            return Optional.of(ALPACA);
        }
        if (MultipleChoice.in(row).isPresent()) {
            return Optional.of(MULTIPLE_CHOICE);
        }
        if (row.path("question").isTextual()) {
            return Optional.of(row.path("answer").asText().contains("####") ? GSM8K : QUESTION);
        }
        return row.path("text").isTextual() ? Optional.of(TEXT) : Optional.empty();
    }

    /// Tables hold lists as text.
    private static boolean isList(JsonNode node) {
        return node.isArray() || node.isTextual() && node.textValue().stripLeading().startsWith("[");
    }
}
