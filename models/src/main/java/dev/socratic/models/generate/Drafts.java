package dev.socratic.models.generate;

import dev.socratic.core.error.DataException;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;
import java.util.stream.LongStream;

/// Whether one model can draft for another.
final class Drafts {
    private Drafts() {}

    /// A drafted token is the same token to both.
    static void requireAlike(Path folder, Tokenizer own, Tokenizer other) {
        long most = Math.max(own.vocabularySize(), other.vocabularySize());
        LongStream.range(0, most).filter(id -> !own.token(id).equals(other.token(id))).findFirst().ifPresent(id -> {
            throw new DataException("draft", "a model with the same tokenizer",
                    "%s, whose token %s is '%s' and not '%s'".formatted(folder, id, other.token(id), own.token(id)),
                    "take a student with its teacher's tokenizer");
        });
    }

    /// Keys that change once a text is longer cannot be read ahead and forgotten.
    static void requireSteady(Path folder, Decoder decoder) {
        if (decoder.config().rereadBeyond() > 0) {
            throw new DataException("draft", "models whose ropes turn alike at every length",
                    "%s, whose frequencies change beyond %s tokens".formatted(folder,
                            decoder.config().rereadBeyond()), "leave draft out");
        }
    }
}
