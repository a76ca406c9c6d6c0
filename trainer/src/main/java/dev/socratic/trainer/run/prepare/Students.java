package dev.socratic.trainer.run.prepare;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.checkpoint.LoraAdapter;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.network.Weight;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.AdapterConfig;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

    /// @param config    that says where it starts, what learns, and in what its weights are held
    /// @return the student, which the caller closes
    /// @throws ConfigException as below
    public static Decoder start(TrainConfig config, Tokenizer tokenizer, SpecialTokens special, NDManager manager,
            FloatType compute) {
        Decoder student = start(config.student(), config.adapter(), config.seed(), tokenizer, special, manager,
                compute);
        return student.heldIn(config.optimizer().rounding().held());
    }

    /// @param adapter   what learns beside the weights
    /// @param seed      of the run
    /// @param tokenizer the student's
    /// @param special   ids with a meaning of their own, for a student without a config of its own
    /// @param compute   what it computes in; its weights are float32
    /// @return the student, which the caller closes
    /// @throws ConfigException if there is an adapter already and no word of one, or another kind of one
    public static Decoder start(StudentStart start, Optional<AdapterConfig> adapter, long seed, Tokenizer tokenizer,
            SpecialTokens special, NDManager manager, FloatType compute) {
        Decoder student = whole(start, adapter.map(Students::base).orElse(Quantization.NONE), seed, tokenizer, special,
                manager, compute);
        try {
            requireRows(student, tokenizer);
            return adapter.isPresent() ? adapted(student, start, adapter.get(), seed) : plain(student, start);
        } catch (RuntimeException refused) {
            student.close();
            throw refused;
        }
    }

    /// @throws ConfigException if the adapter's folder holds more than would be written again
    private static void unsaved(Path folder, AdapterConfig.Lora lora) {
        try (LoraAdapter adapter = LoraAdapter.open(folder)) {
            adapter.replaced().stream().filter(name -> lora.modulesToSave().stream().noneMatch(module ->
                    LoraTargets.named(module, name.substring(0, name.lastIndexOf('.'))))).findFirst()
                    .ifPresent(name -> {
                        throw new ConfigException("adapter", "factors and modules_to_save, which are trained here",
                                "%s in the student's folder, of another kind".formatted(name),
                                "merge that adapter into its base first: socratic merge");
                    });
        }
    }

    private static Decoder plain(Decoder student, StudentStart start) {
        student.lora().ifPresent(there -> {
            throw new ConfigException("adapter", "a word on the adapter that the student's folder holds", "nothing",
                    "write adapter: {lora: {r: %s, alpha: %s}} to go on with it, or merge it into its base first: "
                            .formatted(there.rank(), there.alpha()) + "socratic merge %s %s --out DIR".formatted(
                            there.base(), start instanceof StudentStart.Folder one ? one.path() : "ADAPTER"));
        });
        return student;
    }

    private static Decoder adapted(Decoder student, StudentStart start, AdapterConfig adapter, long seed) {
        AdapterConfig.Lora lora = switch (adapter) {
            case AdapterConfig.Lora low -> low;
        };
        if (!(start instanceof StudentStart.Folder base)) {
            throw new ConfigException("adapter", "a student with weights of its own to stand beside",
                    "a student that begins otherwise", "write student: {folder: {path: <base>}}");
        }
        if (student.lora().isPresent()) {
            lora.require(student.lora().get());
            unsaved(base.path(), lora);
            requireInLayers(student, lora);
            return student;
        }
        Decoder low = student.adapted(lora.settings(base.path()), lora.targets(), Seeds.derive(seed, "adapter"));
        requireInLayers(low, lora);
        return low;
    }

    /// @throws ConfigException if factors around the layers would have to leave something out
    private static void requireInLayers(Decoder student, AdapterConfig.Lora lora) {
        student.places().entrySet().stream().filter(one -> lora.dropout() > 0
                && one.getValue() instanceof Weight.Adapted && !student.inLayer(one.getKey())).findFirst()
                .ifPresent(one -> {
                    throw new ConfigException("adapter.lora.dropout", "0 with factors of embedding or head, which read "
                            + "everything", "%s and factors of %s".formatted(lora.dropout(), one.getKey()),
                            "leave the one or the other out of the targets, or write dropout: 0");
                });
    }

    private static Quantization base(AdapterConfig adapter) {
        return switch (adapter) {
            case AdapterConfig.Lora lora -> lora.base();
        };
    }

    private static Decoder whole(StudentStart start, Quantization bits, long seed, Tokenizer tokenizer,
            SpecialTokens special, NDManager manager, FloatType compute) {
        return switch (start) {
            case StudentStart.Random random -> {
                ModelConfig shape = ModelConfig.llama(
                        tokenizer.vocabularySize(), random.hidden(), random.layers(), random.heads(), random.kvHeads(),
                        random.intermediate(), random.context(), random.tiedHead(), special)
                                .withInitializerRange(random.initializerRange());
                yield Decoder.random(shape, Seeds.derive(seed, "student"), manager, compute);
            }
            case StudentStart.Architecture shape ->
                    Decoder.random(ModelConfig.read(shape.path()), Seeds.derive(seed, "student"), manager, compute);
            case StudentStart.Folder folder -> Decoder.load(folder.path(), manager, FloatType.FLOAT32, compute, bits);
            case StudentStart.Earlier earlier -> throw earlier.unknown();
            case StudentStart.LayersOf layers -> {
                if (AdapterFolder.is(layers.path())) {
                    throw new ConfigException("student.layers_of.path", "a whole model", "an adapter",
                            "merge it into its base first: socratic merge BASE %s --out DIR".formatted(layers.path()));
                }
                try (Decoder whole = Decoder.load(layers.path(), manager, FloatType.FLOAT32, compute)) {
                    yield layersOf(whole, layers.keep(), manager);
                }
            }
        };
    }

    private static void requireRows(Decoder student, Tokenizer tokenizer) {
        int rows = student.config().vocab();
        if (tokenizer.vocabularySize() > rows) {
            throw new DataException(
                    "tokenizer",
                    "at most as many tokens as the student's embedding has rows, %s".formatted(rows),
                    "%s tokens".formatted(tokenizer.vocabularySize()),
                    "use the tokenizer of the student's own folder");
        }
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
