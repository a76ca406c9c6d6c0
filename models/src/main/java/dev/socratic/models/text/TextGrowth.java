package dev.socratic.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// How much longer the replacements of a `tokenizer.json` make a text. A few that feed each other (`a` is `aa`, thirty
/// times) make a gigabyte of a letter, and the native side never comes back.
///
/// Found by trial: the texts that are replaced and those they are replaced by, each repeated, go through all steps in
/// their order. A regular expression counts as if it matched every single character.
final class TextGrowth {
    /// What no tokenizer in use comes near: marks for blanks make 3 bytes of one, the widest compatibility form is 18
    /// characters.
    static final double MOST = 1_000;
    private static final int PROBE = 64;

    private TextGrowth() {}

    private record Step(boolean prepends, String pattern, String content) {

        /// @return how long the text becomes
        long grown(String text) {
            if (prepends) {
                return content.length() + (long) text.length();
            }
            if (pattern.isEmpty()) {
                return (long) text.length() * Math.max(1, content.length());
            }
            long times = 0;
            for (int at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + pattern.length())) {
                times++;
            }
            return text.length() + times * (content.length() - pattern.length());
        }

        String applied(String text) {
            if (prepends) {
                return content + text;
            }
            return pattern.isEmpty() ? content.isEmpty() ? text : content.repeat(text.length())
                    : text.replace(pattern, content);
        }
    }

    /// @param file a whole `tokenizer.json`
    /// @return how many times longer a text becomes at most, before it is cut into tokens or after it was put together
    ///         again; the trial ends
    ///         beyond [#MOST]
    static double of(JsonNode file) {
        return Math.max(of(steps(file.path("normalizer"), "normalizers")), of(steps(file.path("decoder"), "decoders")));
    }

    private static double of(List<Step> steps) {
        Set<String> seeds = new LinkedHashSet<>(List.of("a"));
        for (Step step : steps) {
            seeds.add(step.pattern());
            seeds.add(step.content());
        }
        seeds.removeIf(String::isEmpty);
        return seeds.stream().mapToDouble(seed -> grown(seed.repeat(Math.max(1, PROBE / seed.length())), steps)).max()
                .orElse(1);
    }

    private static double grown(String probe, List<Step> steps) {
        String text = probe;
        for (Step step : steps) {
            double factor = (double) step.grown(text) / probe.length();
            if (factor > MOST) {
                return factor;
            }
            text = step.applied(text);
        }
        return (double) text.length() / probe.length();
    }

    private static List<Step> steps(JsonNode node, String list) {
        List<Step> steps = new ArrayList<>();
        switch (node.path("type").asText()) {
            case "Sequence" -> node.path(list).forEach(part -> steps.addAll(steps(part, list)));
            case "Replace" -> {
                JsonNode pattern = node.path("pattern");
                steps.add(new Step(false, pattern.path("String").asText(), node.path("content").asText()));
            }
            case "Prepend" -> steps.add(new Step(true, "", node.path("prepend").asText()));
            default -> { } // cannot make a text much longer
        }
        return steps;
    }
}
