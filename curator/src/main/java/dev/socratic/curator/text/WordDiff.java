package dev.socratic.curator.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What differs between two texts, word by word (Myers 1986, by java-diff-utils).
public final class WordDiff {
    private static final Pattern TOKEN = Pattern.compile("\\s+|\\S+");
    private static final int CONTEXT = 4; // tokens, blanks among them
    private static final int LONGEST = 200;
    /// Tokens above which the middle that differs is one change: the work grows with tokens times changes.
    private static final int MOST_TOKENS = 4_000;

    private WordDiff() {}

    /// A place that changed, a few words around it on both sides.
    ///
    /// @param before as it was
    /// @param after  as it is
    public record Change(String before, String after) {}

    /// @return the changes in order, places that touch each other as one
    public static List<Change> of(String before, String after) {
        List<String> old = tokens(before);
        List<String> now = tokens(after);
        int head = 0;
        while (head < Math.min(old.size(), now.size()) && old.get(head).equals(now.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(old.size(), now.size()) - head
                && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
            tail++;
        }
        List<String> oldMiddle = old.subList(head, old.size() - tail);
        List<String> nowMiddle = now.subList(head, now.size() - tail);
        List<int[]> spans = new ArrayList<>(); // from and to in the old, from and to in the new text
        if (oldMiddle.isEmpty() && nowMiddle.isEmpty()) {
            return List.of();
        }
        if (oldMiddle.size() + nowMiddle.size() > MOST_TOKENS) {
            spans.add(new int[] {head, old.size() - tail, head, now.size() - tail});
        } else {
            for (AbstractDelta<String> delta : DiffUtils.diff(oldMiddle, nowMiddle).getDeltas()) {
                int from = head + delta.getSource().getPosition();
                int into = head + delta.getTarget().getPosition();
                int to = from + delta.getSource().size();
                if (!spans.isEmpty() && from - spans.getLast()[1] <= CONTEXT) {
                    spans.getLast()[1] = to;
                    spans.getLast()[3] = into + delta.getTarget().size();
                } else {
                    spans.add(new int[] {from, to, into, into + delta.getTarget().size()});
                }
            }
        }
        return spans.stream().map(span -> new Change(around(old, span[0], span[1]), around(now, span[2], span[3])))
                .toList();
    }

    /// @param changed texts as they were and as they are
    /// @param most    changes that are told
    /// @return `[{before, after}]`, each cut to 200 characters
    public static ArrayNode json(Map<String, String> changed, int most) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        changed.entrySet().stream().flatMap(text -> of(text.getKey(), text.getValue()).stream()).distinct().limit(most)
                .forEach(change -> all.addObject().put("before", cut(change.before()))
                        .put("after", cut(change.after())));
        return all;
    }

    /// A run of words.
    public record Part(Kind kind, String text) {
        /// Whether both texts have it, or the first or the second only.
        public enum Kind { SAME, GONE, CAME }
    }

    /// @return both texts as one
    public static List<Part> parts(String before, String after) {
        List<String> old = tokens(before);
        List<Part> parts = new ArrayList<>();
        int at = 0;
        for (AbstractDelta<String> delta : DiffUtils.diff(old, tokens(after)).getDeltas()) {
            add(parts, Part.Kind.SAME, old.subList(at, delta.getSource().getPosition()));
            add(parts, Part.Kind.GONE, delta.getSource().getLines());
            add(parts, Part.Kind.CAME, delta.getTarget().getLines());
            at = delta.getSource().getPosition() + delta.getSource().size();
        }
        add(parts, Part.Kind.SAME, old.subList(at, old.size()));
        return parts;
    }

    /// @return the words of one change with what went as `[-...-]` and what came as `{+...+}`, as `git diff
    ///         --word-diff` has it
    public static String marked(String before, String after) {
        return parts(before, after).stream().map(part -> switch (part.kind()) {
            case SAME -> part.text();
            case GONE -> "[-" + part.text() + "-]";
            case CAME -> "{+" + part.text() + "+}";
        }).collect(Collectors.joining());
    }

    private static void add(List<Part> parts, Part.Kind kind, List<String> tokens) {
        if (!tokens.isEmpty()) {
            parts.add(new Part(kind, String.join("", tokens)));
        }
    }

    private static String around(List<String> tokens, int from, int to) {
        return String.join("", tokens.subList(Math.max(0, from - CONTEXT), Math.min(tokens.size(), to + CONTEXT)));
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            tokens.add(token.group());
        }
        return tokens;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, LONGEST))) + "...";
    }
}
