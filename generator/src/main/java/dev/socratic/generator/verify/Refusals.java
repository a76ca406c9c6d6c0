package dev.socratic.generator.verify;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the phrases with which assistants decline, in English.
///
/// Only where an answer begins: a refusal opens with its phrase, after at most an apology. Later in a text the same words are somebody's
/// speech (`"I can't help you," said the baker`) or a remark about one step. Two families of phrases:
///
/// - the writer declines: `I cannot help with`, `I'm unable to answer`, `I won't provide`, `I must decline`, where the verb says that it is
///   the task that is declined (`I can't find 7 in the list, so ...` is none);
/// - the writer says what it is: `As an AI language model, I cannot`.
final class Refusals {
    private static final String APOLOGY = "(?:(?:i(?:'|’)?m|i am|we(?:'|’)?re|we are)\\s+(?:really\\s+|very\\s+|so\\s+)?sorry|sorry|i apologi[sz]e|my apologies|unfortunately)"
            + "[^.!?\\n]{0,40}?[,.!:;]?\\s*(?:but\\s+|that\\s+|however,?\\s+)?";
    private static final String UNABLE = "(?:i|we)\\s*(?:can(?:'|’)?t|cannot|can\\s+not|won(?:'|’)?t|will\\s+not|(?:am|are|(?:'|’)m|(?:'|’)re)\\s+(?:unable|not\\s+able)\\s+to)";
    private static final String TASK = "\\s+(?:\\w+ly\\s+)?(?:help|assist|answer|provide|comply|fulfil+|respond|discuss|engage|create|generate|support|share|give\\s+you"
            + "|solve\\s+this|complete\\s+(?:this|that|your)|do\\s+(?:this|that)|offer|participate|continue\\s+with)\\b";

    private static final List<Pattern> OPENINGS = List.of(
            phrase("(?:" + APOLOGY + ")?" + UNABLE + TASK),
            phrase("(?:" + APOLOGY + ")?(?:i|we)\\s+(?:must|have\\s+to|need\\s+to)\\s+(?:respectfully\\s+)?(?:decline|refuse)\\b"),
            phrase("(?:" + APOLOGY + ")?as\\s+an?\\s+(?:ai|artificial\\s+intelligence|(?:large\\s+)?language\\s+model)\\b[^.!?\\n]{0,60}?\\bi\\s*"
                    + "(?:can(?:'|’)?t|cannot|can\\s+not|do\\s+not|don(?:'|’)?t|(?:am|(?:'|’)m)\\s+(?:unable|not\\s+able|not\\s+programmed))"));

    private Refusals() {}

    /// @param answer the text after the reasoning
    /// @return the phrase, where it begins with one
    static Optional<String> find(String answer) {
        String text = answer.stripLeading();
        for (Pattern opening : OPENINGS) {
            Matcher matcher = opening.matcher(text);
            if (matcher.lookingAt()) {
                return Optional.of(matcher.group().replaceAll("\\s+", " "));
            }
        }
        return Optional.empty();
    }

    private static Pattern phrase(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
