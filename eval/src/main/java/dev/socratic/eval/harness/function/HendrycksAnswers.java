package dev.socratic.eval.harness.function;

import dev.socratic.core.python.PythonStrings;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// `is_equiv` of Hendrycks' MATH: texts that are equal once both are normalised. Where a text cannot be, such as
/// `\frac1` or `1/x`, both are compared as they are.
final class HendrycksAnswers {
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern INT = Pattern.compile("[+-]?\\p{Nd}+(_\\p{Nd}+)*");

    private HendrycksAnswers() {}

    static boolean equal(String written, String gold) {
        Optional<String> a = normalised(written);
        Optional<String> b = normalised(gold);
        return a.isPresent() && b.isPresent() ? a.equals(b) : written.equals(gold);
    }

    /// @return nothing where theirs raises
    private static Optional<String> normalised(String given) {
        String text = given.replace("\n", "").replace("\\!", "").replace("\\\\", "\\").replace("tfrac", "frac")
                .replace("dfrac", "frac").replace("\\left", "").replace("\\right", "").replace("^{\\circ}", "")
                .replace("^\\circ", "").replace("\\$", "");
        List<String> units = PythonStrings.split(text, "\\text{ ");
        if (units.size() > 2) {
            return Optional.empty();
        }
        text = units.getFirst().replace("\\%", "").replace(" .", " 0.").replace("{.", "{0.");
        if (text.isEmpty()) {
            return Optional.of(text);
        }
        text = text.charAt(0) == '.' ? "0" + text : text;
        List<String> sides = PythonStrings.split(text, "=");
        if (sides.size() == 2 && sides.getFirst().codePointCount(0, sides.getFirst().length()) <= 2) {
            text = sides.getLast();
        }
        return roots(text).map(one -> one.replace(" ", "")).flatMap(HendrycksAnswers::fractions)
                .map(one -> one.equals("0.5") ? "\\frac{1}{2}" : one).flatMap(HendrycksAnswers::quotient);
    }

    /// `\sqrt3` is `\sqrt{3}`.
    private static Optional<String> roots(String text) {
        List<String> parts = PythonStrings.split(text, "\\sqrt");
        StringBuilder out = new StringBuilder(parts.getFirst());
        for (String part : parts.subList(1, parts.size())) {
            Optional<String> first = PythonStrings.first(part);
            if (first.isEmpty()) {
                return Optional.empty();
            }
            out.append(part.startsWith("{") ? "\\sqrt" + part
                    : "\\sqrt{" + first.get() + "}" + part.substring(first.get().length()));
        }
        return Optional.of(out.toString());
    }

    /// `\frac12` is `\frac{1}{2}`, `\frac1{72}` is `\frac{1}{72}`.
    private static Optional<String> fractions(String text) {
        List<String> parts = PythonStrings.split(text, "\\frac");
        StringBuilder out = new StringBuilder(parts.getFirst());
        for (String part : parts.subList(1, parts.size())) {
            out.append("\\frac");
            Optional<String> a = PythonStrings.first(part);
            if (a.isEmpty()) {
                return Optional.empty();
            }
            if (part.startsWith("{")) {
                out.append(part);
                continue;
            }
            String rest = part.substring(a.get().length());
            Optional<String> b = PythonStrings.first(rest);
            if (b.isEmpty()) {
                return Optional.of(text);
            }
            out.append('{').append(a.get()).append('}').append(b.get().equals("{") ? rest
                    : "{" + b.get() + "}" + rest.substring(b.get().length()));
        }
        return Optional.of(out.toString());
    }

    /// `1/2` of whole numbers is `\frac{1}{2}`.
    private static Optional<String> quotient(String text) {
        List<String> parts = PythonStrings.split(text, "/");
        if (parts.size() != 2) {
            return Optional.of(text);
        }
        for (String part : parts) {
            if (!INT.matcher(PythonStrings.strip(part)).matches()) {
                return Optional.empty();
            }
        }
        boolean plain = parts.stream().allMatch(part -> WHOLE.matcher(part).matches() && !part.equals("-0"));
        return Optional.of(plain ? "\\frac{" + parts.getFirst() + "}{" + parts.getLast() + "}" : text);
    }
}
