package dev.socratic.datasets.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Blocks of code between lines of ``` or ~~~.
final class Fences {
    private static final Pattern LINE = Pattern.compile("(?m)^[ \\t>*-]{0,9}(```|~~~)[^`\\n]{0,40}$");
    /// A text with more of them is no text.
    private static final int MOST = 256;

    private Fences() {}

    /// @return from the beginning of an opening line to the end of a closing one; what is never closed is no block
    static List<int[]> in(String text) {
        List<int[]> blocks = new ArrayList<>();
        Matcher line = LINE.matcher(text);
        int open = -1;
        String sign = "";
        while (blocks.size() < MOST && line.find()) {
            if (open < 0) {
                open = line.start();
                sign = line.group(1);
            } else if (sign.equals(line.group(1))) {
                blocks.add(new int[] {open, line.end()});
                open = -1;
            }
        }
        return blocks;
    }
}
