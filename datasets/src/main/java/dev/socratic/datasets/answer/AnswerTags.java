package dev.socratic.datasets.answer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The tags of `answer-tags.txt`: `<answer>42</answer>`.
final class AnswerTags {
    private static final Map<String, String> CLOSING = new HashMap<>();
    private static final Map<String, Boolean> ONLY = new HashMap<>();
    private static final Pattern OPENING = opening();
    /// A text with more tags than this holds no answer in one.
    private static final int MOST = 1_024;

    /// What a tag holds.
    ///
    /// @param only whether such a tag holds the answer and nothing else
    record Inside(int start, int end, boolean only) {}

    private AnswerTags() {}

    private static Pattern opening() {
        boolean only = true;
        List<String> openings = new ArrayList<>();
        for (String line : DataLines.of("answer-tags.txt")) {
            if (line.startsWith("---")) {
                only = false;
                continue;
            }
            String[] sides = line.split(" \\| ");
            openings.add(sides[0]);
            CLOSING.put(sides[0], sides[1]);
            ONLY.put(sides[0], only);
        }
        return Pattern.compile(
                openings.stream().map(Pattern::quote).collect(Collectors.joining("|", "(?=[<\\[])(?:", ")")),
                        Pattern.CASE_INSENSITIVE);
    }

    /// @return what the last tag holds that holds something, one that holds only the answer before others; up to the
    /// end if it is never closed
    static Optional<Inside> in(String text) {
        Optional<Inside> last = Optional.empty();
        Matcher matcher = OPENING.matcher(text);
        Map<String, Integer> none = new HashMap<>();
        for (int tags = 0; tags < MOST && matcher.find(); tags++) {
            if (Quoting.inCodeOrQuotes(text, matcher.start(), matcher.end())
                    || Quoting.isNamed(text, matcher.start(), matcher.end())) {
                continue;
            }
            String tag = matcher.group().toLowerCase(Locale.ROOT);
            boolean only = ONLY.get(tag);
            int close = matcher.end() >= none.getOrDefault(tag, Integer.MAX_VALUE) ? -1
                    : indexOf(text, CLOSING.get(tag), matcher.end());
            if (close < 0) {
                none.putIfAbsent(tag, matcher.end());
            }
            Inside inside = new Inside(matcher.end(), close < 0 ? text.length() : close, only);
            boolean empty = inside.end() - inside.start() < 1_000 && text.substring(inside.start(), inside.end())
                    .isBlank();
            if (!empty && (only || last.map(l -> !l.only()).orElse(true)) && (close >= 0 || last.isEmpty())) {
                last = Optional.of(inside);
            }
        }
        return last;
    }

    private static int indexOf(String text, String tag, int from) {
        Matcher matcher = Pattern.compile(Pattern.quote(tag), Pattern.CASE_INSENSITIVE).matcher(text);
        return matcher.find(from) ? matcher.start() : -1;
    }
}
