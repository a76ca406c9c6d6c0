package dev.socratic.datasets.answer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The pairs of marks in `reasoning-marks.txt`, and where they stand in a text.
final class ReasoningMarks {
    /// Of a text with more marks than this, only the last ones are looked at.
    private static final int MOST = 4_096;

    private static final ReasoningMarks STANDARD = of(DataLines.of("reasoning-marks.txt"));

    private final List<Start> starts;
    private final Pattern any;
    private final List<Sided> wild;
    private final Map<String, Sided> literal;

    /// One mark in a text.
    ///
    /// @param opens  the pairs it opens
    /// @param closes the pairs it closes
    record Mark(int start, int end, Set<Integer> opens, Set<Integer> closes) {
        boolean closes(Mark opening) {
            return closes.stream().anyMatch(opening.opens::contains);
        }
    }

    /// A convention that counts at the start of a text only.
    ///
    /// @param onlyClosed whether it counts only where the closing mark follows
    record Start(Pattern opening, String closing, boolean onlyClosed) {}

    /// What a spelling opens and closes.
    private record Sided(Pattern pattern, Set<Integer> opens, Set<Integer> closes) {}

    private ReasoningMarks(List<Start> starts, Pattern any, List<Sided> wild, Map<String, Sided> literal) {
        this.starts = starts;
        this.any = any;
        this.wild = wild;
        this.literal = literal;
    }

    static ReasoningMarks standard() {
        return STANDARD;
    }

    List<Start> starts() {
        return starts;
    }

    /// @return the marks in the order of the text, quoted ones included
    List<Mark> in(String text) {
        List<Mark> marks = new ArrayList<>();
        Matcher matcher = any.matcher(text);
        while (matcher.find()) {
            String found = matcher.group();
            Sided sided = literal.get(found.toLowerCase(Locale.ROOT));
            if (sided == null) {
                sided = wild.stream().filter(w -> w.pattern().matcher(found).matches()).findFirst().orElseThrow();
            }
            marks.add(new Mark(matcher.start(), matcher.end(), sided.opens(), sided.closes()));
        }
        return marks.size() <= MOST ? marks : marks.subList(marks.size() - MOST, marks.size());
    }

    private static ReasoningMarks of(List<String> lines) {
        List<String> words = lines.stream().filter(line -> line.startsWith("words:"))
                .flatMap(line -> Arrays.stream(line.substring("words:".length()).strip().split("\\s+"))).toList();
        List<Start> starts = new ArrayList<>();
        Map<String, Sided> spellings = new HashMap<>();
        int pair = 0;
        for (String line : lines) {
            if (line.startsWith("words:")) {
                continue;
            }
            String[] sides = line.split(" \\| ", 2);
            if (line.startsWith("^")) {
                boolean onlyClosed = line.startsWith("^?");
                starts.add(new Start(Pattern.compile(sides[0].strip().substring(onlyClosed ? 2 : 1)), sides[1].strip(),
                        onlyClosed));
                continue;
            }
            for (String word : sides[0].contains("*") ? words : List.of("")) {
                sided(spellings, sides[0].strip().replace("*", word)).opens().add(pair);
                sided(spellings, sides[1].strip().replace("*", word)).closes().add(pair);
                pair++;
            }
        }
        // By their first character, so that most places of a text are passed at a glance.
        String any = spellings.keySet().stream().collect(Collectors.groupingBy(s -> s.substring(0, 1))).entrySet()
                .stream()
                .map(group -> Pattern.quote(group.getKey()) + group.getValue().stream()
                        .sorted(Comparator.comparingInt(String::length).reversed()).map(s -> regex(s.substring(1)))
                        .collect(Collectors.joining("|", "(?:", ")")))
                .collect(Collectors.joining("|"));
        return new ReasoningMarks(
                List.copyOf(starts),
                Pattern.compile(any, Pattern.CASE_INSENSITIVE),
                spellings.entrySet().stream().filter(e -> e.getKey().contains("...")).map(Map.Entry::getValue).toList(),
                Map.copyOf(spellings));
    }

    private static Sided sided(Map<String, Sided> spellings, String spelling) {
        return spellings.computeIfAbsent(spelling, s -> new Sided(
                Pattern.compile(regex(s), Pattern.CASE_INSENSITIVE), new TreeSet<>(), new TreeSet<>()));
    }

    private static String regex(String spelling) {
        return Arrays.stream(spelling.split("\\.\\.\\.", -1)).map(Pattern::quote)
                .collect(Collectors.joining("[^\\n]{0,80}?"));
    }
}
