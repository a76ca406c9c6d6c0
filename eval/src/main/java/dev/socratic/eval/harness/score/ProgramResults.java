package dev.socratic.eval.harness.score;

import java.util.Collections;
import java.util.List;

/// What became of the programs that answers are.
@FunctionalInterface
public interface ProgramResults {
    /// For tasks that run none.
    ProgramResults NONE = (program, tests) -> {
        throw new IllegalStateException("this task runs no programs");
    };

    /// @return whether the program passed those tests
    boolean isRight(String program, String tests);

    /// @param filtered answers to one request: one text, or several
    /// @return the programs they are
    static List<String> programs(Object filtered) {
        return (filtered instanceof List<?> several ? several : Collections.singletonList(filtered)).stream()
                .map(String::valueOf).toList();
    }
}
