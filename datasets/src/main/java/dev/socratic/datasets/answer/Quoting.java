package dev.socratic.datasets.answer;

import java.util.regex.Pattern;

/// Whether a mark in a text is one that the text only speaks of: in code, in quotation marks, or named in a sentence.
///
/// Looks at no more than [#WINDOW] characters to either side, so that any number of marks takes linear time.
final class Quoting {
    private static final int WINDOW = 200;
    /// Room for the longest of the words before a named mark.
    private static final int NAME = 16;
    private static final String PAIRS = "\"\"''\u201c\u201d\u201e\u201c\u2018\u2019\u00ab\u00bb\u300c\u300d()";
    /// "after a `<think>` mark", "between `<think>` and `</think>`".
    private static final Pattern NAMING =
            Pattern.compile("(?i)(?:^|[^\\p{L}])(?:an?|the|this|that|these|those|my|your|marks?|tags?|tokens?"
            + "|between|inside|within"
            + "|after|before|with|without|into|under|using|uses?|used|called|named|writes?|wrote|writing|puts?|and"
                    + "|or|der|die|das|dem|den|ein|eine"
            + "|einem|zwischen|nach|vor|mit|ohne|und|les?|la|une?|entre|apr\u00e8s|avant|avec|et|el|los|las|una"
                    + "|despu\u00e9s|antes|con|y"
            + "|\u6807\u8bb0|\u6807\u7b7e)[\\s,:]{1,3}$");
    private static final Pattern NOUN =
            Pattern.compile("(?i)^\\s{0,2}(?:marks?|tags?|tokens?|blocks?|elements?|sections?|markers?|delimiters?"
            + "|marken?"
            + "|balises?|etiquetas?|\u6807\u8bb0|\u6807\u7b7e|\u30bf\u30b0|\ud0dc\uadf8|\u0442\u0435\u0433)(?!\\p{L})");
    private static final Pattern JOINT =
            Pattern.compile("[\\s`\"'.,/&\u2026-]*(?:and|or|und|et|y|\u548c|\u3068)?[\\s`\"'.,/&\u2026-]*");

    private Quoting() {}

    /// @return whether the stretch stands inside `` `code` `` on its line, or right between quotation marks
    static boolean inCodeOrQuotes(String text, int start, int end) {
        String before = before(text, start);
        String after = after(text, end);
        boolean code = before.chars().filter(c -> c == '`').count() % 2 == 1 && after.indexOf('`') >= 0;
        return code || !before.isEmpty() && !after.isEmpty()
                && pairs(before.charAt(before.length() - 1), after.charAt(0));
    }

    /// @return whether the stretch is spoken of in the sentence it stands in; never at the beginning of a line
    static boolean isNamed(String text, int start, int end) {
        String before = before(text, start);
        return !before.isBlank() && (NAMING.matcher(before.substring(Math.max(0, before.length() - NAME))).find()
                || NOUN.matcher(after(text, end)).find());
    }

    /// @return whether an opening mark that is never closed reads like a word of its line: text before it, a blank or
    /// punctuation behind
    static boolean isWord(String text, int start, int end) {
        String after = after(text, end);
        return !before(text, start).isBlank() && !after.isEmpty() && " .,;:!?)".indexOf(after.charAt(0)) >= 0;
    }

    /// @return whether two marks stand in one sentence with no more than "and" between them
    static boolean joined(String text, int from, int to) {
        return to - from <= 40 && JOINT.matcher(text.substring(from, to)).matches() && text.substring(from, to)
                .indexOf('\n') < 0;
    }

    private static boolean pairs(char open, char close) {
        for (int i = 0; i < PAIRS.length(); i += 2) {
            if (PAIRS.charAt(i) == open && PAIRS.charAt(i + 1) == close) {
                return true;
            }
        }
        return false;
    }

    private static String before(String text, int at) {
        int from = Math.max(Math.max(0, at - WINDOW), text.lastIndexOf('\n', at - 1) + 1);
        return text.substring(from, at);
    }

    private static String after(String text, int at) {
        int limit = Math.min(text.length(), at + WINDOW);
        String window = text.substring(at, limit);
        int line = window.indexOf('\n');
        return line < 0 ? window : window.substring(0, line);
    }
}
