package dev.socratic.generator.strategy;

import dev.socratic.core.text.FinishReason;
import dev.socratic.datasets.verify.Refusals;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What models write where a question alone was asked for.
final class Written {
    private static final Pattern LABEL =
            Pattern.compile("(?is)^\\W*(?:the |a |here is the |here is a )?(?:new |rewritten |rephrased )?"
                    + "(?:problem|question|prompt|request|instruction)\\W{0,4}:\\s*");
    private static final Pattern SCORE = Pattern.compile("(?i)score\\W{0,5}(\\d{1,2})");
    private static final Pattern DIGIT = Pattern.compile("\\b([1-9]|10)\\b");

    private Written() {}

    /// @return the text without a label before it and quotes around it
    static String question(String text) {
        String bare = LABEL.matcher(text.strip()).replaceFirst("").strip();
        boolean quoted = bare.length() > 1 && "\"\u201c".indexOf(bare.charAt(0)) >= 0
                && "\"\u201d".indexOf(bare.charAt(bare.length() - 1)) >= 0;
        return quoted ? bare.substring(1, bare.length() - 1).strip() : bare;
    }

    /// @return why the text is no question to go on with
    static Optional<Result> fault(Reply reply, String text) {
        if (reply.completion().finish() == FinishReason.LENGTH) {
            return Optional.of(new Result.Dropped("truncated", "stopped at %s tokens"
                    .formatted(reply.query().parameters().maxTokens())));
        }
        if (text.chars().noneMatch(Character::isLetterOrDigit)) {
            return Optional.of(new Result.Dropped("empty", "nothing was written"));
        }
        return Refusals.find(text).map(phrase -> new Result.Dropped("refusal", "begins with \"%s\""
                .formatted(phrase)));
    }

    /// @return the number behind the last "Score:", or the only number from 1 to 10 of the text
    static Optional<Integer> score(String text) {
        Optional<String> named = SCORE.matcher(text).results().map(found -> found.group(1)).reduce((a, b) -> b);
        Matcher digits = DIGIT.matcher(text);
        Optional<String> only = digits.find() ? Optional.of(digits.group(1)).filter(first -> !digits.find())
                : Optional.empty();
        return named.or(() -> only).map(Integer::valueOf);
    }
}
