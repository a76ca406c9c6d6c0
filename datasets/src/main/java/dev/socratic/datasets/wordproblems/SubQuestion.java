package dev.socratic.datasets.wordproblems;

/// What to ask on the way, as Socrates would: one for each step; the last is the problem's own question.
///
/// @param question a sentence ending in a question mark
/// @param step     the arithmetic that answers it
public record SubQuestion(String question, SolutionStep step) {
    public int answer() {
        return step.result();
    }

    /// @return one line of a Socratic solution: `How many are there in all? 24 + 16 = 40`
    @Override
    public String toString() {
        return question + " " + step;
    }
}
