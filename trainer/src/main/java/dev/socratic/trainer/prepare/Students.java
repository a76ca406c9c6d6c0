package dev.socratic.trainer.prepare;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.seed.Seeds;
import dev.socratic.models.decoder.Decoder;
import dev.socratic.models.decoder.ModelConfig;
import dev.socratic.models.decoder.SpecialTokens;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.StudentStart;
import java.util.List;
import java.util.Map;

/// The student as its first step finds it.
public final class Students {
    private static final String LAYER = "model.layers.";

    private Students() {}

    /// @param seed      of the run
    /// @param tokenizer the student's
    /// @param special   ids with a meaning of their own, for a student without a config of its own
    /// @return the student, which the caller closes
    public static Decoder start(StudentStart start, long seed, Tokenizer tokenizer, SpecialTokens special, NDManager manager) {
        Decoder student = switch (start) {
            case StudentStart.Random random -> {
                ModelConfig shape = ModelConfig.llama(
                        tokenizer.vocabularySize(), random.hidden(), random.layers(), random.heads(), random.kvHeads(),
                        random.width(), random.context(), random.tiedHead(), special);
                yield Decoder.random(shape, Seeds.derive(seed, "student"), manager);
            }
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
                    "at most as many tokens as the student's embedding has rows, %d".formatted(rows),
                    "%d tokens".formatted(tokenizer.vocabularySize()),
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
                    "layers from 0 to %d".formatted(config.layers() - 1),
                    kept.toString(),
                    "the model has %d layers".formatted(config.layers()));
        }
        Decoder student = Decoder.random(withLayers(config, kept.size()), 0, manager);
        try (Program program = Program.resource(manager, Students.class, "/dev/socratic/trainer/programs/optimizer.txt");
                NDManager scope = manager.newSubManager()) {
            for (Map.Entry<String, NDArray> weight : student.weights().entrySet()) {
                NDArray from = whole.weights().get(sourceOf(weight.getKey(), kept));
                program.runIn(scope, "assign", Arg.of(weight.getValue()), Arg.of(from));
            }
        }
        return student;
    }

    /// `model.layers.1.mlp.up_proj.weight` of the student is that of layer `kept[1]` of the whole.
    private static String sourceOf(String name, List<Integer> kept) {
        if (!name.startsWith(LAYER)) {
            return name;
        }
        int dot = name.indexOf('.', LAYER.length());
        return LAYER + kept.get(Integer.parseInt(name.substring(LAYER.length(), dot))) + name.substring(dot);
    }

    private static ModelConfig withLayers(ModelConfig c, int layers) {
        return new ModelConfig(
                c.family(), c.vocab(), c.hidden(), layers, c.width(), c.attention(), c.activation(), c.feedForwardBias(), c.normEpsilon(),
                c.rope(), c.context(), c.tiedHead(), c.logitCap(), c.initializerRange(), c.special());
    }
}
