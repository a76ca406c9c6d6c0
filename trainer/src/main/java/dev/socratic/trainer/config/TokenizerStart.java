package dev.socratic.trainer.config;

import dev.socratic.datasets.source.ExampleSource;
import java.nio.file.Path;

/// Where the tokenizer and the chat template come from. A student that starts from a folder brings its own.
public sealed interface TokenizerStart {

    /// `tokenizer.json` and `tokenizer_config.json` of a folder.
    ///
    /// @param path the folder
    record Folder(Path path) implements TokenizerStart {}

    /// A byte-level BPE trained on the first rows of a source, digits split singly.
    ///
    /// @param vocab  entries, special tokens included
    /// @param source what to train on
    /// @param rows   how many of its rows
    record TrainBpe(int vocab, ExampleSource source, int rows) implements TokenizerStart {
        public TrainBpe {
            if (vocab < 300) {
                throw new IllegalArgumentException(
                        "vocab must hold the 256 bytes and the special tokens; got " + vocab + "; write at least 300");
            }
            if (rows < 1) {
                throw new IllegalArgumentException("rows must be at least 1; got " + rows);
            }
        }
    }
}
