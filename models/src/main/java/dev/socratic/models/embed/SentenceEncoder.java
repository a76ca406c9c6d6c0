package dev.socratic.models.embed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.generate.WeightsHash;
import dev.socratic.models.network.Encoder;
import dev.socratic.models.network.Padded;
import dev.socratic.models.text.Enclosure;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Texts as vectors: an encoder, its tokenizer, and what its folder says about pooling (Reimers and Gurevych 2019,
/// arXiv:1908.10084). Computes in float32.
///
/// [#read] may be called from any number of threads, [#embed] from one at a time.
public final class SentenceEncoder implements AutoCloseable {
    private final Encoder encoder;
    private final Tokenizer tokenizer;
    private final Enclosure marks;
    private final SentenceConfig config;
    private final NDManager manager;
    private final String revision;

    private SentenceEncoder(Encoder encoder, Tokenizer tokenizer, Enclosure marks, SentenceConfig config,
            NDManager manager, String revision) {
        this.encoder = encoder;
        this.tokenizer = tokenizer;
        this.marks = marks;
        this.config = config;
        this.manager = manager;
        this.revision = revision;
    }

    /// @param folder of a sentence encoder, as `sentence-transformers` saves it
    /// @throws DataException if a part of it is missing, damaged, or says what this version does not do
    public static SentenceEncoder open(Path folder, Compute compute) {
        String hash = WeightsHash.of(folder);
        NDManager manager = compute.manager();
        try {
            Encoder encoder = Encoder.body(folder, manager);
            SentenceConfig config = SentenceConfig.read(folder, encoder.config().context());
            Tokenizer tokenizer = Tokenizer.open(folder);
            return new SentenceEncoder(encoder, tokenizer, Enclosure.of(folder), config, manager, hash);
        } catch (RuntimeException failed) {
            manager.close();
            throw failed;
        }
    }

    /// @return content hash of what makes it what it is
    public String revision() {
        return revision;
    }

    /// @return longest text in tokens, those around it included
    public int maxTokens() {
        return config.maxTokens();
    }

    /// @return numbers of a vector
    public int width() {
        return encoder.config().hidden();
    }

    /// @return greatest id plus one
    public int vocabulary() {
        return Math.min(encoder.config().vocab(), tokenizer.vocabularySize());
    }

    /// @return the tokens of a text, with what the tokenizer puts around it; empty if they are more than
    ///         [#maxTokens()]
    public Optional<long[]> read(String text) {
        return tokenizer.encodeWithin(text, config.maxTokens() - marks.size()).map(marks::around);
    }

    /// @param rows tokens, each row of 1 to [#maxTokens()]; read together
    /// @return a vector for each, of length 1 where the folder says so
    public List<float[]> embed(List<long[]> rows) {
        Padded batch = Padded.of(rows, Padded.Side.RIGHT, 0);
        long[] lengths = Arrays.stream(batch.lengths()).asLongStream().toArray();
        try (NDManager step = manager.newSubManager()) {
            NDArray states = encoder.forward(batch.array(step), step.create(lengths), Set.of(), false).states();
            NDArray pooled = config.pooling().of(states, batch);                           // [batch, hidden]
            float[] all = pooled.toFloatArray();
            List<float[]> vectors = new ArrayList<>();
            for (int row = 0; row < rows.size(); row++) {
                float[] vector = Arrays.copyOfRange(all, row * width(), (row + 1) * width());
                vectors.add(config.normalize() ? normalized(vector) : vector);
            }
            return vectors;
        }
    }

    /// `x / max(|x|, 1e-12)`, as torch.nn.functional.normalize.
    private static float[] normalized(float[] vector) {
        double squares = 0;
        for (float number : vector) {
            squares += (double) number * number;
        }
        double length = Math.max(Math.sqrt(squares), 1e-12);
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    @Override
    public void close() {
        tokenizer.close();
        encoder.close();
        manager.close();
    }
}
