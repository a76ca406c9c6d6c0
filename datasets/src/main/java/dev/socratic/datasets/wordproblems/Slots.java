package dev.socratic.datasets.wordproblems;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The slots of a wording: `{word}`, `{number}`, and two ways of saying a small number, `{k times}` (twice, three
/// times) and `{k part}` (half, a third).
final class Slots {
    private static final Pattern SLOT = Pattern.compile("\\{([^{}]*)\\}");
    private static final Pattern SENTENCE_START = Pattern.compile("(^|[.?!] )([a-z])");
    private static final List<String> TIMES = List.of("twice", "three times", "four times", "five times");
    private static final List<String> PARTS = List.of("half", "a third", "a quarter", "a fifth");

    private Slots() {}

    /// One slot: what it names, and how it is to be said (empty: as it is).
    record Slot(String name, String manner) {
        static Slot of(String inside) {
            String[] parts = inside.split(" ", 2);
            return new Slot(parts[0], parts.length == 2 ? parts[1] : "");
        }

        /// @return whether the manner is known and can say every number of the range
        boolean says(int from, int to) {
            return switch (manner) {
                case "" -> true;
                case "times", "part" -> from >= 2 && to <= TIMES.size() + 1;
                case String other -> false;
            };
        }
    }

    static List<Slot> in(String wording) {
        return SLOT.matcher(wording).results().map(found -> Slot.of(found.group(1))).toList();
    }

    /// @param values every slot's value as text; [StoryReader] has made sure that there is one
    /// @return the wording with its slots filled and its sentences starting with a capital
    static String fill(String wording, Map<String, String> values) {
        String filled = SLOT.matcher(wording).replaceAll(found -> Matcher.quoteReplacement(say(found, values)));
        return SENTENCE_START.matcher(filled)
                .replaceAll(found -> found.group(1) + found.group(2).toUpperCase(Locale.ROOT));
    }

    private static String say(MatchResult found, Map<String, String> values) {
        Slot slot = Slot.of(found.group(1));
        String value = values.get(slot.name());
        return switch (slot.manner()) {
            case "times" -> TIMES.get(Integer.parseInt(value) - 2);
            case "part" -> PARTS.get(Integer.parseInt(value) - 2);
            case String asItIs -> value;
        };
    }
}
