package dev.socratic.datasets.answer;

import java.util.Optional;

/// A model's text, cut into what it thought and what it answered.
///
/// - `<think>a</think>b`: reasoning a, answer b
/// - `a</think>b` (the opening tag stood in the prompt): reasoning a, answer b
/// - `<think>a<think>b</think>c</think>d`: nested; everything up to the last closing tag is reasoning, answer d
/// - `<think>a` (never closed): reasoning a, no answer; the text was cut off
/// - no tag at all: no reasoning, all of it is the answer
///
/// @param reasoning what stood between the tags, without them, blank ends removed; empty if there was none
/// @param answer    what follows, blank ends removed; the empty string if the reasoning was never closed
/// @param unclosed  whether a block of reasoning was opened and never closed
public record ReasoningSplit(Optional<String> reasoning, String answer, boolean unclosed) {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    public static ReasoningSplit of(String text) {
        int close = text.lastIndexOf(CLOSE);
        int reopened = text.indexOf(OPEN, close < 0 ? 0 : close);
        if (reopened >= 0) {
            return new ReasoningSplit(kept(text), "", true);
        }
        if (close < 0) {
            return new ReasoningSplit(Optional.empty(), text.strip(), false);
        }
        return new ReasoningSplit(kept(text.substring(0, close)), text.substring(close + CLOSE.length()).strip(), false);
    }

    private static Optional<String> kept(String reasoning) {
        String inner = reasoning.replace(OPEN, "").replace(CLOSE, "").strip();
        return inner.isEmpty() ? Optional.empty() : Optional.of(inner);
    }
}
