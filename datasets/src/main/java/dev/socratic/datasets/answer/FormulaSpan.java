package dev.socratic.datasets.answer;

import java.util.ArrayList;
import java.util.List;

/// A formula in a text: `$...$` and `\(...\)` on one line, `$$...$$` and `\[...\]` over lines.
///
/// Found by one pass and not by a regular expression, which would take quadratic time or a deep stack on a text made
/// for that.
///
/// @param start        where the opening sign begins
/// @param contentStart where it ends
/// @param contentEnd   where the closing sign begins
/// @param end          where it ends
record FormulaSpan(int start, int contentStart, int contentEnd, int end) {
    String content(String text) {
        return text.substring(contentStart, contentEnd).strip();
    }

    /// @return the formulas of a stretch of text, in order, none inside another
    static List<FormulaSpan> in(String text, int from, int to) {
        List<FormulaSpan> spans = new ArrayList<>();
        Scanner scanner = new Scanner(text, to);
        int at = from;
        while (at < to) {
            FormulaSpan span = scanner.at(at);
            if (span.end > at) {
                spans.add(span);
                at = span.end;
            } else {
                // An escaped sign, \$ or \\, opens nothing.
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
        }
        return spans;
    }

    /// Looks for closing signs and remembers where the next one of each kind is, so that no stretch is searched twice.
    private static final class Scanner {
        private final String text;
        private final int to;
        private final Next line = new Next("\n");
        private final Next dollar = new Next("$");
        private final Next dollars = new Next("$$");
        private final Next round = new Next("\\)");
        private final Next square = new Next("\\]");

        Scanner(String text, int to) {
            this.text = text;
            this.to = to;
        }

        /// @return the formula that begins here; an empty span if none does
        FormulaSpan at(int start) {
            if (text.startsWith("$$", start)) {
                return span(start, 2, dollars.from(start + 2), 2, false);
            }
            if (text.startsWith("$", start)) {
                int close = dollar.from(start + 1);
                while (close < to && text.charAt(close - 1) == '\\') {
                    close = dollar.from(close + 1);
                }
                return span(start, 1, close, 1, true);
            }
            if (text.startsWith("\\(", start)) {
                return span(start, 2, round.from(start + 2), 2, true);
            }
            if (text.startsWith("\\[", start)) {
                return span(start, 2, square.from(start + 2), 2, false);
            }
            return new FormulaSpan(start, start, start, start);
        }

        private FormulaSpan span(int start, int opening, int close, int closing, boolean oneLine) {
            boolean there = close + closing <= to && close > start + opening && (!oneLine || close < line.from(start));
            return there
                    ? new FormulaSpan(start, start + opening, close, close + closing)
                    : new FormulaSpan(start, start, start, start);
        }

        private final class Next {
            private final String sign;
            private int found = -1;

            Next(String sign) {
                this.sign = sign;
            }

            /// @return where the sign comes next; the end of the stretch if it does not
            int from(int start) {
                if (found < start) {
                    int next = text.indexOf(sign, start);
                    found = next < 0 || next > to ? to : next;
                }
                return found;
            }
        }
    }
}
