package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.ReasoningMarks.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/// A model's text, cut into what it thought and what it answered. The marks are data (`reasoning-marks.txt`); `<think>`
/// stands for all of them:
///
/// - `<think>a</think>b`: reasoning a, answer b
/// - `a</think>b` (the opening mark stood in the prompt): reasoning a, answer b
/// - `<think>a</think> so <think>b</think>c`: several blocks; everything up to the last of them is reasoning, answer c
/// - `<think>a` (never closed): reasoning a, no answer; the text was cut off
/// - no mark at all: no reasoning, all of it is the answer
///
/// A mark that is only spoken of cuts nothing: in code (`` `<think>` ``, a fenced block of the answer), in quotation
/// marks, or named in a sentence ("after a <think> mark"). Tokens of a chat template at either end of the answer are no
/// part of it.
///
/// @param reasoning what stood between the marks, without them, blank ends removed; empty if there was none
/// @param answer    what follows, blank ends removed; the empty string if the reasoning was never closed
/// @param unclosed  whether a block of reasoning was opened and never closed
public record ReasoningSplit(Optional<String> reasoning, String answer, boolean unclosed) {

    public static ReasoningSplit of(String text) {
        Cut cut = cut(text);
        String answer = cut.unclosed() ? "" : text.substring(cut.answer(), ChatMarks.end(text, cut.answer())).strip();
        return new ReasoningSplit(cut.reasoning(text), answer, cut.unclosed());
    }

    /// What a student cannot learn the right form from.
    ///
    /// @return in a few words; empty if there are no marks at all, or one block at the start and an answer behind it
    public static Optional<String> wrongMarks(String text) {
        Cut cut = cut(text);
        if (cut.unclosed()) {
            return Optional.of("an opening mark without a closing one");
        }
        if (cut.blocks().isEmpty()) {
            return Optional.empty();
        }
        Block first = cut.blocks().getFirst();
        if (first.open() < 0) {
            return Optional.of("a closing mark without an opening one");
        }
        if (!ChatMarks.without(text.substring(0, first.open())).isBlank()) {
            return Optional.of("text before the opening mark");
        }
        if (cut.blocks().size() > 1) {
            return Optional.of("more than one pair of marks");
        }
        return text.substring(cut.answer()).isBlank() ? Optional.of("nothing after the closing mark")
                : Optional.empty();
    }

    /// One block of reasoning.
    ///
    /// @param open where its opening mark begins; -1 if that stood in the prompt
    /// @param end  behind its closing mark
    private record Block(int open, int end) {}

    /// @param answer   where the answer begins; the end of the text if reasoning was never closed
    /// @param unclosed whether it was not
    /// @param blocks   the blocks of reasoning
    /// @param marks    the marks that are none of the answer's words
    record Cut(int answer, boolean unclosed, List<Block> blocks, List<int[]> marks) {
        Optional<String> reasoning(String text) {
            StringBuilder inner = new StringBuilder();
            int at = 0;
            for (int[] mark : marks) {
                if (mark[0] >= at && mark[1] <= answer) {
                    inner.append(text, at, mark[0]);
                    at = mark[1];
                }
            }
            String kept = ChatMarks.without(
                    inner.append(text, at, unclosed ? text.length() : Math.max(at, blocksEnd())).toString()).strip();
            return kept.isEmpty() || blocks.isEmpty() && !unclosed ? Optional.empty() : Optional.of(kept);
        }

        private int blocksEnd() {
            return blocks.isEmpty() ? 0 : blocks.getLast().end();
        }
    }

    static Cut cut(String text) {
        return atStart(text).orElseGet(() -> new Scan(text).cut());
    }

