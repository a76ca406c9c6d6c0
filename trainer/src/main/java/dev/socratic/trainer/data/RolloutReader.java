package dev.socratic.trainer.data;

import java.util.List;
import java.util.Optional;

/// How a teacher that reads rows otherwise than the student reads what the student writes.
@FunctionalInterface
public interface RolloutReader {
    /// @param given   a row of the data, read by both sides
    /// @param written its prompt with another answer, every token of which is in the loss
    /// @return the latter with the teacher's reading of it; empty where the teacher cannot read it
    Optional<TokenRow> retokenize(TokenRow given, TokenRow written);

    /// Several answers to one prompt at once.
    ///
    /// @return for each, as above
    default List<Optional<TokenRow>> retokenize(TokenRow given, List<TokenRow> written) {
        return written.stream().map(one -> retokenize(given, one)).toList();
    }
}
