package dev.socratic.trainer.config;

import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;

/// Whether rows of plain text begin with the BOS token. Conversations begin as their chat template writes them.
public enum Bos {
    /// As the tokenizer's own files say, and so as transformers and TRL encode a text: the post-processor of
    /// `tokenizer.json`, `add_bos_token`.
    TOKENIZER,
    /// Each does.
    ALWAYS,
    /// None does.
    NEVER;

    /// @param folder with the tokenizer's files
    /// @return what stands around a row of text; it ends with the tokenizer's `eos_token`, where it has one, whatever
    ///         begins it
    public TextMarks marks(Path folder, Tokenizer tokenizer) {
        TextMarks said = TextMarks.of(folder, tokenizer);
        return switch (this) {
            case TOKENIZER -> said;
            case ALWAYS -> said.withBos(folder, tokenizer);
            case NEVER -> said.withoutStart();
        };
    }
}
