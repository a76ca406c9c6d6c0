package dev.socratic.curator.filter;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what belongs to a prompt in what the assistant says: tokens of a chat template, headings of an instruction
/// format, the system message, the next question that a base model asks itself. What the question itself speaks of is
/// no leak.
final class PromptLeaks {
    private static final int SYSTEM_WORDS = 12;

    /// The marks of the usual chat templates: `<|im_end|>`, `<|user|>`, `[INST]`, `<start_of_turn>`, `</s>`.
    private static final Pattern TEMPLATE_TOKEN = Pattern.compile(
            "<\\|[a-zA-Z0-9_ ]{1,40}\\|>|<\uFF5C[^<>\uFF5C]{1,40}\uFF5C>|\\[/?INST]|<</?SYS>>|<(?:start|end)_of_turn>"
                    + "|</?s>(?=\\s|$)|<(?:bos|eos)>");

    /// Headings of instruction formats and roles at the beginning of a line.
    private static final Pattern HEADING = Pattern.compile(
            "(?im)^[ \\t]{0,3}(?:#{2,4}[ \\t]?(?:instructions?|response|input|human|assistant|user|system)[ "
                    + "\\t]{0,3}:?[ \\t]*$"
                    + "|#{2,4}[ \\t]?(?:instructions?|response|human|assistant|user|system)[ \\t]{0,3}:"
                    + "|below is an instruction that describes a task"
                    + "|(?:system prompt|system message|system)[ \\t]{0,3}:)");

    /// A turn of somebody else after the answer's first line.
    private static final Pattern NEXT_TURN =
            Pattern.compile("(?m)\\n[ \\t]{0,3}(?:\\*\\*)?(?:Human|User|USER|HUMAN|Student|Question|Q)(?:\\*\\*)?[ "
                    + "\\t]?:(?:\\*\\*)?[ \\t]*\\S");

    /// The assistant tells its own instructions.
    private static final Pattern INSTRUCTIONS = Pattern.compile("(?i)\\byou are (?:an? |[\\w-]{1,30}, an? )"
            + "[\\w, -]{0,40}\\b(?:assistant|ai|language model|chatbot|tutor)\\b"
            + "|\\b(?:my|the) (?:system prompt|system message|initial instructions|instructions) (?:is|are|says?"
                    + "|tells?|states?)\\b"
            + "|\\b(?:i was|i am|i have been|i've been) (?:instructed|told|prompted) to\\b");

    private PromptLeaks() {}

    /// @param reason `template_token` or `prompt_leak`
    /// @param what   names the finding in the evidence
    record Leak(String reason, String what, String found) {}

    static Optional<Leak> find(Candidate row) {
        String asked = String.join("\n", row.exchange().messages().stream()
                .filter(message -> message.role().equals(ChatMessage.USER)).map(ChatMessage::content).toList());
        for (String turn : row.turns()) {
            Optional<Leak> token = turn.indexOf('<') < 0 && turn.indexOf('[') < 0
                    ? Optional.empty()
                    : first(TEMPLATE_TOKEN, turn, asked, "template_token", "token");
            Optional<Leak> leak = token
                    .or(() -> row.isText() ? Optional.empty() : spoken(turn, asked))
                    .or(() -> system(row, turn));
            if (leak.isPresent()) {
                return leak;
            }
        }
        return Optional.empty();
    }

    /// The patterns are asked only where one of their words is there.
    private static Optional<Leak> spoken(String turn, String asked) {
        String lower = turn.toLowerCase(Locale.ROOT);
        Optional<Leak> heading = lower.contains("##") || lower.contains("system") || lower.contains("below is an")
                ? first(HEADING, turn, asked, "prompt_leak", "heading")
                : Optional.empty();
        return heading
                .or(() -> lower.indexOf('\n') < 0 || lower.indexOf(':') < 0
                        ? Optional.empty()
                        : first(NEXT_TURN, turn, asked, "prompt_leak", "next_turn"))
                .or(() -> lower.contains("you are ") || lower.contains("instruct") || lower.contains("prompt")
                        || lower.contains("told to")
                                || lower.contains("system message")
                        ? first(INSTRUCTIONS, turn, asked, "prompt_leak", "instructions")
                        : Optional.empty());
    }

    private static Optional<Leak> first(Pattern pattern, String turn, String asked, String reason, String what) {
        Matcher found = pattern.matcher(turn);
        return found.find() && !asked.contains(found.group().strip())
                ? Optional.of(new Leak(reason, what, found.group().strip()))
                : Optional.empty();
    }

    /// A run of words of the system message in the answer, which the user did not say.
    private static Optional<Leak> system(Candidate row, String turn) {
        List<ChatMessage> messages = row.exchange().messages();
        if (messages.isEmpty() || !messages.getFirst().role().equals(ChatMessage.SYSTEM)) {
            return Optional.empty();
        }
        List<String> system = Words.of(messages.getFirst().content());
        if (system.size() < SYSTEM_WORDS) {
            return Optional.empty();
        }
        Shingles runs = Shingles.of(Words.of(turn), SYSTEM_WORDS);
        for (int from = 0; from + SYSTEM_WORDS <= system.size(); from++) {
            List<String> run = system.subList(from, from + SYSTEM_WORDS);
            if (Shingles.of(run, SYSTEM_WORDS).common(runs) > 0) {
                return Optional.of(new Leak("prompt_leak", "system_message", String.join(" ", run)));
            }
        }
        return Optional.empty();
    }
}
