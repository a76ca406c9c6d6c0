package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.answer.AnswerExtractor.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `\boxed{...}` in a text.
final class Boxes {
    private static final Pattern BOX = Pattern.compile("\\\\+(?:f?box(?:ed)?|framebox)[ ]{0,9}\\{");
    private static final Pattern JOINT = Pattern.compile("(?:\\\\q?quad|\\\\[a-zA-Z]+|[^\\p{L}]|\\p{L}+)");
    private static final Pattern AND =
            Pattern.compile("(?i)(?<!\\p{L})(?:and|or|und|oder|et|ou|y|o|e|i|\u0438|\u0438\u043b\u0438)(?!\\p{L})"
            + "|[\u548c\u4e0e\u6216\u3068]");
    /// Words of a calculation that goes on: the later box takes the place of the earlier one.
    private static final Pattern NEXT = Pattern.compile(
            "(?i)(?<!\\p{L})(?:then|so|gets?|gives?|got|thus|hence|therefore|finally|we|which|not|no|instead|dann"
                    + "|also|donc|luego|entonces)(?!\\p{L})");
    private static final int MOST_JOINED = 16;

    private Boxes() {}

    /// The last `\boxed{...}`, with the boxes before it that belong to it: `\boxed{1} and \boxed{-2}` are one list.
    static Optional<Extracted> last(String text, int from, int to) {
        List<int[]> boxes = new ArrayList<>();
        Matcher matcher = BOX.matcher(text).region(from, to);
        while (matcher.find()) {
            int end = closing(text, matcher.end(), to);
            // "Put it into \\boxed{}." is no answer.
            if (!text.substring(matcher.end(), Math.min(end, matcher.end() + 200)).isBlank()) {
                boxes.add(new int[] {matcher.start(), matcher.end(), end});
            }
            matcher.region(Math.min(to, end), to);
        }
        if (boxes.isEmpty()) {
            return Optional.empty();
        }
        int first = boxes.size() - 1;
        while (first > 0
                && boxes.size() - first < MOST_JOINED
                && joins(text.substring(Math.min(boxes.get(first)[0], boxes.get(first - 1)[2] + 1),
                        boxes.get(first)[0]))) {
            first--;
        }
        List<String> contents = boxes.subList(first, boxes.size()).stream()
                .map(b -> text.substring(b[1], b[2]).strip()).toList();
        return Optional.of(new Extracted(
                String.join(", ", contents), Rule.BOXED, boxes.get(first)[0], Math.min(to, boxes.getLast()[2] + 1)));
    }

    /// @return where the brace closes; the end of the text if it never does
    private static int closing(String text, int start, int to) {
        int depth = 1;
        for (int i = start; i < to; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i;
            }
        }
        return to;
    }

    /// Two boxes belong together if on one line no more than two words stand between them, or six with "and" among
    /// them.
    private static boolean joins(String gap) {
        if (gap.length() > 80 || gap.contains(".") || gap.strip().contains("\n")) {
            return false;
        }
        String plain = gap.replaceAll("\\\\(?:text|mbox|mathrm)", " ");
        Matcher piece = JOINT.matcher(plain);
        int words = 0;
        while (piece.find()) {
            words += Character.isLetter(piece.group().charAt(0)) ? 1 : 0;
        }
        return words <= 2 || words <= 6 && AND.matcher(plain).find() && !NEXT.matcher(plain).find();
    }
}
