package dev.socratic.core.error;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One thing that is wrong, said so that it can be mended: `place: expected; got value; remedy`.
///
/// @param place    where: a path in a config (`train.objective.terms[0]`) or a file with line and column (`a.yaml:3:7`)
/// @param expected what was expected there
/// @param got      what was found, quoted where it is a value; empty when nothing was found
/// @param remedy   what to write or do instead; empty where the expectation says it already
public record Problem(String place, String expected, String got, String remedy) {
    private static final int SHOWN = 20;
    private static final Pattern PARTS = Pattern.compile("(.+?); got ([^;]*)(?:; (.*))?", Pattern.DOTALL);

    public Problem {
        Objects.requireNonNull(place);
        Objects.requireNonNull(expected);
        Objects.requireNonNull(got);
        Objects.requireNonNull(remedy);
    }

    /// What a constructor refuses, in its words `name: expected; got value; remedy`.
    ///
    /// @param around what stands before the name: `sampling.`
    public static Problem refused(String around, IllegalArgumentException refused) {
        String message = String.valueOf(refused.getMessage());
        int end = message.indexOf(": ");
        return end < 0 ? said(around, message) : said(around + message.substring(0, end), message.substring(end + 2));
    }

    /// @param words `expected; got value; remedy`
    public static Problem said(String place, String words) {
        Matcher parts = PARTS.matcher(words);
        return parts.matches()
                ? new Problem(place, parts.group(1), parts.group(2), parts.group(3) == null ? "" : parts.group(3))
                : new Problem(place, words, "", "");
    }

    /// @param many problems of one kind
    /// @return the first twenty, and how many more there are: a thousand lines about one mistake hide the others
    public static List<Problem> firstOf(List<Problem> many) {
        if (many.size() <= SHOWN) {
            return List.copyOf(many);
        }
        List<Problem> few = new ArrayList<>(many.subList(0, SHOWN - 1));
        Problem last = many.get(SHOWN - 1);
        few.add(new Problem(last.place, last.expected, last.got, "%s more like this%s".formatted(
                many.size() - SHOWN, last.remedy.isEmpty() ? "" : "; " + last.remedy)));
        return few;
    }

    /// @return the first twenty of a list, as text
    public static String few(List<?> many) {
        return many.size() <= SHOWN ? many.toString() : many.subList(0, SHOWN)
                + " and %s more".formatted(many.size() - SHOWN);
    }

    /// @return the one line a user reads, parts that are empty left out
    @Override
    public String toString() {
        return place.isEmpty() ? words() : place + ": " + words();
    }

    /// @return the same without the place
    public String words() {
        StringBuilder line = new StringBuilder(expected);
        if (!got.isEmpty()) {
            line.append("; got ").append(got);
        }
        if (!remedy.isEmpty()) {
            line.append("; ").append(remedy);
        }
        return line.toString();
    }
}
