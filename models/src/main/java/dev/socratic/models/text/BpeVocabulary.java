package dev.socratic.models.text;

import java.util.List;

/// A trained byte-level vocabulary.
///
/// @param recipe what it was made of
/// @param tokens every token as spelled in the vocabulary, its index being its id: special, added, the 256 bytes,
///               then the merges' results
/// @param merges pairs in the order in which they are to be applied
public record BpeVocabulary(TokenizerRecipe recipe, List<String> tokens, List<Merge> merges) {
    public BpeVocabulary {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
    }

    /// Two neighbouring tokens that become one.
    public record Merge(String left, String right) {}
}
