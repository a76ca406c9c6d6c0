package dev.socratic.cli.serve;

import java.util.Optional;

/// What the text of an answer is made of, besides what is said: thoughts between `<think>` and `</think>`, and calls of
/// tools.
///
/// @param thinks   whether thoughts are told apart
/// @param thinking whether the prompt has begun them already
/// @param tools    how calls are written, where tools were offered
/// @param calling  whether the prompt has begun a call already
record AnswerForm(boolean thinks, boolean thinking, Optional<ToolFormat> tools, boolean calling) {
    /// All of it is what is said.
    static final AnswerForm PLAIN = new AnswerForm(false, false, Optional.empty(), false);
    static final String THINK = "<think>";
    static final String THOUGHT = "</think>";

    /// Nothing but one call.
    static AnswerForm call(ToolFormat format) {
        return new AnswerForm(false, false, Optional.of(format), true);
    }

    /// @param template source of the chat template: one that knows of thoughts marks them so
    /// @param prompt   what the model reads, or the end of it
    static AnswerForm of(String template, String prompt, Optional<ToolFormat> tools) {
        boolean thinking = prompt.stripTrailing().endsWith(THINK);
        return new AnswerForm(thinking || template.contains(THOUGHT), thinking, tools, false);
    }
}
