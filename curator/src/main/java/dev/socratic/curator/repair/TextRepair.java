package dev.socratic.curator.repair;

import dev.socratic.curator.config.StepConfig.Repair;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Repairs a text, kind by kind, until nothing more is to be done: letters decoded wrongly ([MojibakeRepair]), line
/// ends, remnants of web pages ([HtmlText]), characters nobody sees ([HiddenCharacters]), the form of Unicode.
///
/// Two laws: a text in which nothing is wrong comes back as it was, and a repaired text is one in which nothing is
/// wrong.
public final class TextRepair {
    private static final Pattern LINE_END = Pattern.compile("\r\n?|[\u0085\u2028]");
    /// References are escaped twice or three times by careless exports, and each time is undone.
    private static final int MOST_TIMES = 8;

    private final Map<String, UnaryOperator<String>> kinds = new LinkedHashMap<>();

    public TextRepair(Repair config) {
        if (config.mojibake()) {
            kinds.put("mojibake", MojibakeRepair::repaired);
        }
        if (config.lineEnds()) {
            kinds.put("line_ends", TextRepair::lineEnds);
        }
        if (config.html()) {
            kinds.put("html", HtmlText::plain);
        }
        if (config.hidden()) {
            kinds.put("hidden", HiddenCharacters::removed);
        }
        switch (config.form()) {
            case NONE -> {}
            case NFC -> kinds.put("form", text -> normalised(text, Normalizer.Form.NFC));
            case NFKC -> kinds.put("form", text -> normalised(text, Normalizer.Form.NFKC));
        }
    }

    /// @param text  as it is now
    /// @param kinds what was repaired, and how often a kind changed the text
    public record Repaired(String text, Map<String, Integer> kinds) {}

    public Repaired of(String text) {
        Map<String, Integer> done = new LinkedHashMap<>();
        String now = text;
        for (int i = 0; i < MOST_TIMES; i++) {
            String before = now;
            for (Map.Entry<String, UnaryOperator<String>> kind : kinds.entrySet()) {
                String after = kind.getValue().apply(now);
                if (!after.equals(now)) {
                    done.merge(kind.getKey(), 1, Integer::sum);
                    now = after;
                }
            }
            if (before.equals(now)) {
                break;
            }
        }
        return new Repaired(now, done);
    }

    private static String lineEnds(String text) {
        if (text.indexOf('\r') < 0 && text.indexOf('\u0085') < 0 && text.indexOf('\u2028') < 0
                && text.indexOf('\u2029') < 0) {
            return text;
        }
        return LINE_END.matcher(text).replaceAll("\n").replace("\u2029", "\n\n");
    }

    private static String normalised(String text, Normalizer.Form form) {
        return Normalizer.isNormalized(text, form) ? text : Normalizer.normalize(text, form);
    }
}
