package dev.socratic.datasets.row;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.Usage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// One answer of a teacher to one question, with everything needed to say where it came from. JSON names are in snake
/// case.
///
/// @param id           content hash of question, prompt, teacher and sampling ([RowIds#trace])
/// @param questionId   [Question#id]
/// @param messages     the whole conversation, the teacher's answer as the last message, as a student is to learn it
/// @param reasoning    what stood between the `<think>` marks, without them
/// @param answerText   what stood after them
/// @param finalAnswer  the answer taken out of `answerText`
/// @param teacher      who answered
/// @param prompt       with which template
/// @param sampling     how it was drawn
/// @param usage        what it took
/// @param finishReason why it ended
/// @param verdicts     what was checked, in order
/// @param created      when, ISO-8601; the only field two identical runs may differ in, so it is left empty where
///                     byte equality counts
/// @param extra        fields we do not know, kept
public record Trace(
        String id,
        String questionId,
        List<ChatMessage> messages,
        Optional<String> reasoning,
        String answerText,
        Optional<String> finalAnswer,
        Teacher teacher,
        Prompt prompt,
        Draw sampling,
        Usage usage,
        FinishReason finishReason,
        List<Verdict> verdicts,
        Optional<String> created,
        Map<String, JsonNode> extra) {
    public Trace {
        Objects.requireNonNull(id);
        Objects.requireNonNull(questionId);
        messages = List.copyOf(messages);
        verdicts = List.copyOf(verdicts);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /// @param name     the model's name
    /// @param place    `endpoint:` or `weights:` and which ([dev.socratic.core.text.ModelCard#place])
    /// @param revision content hash or stated revision; empty if unknown
    public record Teacher(String name, String place, String revision) {}

    /// @param template name of the prompt template
    /// @param version  its version
    /// @param hash     content hash of its text
    public record Prompt(String template, String version, String hash) {}

    /// @param sampling  how each token was drawn
    /// @param maxTokens most new tokens
    /// @param index     which of the n samples of this question, from 0
    public record Draw(Sampling sampling, int maxTokens, long seed, int index) {}

    /// @param check  name of the check: `final_answer`, `truncated`, `refusal`, `repetition`, `format`
    /// @param passed whether the row may stay
    /// @param detail why, in a few words; empty where there is nothing to say
    public record Verdict(String check, boolean passed, String detail) {}
}
