package dev.socratic.eval.harness.prompt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.eval.harness.task.TaskConfig;
import dev.socratic.eval.harness.task.TaskConfig.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The prompts of a task, byte for byte those of lm-evaluation-harness 0.4.13: description, examples, question; as one
/// text, or as turns that the model's chat template writes.
///
/// @param config     of the task
/// @param fields     of its documents
/// @param number     of examples
/// @param examples   to draw from
/// @param system     instruction before all; may be empty
/// @param chat       writes turns; empty where the prompt is one text
/// @param multiturn  whether examples are turns of their own
/// @param asksInputs whether `doc_to_text` is a number: then the choices are inputs, and the target is what follows
public record PromptBuilder(TaskConfig config, Fields fields, int number, Examples examples, String system,
        Optional<Chat> chat, boolean multiturn, boolean asksInputs) {

    /// @return one prompt; of a task whose choices are inputs one for each choice
    public List<String> of(ObjectNode doc) {
        Prompt prompt = config.prompt();
        List<Turn> turns = new ArrayList<>();
        String before = joined(system, fields.plain(prompt.description(), doc), prompt.fewshotDelimiter());
        if (!before.isEmpty()) {
            turns.add(new Turn(ChatMessage.SYSTEM, before));
        }
        if (number > 0) {
            boolean exclude = config.fewshot().split().equals(config.splits().test());
            examples.draw(number, doc, exclude).forEach(example -> turns.addAll(example(example)));
        }
        String begun = fields.plain(prompt.answerPrefix(), doc);
        Object text = fields.text(prompt, doc);
        if (asksInputs) {
            return fields.choices(prompt, doc).stream().map(choice -> {
                List<Turn> own = new ArrayList<>(turns);
                own.addAll(question(choice, begun, ""));
                return written(own, begun);
            }).toList();
        }
        turns.addAll(question(asText(text, "doc_to_text"), begun, prompt.targetDelimiter()));
        return List.of(written(turns, begun));
    }

    private List<Turn> example(ObjectNode doc) {
        Prompt prompt = config.fewshot().prompt();
        Object text = fields.text(prompt, doc);
        Object target = fields.target(prompt, doc);
        Optional<List<String>> choices = prompt.choice().map(any -> fields.choices(prompt, doc));
        String begun = fields.plain(prompt.answerPrefix(), doc);
        String question = asksInputs
                ? choices.orElseThrow().get(Math.toIntExact((Long) text)) : asText(text, "doc_to_text");
        Optional<List<String>> named = asksInputs ? Optional.empty() : choices;
        String answer = switch (target) {
            case Long index when named.isPresent() -> chosen(named.get(), index);
            case List<?> several when !several.isEmpty() -> asText(several.getFirst(), "doc_to_target");
            case Object other -> asText(other, "doc_to_target");
        };
        if (answer.isEmpty() && target instanceof String) {
            return question(question, begun, prompt.targetDelimiter());
        }
        String delimiter = begun.isEmpty() || needsBlank(question, begun) ? prompt.targetDelimiter() : "";
        return List.of(new Turn(ChatMessage.USER, question, delimiter),
                new Turn(ChatMessage.ASSISTANT, joined(begun, answer, " "), prompt.fewshotDelimiter()));
    }

    private static String chosen(List<String> choices, long index) {
        long place = index < 0 ? choices.size() + index : index;
        if (place < 0 || place >= choices.size()) {
            throw new DataException("doc_to_target", "the number of a choice, below %s".formatted(choices.size()),
                    String.valueOf(index), "mend the example, or draw from another split");
        }
        return choices.get((int) place);
    }

    private static List<Turn> question(String text, String begun, String delimiter) {
        List<Turn> turns = new ArrayList<>();
        turns.add(new Turn(ChatMessage.USER, text, !begun.isEmpty() && needsBlank(text, begun) ? delimiter : ""));
        if (!begun.isEmpty()) {
            turns.add(new Turn(ChatMessage.ASSISTANT, begun));
        }
        return turns;
    }

    private String written(List<Turn> turns, String begun) {
        return chat.map(template -> template.written(multiturn ? Turn.chat(turns) : Turn.single(turns),
                !begun.isEmpty())).orElseGet(() -> Turn.text(turns));
    }

    private static String asText(Object value, String key) {
        if (value instanceof String text) {
            return text;
        }
        throw new DataException(key, "a text", String.valueOf(value), "write a template: '{{...}}'");
    }

    /// Between question and answer of a choice: nothing behind a chat template, for its marks are between them.
    public String targetDelimiter() {
        Prompt prompt = config.prompt();
        boolean plain = chat.isEmpty() || prompt.answerPrefix().isPresent() && !endsBlank(prompt.answerPrefix());
        return plain ? prompt.targetDelimiter() : "";
    }

    private static boolean endsBlank(Optional<dev.socratic.eval.harness.task.DocField> field) {
        return field.orElseThrow() instanceof dev.socratic.eval.harness.task.DocField.Written written
                && !written.text().isEmpty() && blank(written.text().charAt(written.text().length() - 1));
    }

    /// With the delimiter between them, unless one of them has a blank there.
    private static String joined(String first, String second, String delimiter) {
        if (first.isEmpty() || second.isEmpty()) {
            return first + second;
        }
        return first + (blank(first.charAt(first.length() - 1)) || blank(second.charAt(0)) ? "" : delimiter) + second;
    }

    private static boolean needsBlank(String before, String after) {
        return !before.isEmpty() && !blank(before.charAt(before.length() - 1)) && !blank(after.charAt(0));
    }

    private static boolean blank(char sign) {
        return Character.isWhitespace(sign) || Character.isSpaceChar(sign) || sign == 0x85;
    }
}
