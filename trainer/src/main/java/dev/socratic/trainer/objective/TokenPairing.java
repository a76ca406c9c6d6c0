package dev.socratic.trainer.objective;

/// How a term brings the tokens of two tokenisations together.
public enum TokenPairing {
    /// The i-th token of a turn with the i-th, as far as both have one.
    PLACES("the i-th token of a turn with the i-th"),
    /// The smallest stretches of text that hold whole tokens on both sides.
    SPANS("stretches of text that both sides end with a token"),
    /// Tokens matched by dynamic time warping.
    WARPING("tokens matched by least edit distance, the label where there is no match"),
    /// Each with all of its sample.
    ATTENTION("tokens of a sample by attention between their embeddings");

    private final String text;

    TokenPairing(String text) {
        this.text = text;
    }

    /// @return for people
    public String text() {
        return text;
    }
}
