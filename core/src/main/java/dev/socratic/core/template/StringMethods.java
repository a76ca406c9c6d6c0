package dev.socratic.core.template;

import dev.socratic.core.template.Values.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/// The methods of Python's `str` that templates call. Lengths and places count code points.
final class StringMethods {
    static final Set<String> NAMES = Set.of(
            "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "startswith", "endswith", "replace", "upper",
            "lower", "title",
            "capitalize", "join", "find", "rfind", "index", "count", "format", "isdigit", "isalpha", "isalnum",
            "isspace", "isupper",
            "islower", "removeprefix", "removesuffix", "partition", "rpartition", "zfill", "ljust", "rjust", "center");

    private StringMethods() {}

    static Object call(String text, String name, Arguments arguments, RenderBudget budget) {
        budget.text(text.length());
        return switch (name) {
            case "strip" -> strip(text, name, arguments, true, true);
            case "lstrip" -> strip(text, name, arguments, true, false);
            case "rstrip" -> strip(text, name, arguments, false, true);
            case "split" -> split(text, name, arguments, false, budget);
            case "rsplit" -> split(text, name, arguments, true, budget);
            case "splitlines" -> lines(text, arguments);
            case "startswith" -> begins(text, name, arguments, String::startsWith);
            case "endswith" -> begins(text, name, arguments, String::endsWith);
            case "replace" -> {
                Object[] a = arguments.bind(name, List.of("old", "new", "count"), -1L);
                yield TextSearch.replace(text, string(a[0], name), string(a[1], name), Operators.whole(a[2], "count"),
                        budget);
            }
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> title(text);
            case "capitalize" -> capitalize(text);
            case "join" -> join(text, arguments.bind(name, List.of("iterable"))[0], budget);
            case "find" -> place(text, name, arguments, false, budget);
            case "rfind" -> place(text, name, arguments, true, budget);
            case "index" -> {
                long place = place(text, name, arguments, false, budget);
                if (place < 0) {
                    throw TemplateFailure.value("substring not found");
                }
                yield place;
            }
            case "count" -> count(text, string(arguments.bind(name, List.of("sub"))[0], name), budget);
            case "format" -> TextFormat.braces(text, arguments, budget);
            case "isdigit" -> every(text, Character::isDigit);
            case "isalpha" -> every(text, Character::isLetter);
            case "isalnum" -> every(text, Character::isLetterOrDigit);
            case "isspace" -> every(text, PythonText::space);
            case "isupper" -> !text.equals(text.toLowerCase(Locale.ROOT)) && text.equals(text.toUpperCase(Locale.ROOT));
            case "islower" -> !text.equals(text.toUpperCase(Locale.ROOT)) && text.equals(text.toLowerCase(Locale.ROOT));
            case "removeprefix" -> {
                String prefix = string(arguments.bind(name, List.of("prefix"))[0], name);
                yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            }
            case "removesuffix" -> {
                String suffix = string(arguments.bind(name, List.of("suffix"))[0], name);
                yield !suffix.isEmpty() && text.endsWith(suffix)
                        ? text.substring(0, text.length() - suffix.length())
                        : text;
            }
            case "partition" -> partition(text, name, arguments, false);
            case "rpartition" -> partition(text, name, arguments, true);
            case "zfill" -> zfill(text, Operators.whole(arguments.bind(name, List.of("width"))[0], "width"), budget);
            case "ljust", "rjust", "center" -> justify(text, name, arguments, budget);
            default -> throw TemplateFailure.type("no method '%s'".formatted(name));
        };
    }

    private static boolean every(String text, IntPredicate what) {
        return !text.isEmpty() && text.codePoints().allMatch(what);
    }

    static String string(Object value, String name) {
        if (value instanceof String text) {
            return text;
        }
        throw TemplateFailure.type("%s() expects a str, not %s".formatted(name, Values.type(value)));
    }

    private static String strip(String text, String name, Arguments arguments, boolean left, boolean right) {
        Object given = arguments.bind(name, List.of("chars"), Values.NONE)[0];
        Set<Integer> points = given == Values.NONE
                ? Set.of()
                : string(given, name).codePoints().boxed().collect(Collectors.toSet());
        IntPredicate gone = given == Values.NONE ? PythonText::space : points::contains;
        String stripped = right ? PythonText.rstrip(text, gone) : text;
        return left ? PythonText.lstrip(stripped, gone) : stripped;
    }

