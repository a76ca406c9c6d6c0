package dev.socratic.core.text;

import java.util.Objects;

/// Who is answering: goes into every row and into the content hash of every request.
///
/// @param name          model name, as the endpoint knows it or as the folder is called
/// @param place         `weights:` and the folder's content hash for local weights, `endpoint:` and the base address
///                      (no key, no user info) otherwise
/// @param revision      content hash of the weights, or the revision the endpoint states; empty if unknown
/// @param contextTokens longest prompt plus answer; 0 if unknown
/// @param unit          how many requests are answered together, as one indivisible unit: the batch size of local
///                      weights, 1 for endpoints. A resumed run repeats a whole unit or nothing, so that a batch
///                      always has the same rows and so the same rounding.
/// @param parallel      how many units may be under way at once
/// @param scores        whether `score` works
public record ModelCard(
        String name, String place, String revision, int contextTokens, int unit, int parallel, boolean scores) {
    public ModelCard {
        Objects.requireNonNull(name);
        Objects.requireNonNull(place);
        Objects.requireNonNull(revision);
        if (unit < 1 || parallel < 1) {
            throw new IllegalArgumentException(
                    "unit and parallel are at least 1; got %s and %s".formatted(unit, parallel));
        }
    }
}
