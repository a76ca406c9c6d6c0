package dev.socratic.datasets.answer;

/// Why an answer cannot be read or judged. Ends in a verdict, never leaves the package.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String what) {
        super(what, null, false, false);
    }
}