    private static List<Object> split(String text, String name, Arguments arguments, boolean fromRight,
            RenderBudget budget) {
        Object[] a = arguments.bind(name, List.of("sep", "maxsplit"), Values.NONE, -1L);
        int most = Operators.whole(a[1], "maxsplit");
        if (a[0] == Values.NONE) {
            return words(text, most, fromRight);
        }
        String separator = string(a[0], name);
        if (separator.isEmpty()) {
            throw TemplateFailure.value("empty separator");
        }
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int place = TextSearch.find(text, separator, 0, budget); place >= 0;
                place = TextSearch.find(text, separator, from, budget)) {
            if (!fromRight && most >= 0 && parts.size() >= most) {
                break;
            }
            parts.add(text.substring(from, place));
            from = place + separator.length();
        }
        parts.add(text.substring(from));
        return fromRight && most >= 0 && parts.size() > most + 1 ? joinFirst(parts, most, separator) : parts;
    }

    private static List<Object> joinFirst(List<Object> parts, int most, String separator) {
        int first = parts.size() - most;
        List<Object> kept = new ArrayList<>();
        kept.add(parts.subList(0, first).stream().map(String.class::cast).collect(Collectors.joining(separator)));
        kept.addAll(parts.subList(first, parts.size()));
        return kept;
    }

    private static List<Object> words(String text, int most, boolean fromRight) {
        if (fromRight && most >= 0) {
            throw TemplateFailure.value("rsplit() with maxsplit needs a separator here");
        }
        List<Object> words = new ArrayList<>();
        String rest = PythonText.lstrip(text);
        while (!rest.isEmpty()) {
            if (most >= 0 && words.size() >= most) {
                words.add(rest);
                break;
            }
            int end = 0;
            while (end < rest.length() && !PythonText.space(rest.codePointAt(end))) {
                end += Character.charCount(rest.codePointAt(end));
            }
            words.add(rest.substring(0, end));
            int next = end;
            while (next < rest.length() && PythonText.space(rest.codePointAt(next))) {
                next += Character.charCount(rest.codePointAt(next));
            }
            rest = rest.substring(next);
        }
        return words;
    }

    private static List<Object> lines(String text, Arguments arguments) {
        boolean keep = Values.truth(arguments.bind("splitlines", List.of("keepends"), false)[0]);
        List<Object> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char here = text.charAt(i);
            if (here >= '\n' && here <= '\r' || here >= 0x1c && here <= 0x1e || here == 0x85 || here == 0x2028
                    || here == 0x2029) {
                int end = here == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? i + 2 : i + 1;
                lines.add(text.substring(from, keep ? end : i));
                from = end;
                i = end - 1;
            }
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    private static boolean begins(String text, String name, Arguments arguments, BiPredicate<String, String> test) {
        Object what = arguments.bind(name, List.of("prefix"))[0];
        return what instanceof Tuple several
                ? several.items().stream().anyMatch(one -> test.test(text, string(one, name)))
                : test.test(text, string(what, name));
    }

    static String join(String between, Object items, RenderBudget budget) {
        StringBuilder out = new StringBuilder();
        int index = 0;
        for (Object item : Operators.items(items, budget)) {
            if (!(item instanceof String text)) {
                throw TemplateFailure.type(
                        "sequence item %s: expected str instance, %s found".formatted(index, Values.type(item)));
            }
            budget.text((long) between.length() + text.length());
            out.append(index++ > 0 ? between : "").append(text);
        }
        budget.text(out.length());
        return out.toString();
    }

    private static long place(String text, String name, Arguments arguments, boolean last, RenderBudget budget) {
        String part = string(arguments.bind(name, List.of("sub"))[0], name);
        int place = -1;
        for (int next = TextSearch.find(text, part, 0, budget); next >= 0;
                next = TextSearch.find(text, part, place + 1, budget)) {
            place = next;
            if (!last || place >= text.length()) {
                break;
            }
        }
        return place < 0 ? -1 : text.codePointCount(0, place);
    }

    private static long count(String text, String part, RenderBudget budget) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = TextSearch.find(text, part, 0, budget); at >= 0;
                at = TextSearch.find(text, part, at + part.length(), budget)) {
            count++;
        }
        return count;
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean inside = false;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int point = text.codePointAt(i);
            out.appendCodePoint(inside ? Character.toLowerCase(point) : Character.toTitleCase(point));
            inside = Character.isLetter(point);
        }
        return out.toString();
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = Character.charCount(text.codePointAt(0));
        return Character.toString(Character.toTitleCase(text.codePointAt(0))) + text.substring(first)
                .toLowerCase(Locale.ROOT);
    }

    private static Tuple partition(String text, String name, Arguments arguments, boolean last) {
        String separator = string(arguments.bind(name, List.of("sep"))[0], name);
        int place = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (place < 0) {
            return new Tuple(last ? List.of("", "", text) : List.of(text, "", ""));
        }
        return new Tuple(List.of(text.substring(0, place), separator, text.substring(place + separator.length())));
    }

    private static String zfill(String text, int width, RenderBudget budget) {
        budget.text(Math.max(width, 0));
        String fill = "0".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
        return text.startsWith("-") || text.startsWith("+") ? text.charAt(0) + fill + text.substring(1) : fill + text;
    }

    private static String justify(String text, String name, Arguments arguments, RenderBudget budget) {
        Object[] a = arguments.bind(name, List.of("width", "fillchar"), " ");
        int width = Operators.whole(a[0], "width");
        budget.text(Math.max(width, 0));
        int missing = Math.max(0, width - text.codePointCount(0, text.length()));
        int left = switch (name) {
            case "ljust" -> 0;
            case "rjust" -> missing;
            default -> missing / 2 + (missing & width & 1);
        };
        String fill = string(a[1], name);
        return fill.repeat(left) + text + fill.repeat(missing - left);
    }
}
