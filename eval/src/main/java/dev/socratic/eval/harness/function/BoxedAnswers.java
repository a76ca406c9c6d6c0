package dev.socratic.eval.harness.function;

import dev.socratic.core.python.PythonStrings;
import java.util.List;
import java.util.Optional;

/// `last_boxed_only_string` and `remove_boxed` of the tasks of MATH.
final class BoxedAnswers {
    private static final String BOXED = "\\boxed";
    private static final String OPEN = "\\boxed ";

    private BoxedAnswers() {}

    /// @return the last `\boxed{...}` or `\fbox{...}` with its braces; of `\boxed 5`, up to the next dollar
    static Optional<String> last(String text) {
        if (text.contains(OPEN)) {
            List<String> parts = PythonStrings.split(text, OPEN);
            return Optional.of(OPEN + PythonStrings.split(parts.getLast(), "$").getFirst());
        }
        int start = text.lastIndexOf(BOXED) >= 0 ? text.lastIndexOf(BOXED) : text.lastIndexOf("\\fbox");
        int open = 0;
        for (int i = Math.max(start, 0); start >= 0 && i < text.length(); i++) {
            open += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (text.charAt(i) == '}' && open == 0) {
                return Optional.of(text.substring(start, i + 1));
            }
        }
        return Optional.empty();
    }

    /// @param boxed such a text
    /// @return what it holds; nothing of a `\fbox`
    static Optional<String> content(String boxed) {
        if (boxed.contains(OPEN)) {
            return boxed.startsWith(OPEN) ? Optional.of(boxed.substring(OPEN.length())) : Optional.empty();
        }
        return boxed.startsWith(BOXED + "{") && boxed.endsWith("}")
                ? Optional.of(boxed.substring(BOXED.length() + 1, boxed.length() - 1)) : Optional.empty();
    }
}