    /// Conventions without special marks, which count at the start of a text only.
    private static Optional<Cut> atStart(String text) {
        int from = ChatMarks.start(text, 0);
        for (ReasoningMarks.Start start : ReasoningMarks.standard().starts()) {
            Matcher opening = start.opening().matcher(text).region(from, text.length());
            if (opening.lookingAt()) {
                int close = text.lastIndexOf(start.closing());
                if (close >= opening.end()) {
                    int end = close + start.closing().length();
                    List<int[]> marks = List.of(new int[] {from, opening.end()}, new int[] {close, end});
                    return Optional.of(new Cut(ChatMarks.start(text, end), false, List.of(new Block(from, end)),
                            marks));
                }
                if (!start.onlyClosed() && ReasoningMarks.standard().starts().stream()
                        .noneMatch(other -> other.opening().pattern().equals(start.opening().pattern())
                                && text.contains(other.closing()))) {
                    return Optional.of(new Cut(text.length(), true, List.of(),
                            List.of(new int[] {from, opening.end()})));
                }
            }
        }
        return Optional.empty();
    }

    /// One pass over the marks of a text.
    private static final class Scan {
        private final String text;
        private final List<Mark> marks;
        private final List<int[]> fences;
        /// What is known of each mark: 0 nothing yet, 1 no, 2 yes.
        private final byte[] quoted;
        private final byte[] named;
        private final List<Block> blocks = new ArrayList<>();
        private final List<int[]> used = new ArrayList<>();

        Scan(String text) {
            this.text = text;
            this.marks = ReasoningMarks.standard().in(text);
            this.quoted = new byte[marks.size()];
            this.named = new byte[marks.size()];
            this.fences = marks.isEmpty() ? List.of() : Fences.in(text);
        }

        Cut cut() {
            int answer = 0;
            int i = 0;
            while (i < marks.size()) {
                Mark mark = marks.get(i);
                if (isQuoted(i, answer)) {
                    // "<think> and </think>": the second is as quoted as the first.
                    boolean both = i + 1 < marks.size() && Quoting.joined(text, mark.end(), marks.get(i + 1).start());
                    i += both && !mark.opens().isEmpty() ? 2 : 1;
                } else if (mark.opens().isEmpty()) {
                    answer = block(-1, mark);
                    i++;
                } else {
                    int close = closing(i);
                    if (close >= 0) {
                        for (Mark inner : marks.subList(i, close)) {
                            used.add(new int[] {inner.start(), inner.end()});
                        }
                        answer = block(mark.start(), marks.get(close));
                        i = close + 1;
                    } else if (Quoting.isWord(text, mark.start(), mark.end())) {
                        i++;
                    } else {
                        for (Mark inner : marks.subList(i, marks.size())) {
                            used.add(new int[] {inner.start(), inner.end()});
                        }
                        return new Cut(text.length(), true, blocks, used);
                    }
                }
            }
            return new Cut(ChatMarks.start(text, answer), false, blocks, used);
        }

        private int block(int open, Mark close) {
            used.add(new int[] {close.start(), close.end()});
            blocks.add(new Block(open, close.end()));
            return close.end();
        }

        /// The first closing mark of the same kind that is not spoken of; else, as every block ends, the last one that
        /// only seems to be.
        private int closing(int opening) {
            int seeming = -1;
            for (int i = opening + 1; i < marks.size(); i++) {
                Mark mark = marks.get(i);
                if (mark.closes(marks.get(opening)) && !inCodeOrQuotes(i)) {
                    if (!isNamed(i)) {
                        return i;
                    }
                    seeming = i;
                }
            }
            return seeming;
        }

        /// @param answer where the answer begins as far as is known; a fence that opened before is part of the
        ///               reasoning
        private boolean isQuoted(int i, int answer) {
            Mark mark = marks.get(i);
            return inCodeOrQuotes(i) || isNamed(i)
                    || fences.stream().anyMatch(f -> f[0] >= answer && f[0] > 0 && f[0] < mark.start()
                            && mark.end() < f[1]);
        }

        private boolean inCodeOrQuotes(int i) {
            if (quoted[i] == 0) {
                quoted[i] = (byte) (Quoting.inCodeOrQuotes(text, marks.get(i).start(), marks.get(i).end()) ? 2 : 1);
            }
            return quoted[i] == 2;
        }

        private boolean isNamed(int i) {
            if (named[i] == 0) {
                named[i] = (byte) (Quoting.isNamed(text, marks.get(i).start(), marks.get(i).end()) ? 2 : 1);
            }
            return named[i] == 2;
        }
    }
}
