package dev.socratic.trainer.plan.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What a training takes, in words.
public final class MemoryText {
    private static final double GIB = 1L << 30;

    private MemoryText() {}

    /// @return `1.25 GiB`, `12.5 GiB`, `1,250 GiB`
    public static String gib(double bytes) {
        return String.format(Locale.ROOT, bytes < 10 * GIB ? "%.2f GiB" : bytes < 1000 * GIB ? "%.1f GiB" : "%,.0f GiB",
                bytes / GIB);
    }

    /// @return one line: all of it, when, and each component, the largest first
    public static String line(MemoryNeed need) {
        return "%s %s: %s".formatted(gib(need.total()), need.moment().about(), components(need));
    }

    /// @return each component, the largest first
    public static String components(MemoryNeed need) {
        return sorted(need).stream().map(entry -> entry.getKey().label() + " " + gib(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /// @return a line a component, then all of it
    public static List<String> table(MemoryNeed need) {
        List<String> lines = new ArrayList<>();
        sorted(need).forEach(entry -> lines.add(String.format(Locale.ROOT, "%12s  %-12s %s", gib(entry.getValue()),
                entry.getKey().label(), entry.getKey().about())));
        lines.add(String.format(Locale.ROOT, "%12s  %-12s %s", gib(need.total()), "in all", need.moment().about()));
        return lines;
    }

    private static List<Map.Entry<Component, Long>> sorted(MemoryNeed need) {
        return need.bytes().entrySet().stream().sorted(Map.Entry.<Component, Long>comparingByValue().reversed())
                .toList();
    }
}
