package dev.socratic.datasets.wordproblems;

import dev.socratic.core.config.Default;

/// What training rows look like.
///
/// An `instruction` follows the question in the user's turn, on a line of its own. The defaults are word for word
/// those of the built-in prompts `chain_of_thought`, `direct` and `socratic` of the module `prompts`, which this
/// module cannot see; a test on each side pins them. `reading` has no prompt of its name: nobody asks a teacher for
/// it, it is what a base model reads before it is taught.
public sealed interface Form {
    /// Forms that write one row for each problem.
    sealed interface OfProblems extends Form {}

    /// Steps inside `<think>`, then the answer.
    record Worked(@Default("Think step by step.") String instruction) implements OfProblems {}

    /// The answer alone.
    record Direct(@Default("Answer only.") String instruction) implements OfProblems {}

    /// Sub-questions, each with its step, inside `<think>`, then the answer.
    record Socratic(@Default("Break this into smaller questions and answer each.") String instruction)
            implements OfProblems {}

    /// The numbers that matter, as the story declares them, and nothing done with them: reading without reasoning.
    record Reading(@Default("Which numbers matter?") String instruction) implements OfProblems {}

    /// Bare arithmetic without any story: rows of text, one `24 + 16 = 40` a line.
    ///
    /// @param lines how many a row
    record Arithmetic(@Default("16") int lines) implements Form {
        public Arithmetic {
            if (lines < 1) {
                throw new IllegalArgumentException("lines: at least 1; got %s; 16 is the default".formatted(lines));
            }
        }
    }

    /// Lists of numbers without any story, each said twice: rows of text, one `24, 7, 113: 24, 7, 113` a line.
    /// Nothing in them can be guessed but by looking back.
    ///
    /// @param lines how many a row
    record Lists(@Default("8") int lines) implements Form {
        public Lists {
            if (lines < 1) {
                throw new IllegalArgumentException("lines: at least 1; got %s; 8 is the default".formatted(lines));
            }
        }
    }
}
