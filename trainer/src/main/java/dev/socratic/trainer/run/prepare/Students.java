package dev.socratic.trainer.run.prepare;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.seed.Seeds;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.StudentStart;
import java.util.List;

/// The student as its first step finds it.
public final class Students {
    private Students() {}

    /// @return whether the student is an encoder
    public static boolean isEncoder(StudentStart start) {
        return switch (start) {
            case StudentStart.Architecture shape -> EncoderConfig.isOf(shape.path());
            case StudentStart.Folder folder -> EncoderConfig.isOf(folder.path());
            case StudentStart.LayersOf layers -> EncoderConfig.isOf(layers.path());
            case StudentStart.Random ignored -> false;
            case StudentStart.Earlier ignored -> false;
        };
    }

    /// @param seed      of the run
    /// @param tokenizer the student's
    /// @param special   ids with a meaning of their own, for a student without a config of its own
    /// @return the student, which the caller closes
    public static Decoder start(StudentStart start, long seed, Tokenizer tokenizer, SpecialTokens special,
            NDManager manager) {
        Decoder student = switch (start) {
            case StudentStart.Random random -> {
                ModelConfig shape = ModelConfig.llama(
                        tokenizer.vocabularySize(), random.hidden(), random.layers(), random.heads(), random.kvHeads(),
                        random.intermediate(), random.context(), random.tiedHead(), special)
                                .withInitializerRange(random.initializerRange());
                yield Decoder.random(shape, Seeds.derive(seed, "student"), manager);
            }
            case StudentStart.Architecture shape ->
                    Decoder.random(ModelConfig.read(shape.path()), Seeds.derive(seed, "student"), manager);
            case StudentStart.Folder folder -> Decoder.load(folder.path(), manager);
            case StudentStart.Earlier earlier -> throw earlier.unknown();
            case StudentStart.LayersOf layers -> {
                try (Decoder whole = Decoder.load(layers.path(), manager)) {
                    yield layersOf(whole, layers.keep(), manager);
                }
            }
        };
        if (tokenizer.vocabularySize() > student.config().vocab()) {
            int rows = student.config().vocab();
            student.close();
            throw new DataException(
                    "tokenizer",
                    "at most as many tokens as the student's embedding has rows, %s".formatted(rows),
                    "%s tokens".formatted(tokenizer.vocabularySize()),
                    "use the tokenizer of the student's own folder");
        }
        return student;
    }

    private static Decoder layersOf(Decoder whole, StudentStart.Keep keep, NDManager manager) {
        ModelConfig config = whole.config();
        List<Integer> kept = keep.of(config.layers());
        if (kept.getLast() >= config.layers()) {
            throw new ConfigException(
                    "student.layers_of.keep",
                    "layers from 0 to %s".formatted(config.layers() - 1),
                    kept.toString(),
                    "the model has %s layers".formatted(config.layers()));
        }
        return whole.keeping(kept, manager);
    }
}
