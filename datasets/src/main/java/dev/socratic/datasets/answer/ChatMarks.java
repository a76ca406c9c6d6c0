package dev.socratic.datasets.answer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The tokens of `chat-marks.txt`, with which chat templates end a turn and begin the next.
final class ChatMarks {
    private static final Pattern ANY = Pattern.compile(
            DataLines.of("chat-marks.txt").stream().map(Pattern::quote)
                    .collect(Collectors.joining("|", "(?=[<\\[])(?:", ")(?:assistant\\b)?")));

    private ChatMarks() {}

    /// @return the text without tokens of a template
    static String without(String text) {
        return ANY.matcher(text).replaceAll("");
    }

    /// @return where an answer begins: behind blanks and the tokens that open its turn
    static int start(String text, int from) {
        int at = from;
        Matcher mark = ANY.matcher(text);
        while (true) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (!mark.region(at, text.length()).lookingAt()) {
                return at;
            }
            at = mark.end();
        }
    }

    /// @return where the turn ends that begins at `from`: before the first token that is not merely quoted
    static int end(String text, int from) {
        Matcher mark = ANY.matcher(text).region(from, text.length());
        while (mark.find()) {
            if (!Quoting.inCodeOrQuotes(text, mark.start(), mark.end())
                    && !Quoting.isNamed(text, mark.start(), mark.end())) {
                return mark.start();
            }
        }
        return text.length();
    }
}
