package dev.socratic.datasets.format;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What readers said of the rows they met, summed up for a terminal: few lines, however many rows and reasons.
final class Complaints {
    private static final int KINDS = 3;
    private static final int REASONS = 200;
    private static final int NAMES = 12;
    private static final int LONGEST = 300;

    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final Set<String> unread = new LinkedHashSet<>();
    private long bad;
    private long partly;

    /// Rows refused for one reason, what was there in its place aside.
    private record Kind(long rows, BadRow first) {}

    void bad(BadRow row) {
        bad++;
        String kind = row.reason().replaceFirst("; got .*", "").replaceAll("\\[\\d+]", "[]");
        if (kinds.containsKey(kind) || kinds.size() < REASONS) {
            kinds.merge(kind, new Kind(1, row), (old, more) -> new Kind(old.rows() + 1, old.first()));
        }
    }

    void unread(Collection<String> fields) {
        partly++;
        fields.stream().filter(name -> unread.size() <= NAMES).forEach(unread::add);
    }

    /// @param where what to add about the place of all of them; may be empty
    List<String> lines(String where) {
        List<String> lines = new ArrayList<>();
        List<Kind> most = kinds.values().stream().sorted((a, b) -> Long.compare(b.rows(), a.rows())).limit(KINDS)
                .toList();
        long told = 0;
        for (Kind kind : most) {
            BadRow first = kind.first();
            lines.add(plain("%s could not be read, such as %s:%s: %s".formatted(
                    rows(kind.rows()), first.file(), first.line(), first.reason())));
            told += kind.rows();
        }
        if (bad > told) {
            lines.add("%s more could not be read for other reasons".formatted(rows(bad - told)));
        }
        if (bad > 0 && !where.isEmpty()) {
            lines.set(lines.size() - 1, lines.getLast() + where);
        }
        if (partly > 0) {
            String names = String.join(", ", unread.stream().limit(NAMES).toList())
                    + (unread.size() > NAMES ? ", ..." : "");
            lines.add(plain("%s %s fields that are not read: %s".formatted(
                    rows(partly), partly == 1 ? "has" : "have", names)));
        }
        return lines;
    }

    private static String rows(long count) {
        return count == 1 ? "1 row" : count + " rows";
    }

    /// Data may hold what a terminal would take for a command.
    private static String plain(String line) {
        String text = line.replaceAll("\\p{Cntrl}", "?");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
