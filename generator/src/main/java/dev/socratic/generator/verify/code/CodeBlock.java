package dev.socratic.generator.verify.code;

import java.util.List;
import java.util.Optional;

/// The program in an answer: what stands between its last two fences, as LiveCodeBench takes it (an answer ends with
/// what it means); behind a single fence, the rest; all of it where there is none.
final class CodeBlock {
    private static final String FENCE = "```";

    private CodeBlock() {}

    static String of(String answer) {
        List<String> lines = answer.lines().toList();
        Optional<Integer> last = fence(lines, lines.size());
        if (last.isEmpty()) {
            return answer;
        }
        Optional<Integer> before = fence(lines, last.get());
        return String.join("\n", before.map(begin -> lines.subList(begin + 1, last.get()))
                .orElse(lines.subList(last.get() + 1, lines.size()))) + "\n";
    }

    private static Optional<Integer> fence(List<String> lines, int before) {
        for (int i = before - 1; i >= 0; i--) {
            if (lines.get(i).stripLeading().startsWith(FENCE)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }
}
