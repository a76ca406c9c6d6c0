package dev.socratic.core.sandbox.check;

import java.util.List;

/// What a program must do.
public sealed interface CodeTests {
    /// Statements behind the program, in the same interpreter; Python only. Every `assert` is a test; where there is
    /// none (a call of a function that asserts) all of it is one.
    record Statements(String text) implements CodeTests {}

    /// What it writes for what it reads, each in a run of its own.
    record Pairs(List<Pair> pairs) implements CodeTests {
        public Pairs {
            pairs = List.copyOf(pairs);
        }
    }

    /// @param input    on standard input
    /// @param expected on standard output, as [Outputs] compares
    record Pair(String input, String expected) {}
}
