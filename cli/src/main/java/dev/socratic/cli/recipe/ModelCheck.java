package dev.socratic.cli.recipe;

import dev.socratic.core.error.SocraticException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.LoraAdapter;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ExpectedWeights;
import dev.socratic.models.network.Misfit;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Whether folders of models open: config, tokenizer, headers of the weights. Each is opened once, however often it is
/// named; no weight is read.
final class ModelCheck implements AutoCloseable {
    private static final String FOLDER = "a folder of a Hugging Face model";

    private final Findings findings;
    private final Map<Path, Optional<Tokenizer>> tokenizers = new HashMap<>();
    private final Map<Path, Boolean> weights = new HashMap<>();

    ModelCheck(Findings findings) {
        this.findings = findings;
    }

    /// @param config of a decoder; absent for an encoder
    record Shape(Optional<ModelConfig> config, Optional<EncoderConfig> encoder) {
        long parameters() {
            return config.map(ModelConfig::parameters).or(() -> encoder.map(EncoderConfig::parameters)).orElse(0L);
        }

        int context() {
            return config.map(ModelConfig::context).or(() -> encoder.map(EncoderConfig::context))
                    .orElse(Integer.MAX_VALUE);
        }
    }

    /// @return whether the folder is there and no other kind of thing
    boolean folder(String path, Path folder) {
        Optional<IoProblems.Instead> instead = IoProblems.notThere(folder, FOLDER);
        if (instead.isPresent()) {
            findings.problem(path, FOLDER, instead.get().at(folder), RowsCheck.remedy(instead.get(), folder));
        } else if (!Files.isDirectory(folder)) {
            findings.problem(path, FOLDER, "the file '%s'".formatted(folder), file(folder));
        } else {
            return !AdapterFolder.is(folder) || hasBase(path, folder);
        }
        return false;
    }

    private boolean hasBase(String path, Path folder) {
        try (LoraAdapter adapter = LoraAdapter.open(folder)) {
            return Files.isDirectory(AdapterFolder.base(folder));
        } catch (SocraticException refused) {
            findings.problem(path, refused);
            return false;
        }
    }

    /// @param file that was given for a folder
    /// @return what to give instead
    static String file(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".bin") || name.endsWith(".pt") || name.endsWith(".onnx")
                ? "this format is not read: give the folder with config.json and safetensors that it was made from"
                : "give the folder it lies in";
    }

    /// @return the model's shape, where its config can be read
    Optional<Shape> shape(String path, Path folder) {
        if (!folder(path, folder)) {
            return Optional.empty();
        }
        try {
            return Optional.of(EncoderConfig.isOf(folder)
                    ? new Shape(Optional.empty(), Optional.of(EncoderConfig.read(folder)))
                    : new Shape(Optional.of(ModelConfig.read(folder)), Optional.empty()));
        } catch (SocraticException refused) {
            findings.problem(path, refused);
            return Optional.empty();
        }
    }

    /// A model that is to be loaded: its shape, and its weights as headers tell them.
    Optional<Shape> whole(String path, Path folder) {
        Optional<Shape> shape = shape(path, folder);
        if (shape.isPresent() && weights.putIfAbsent(folder, true) == null) {
            weights(path, folder);
        }
        return shape;
    }

    private void weights(String path, Path given) {
        Path folder = AdapterFolder.is(given) ? AdapterFolder.base(given) : given;
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            List<Misfit> misfits = ExpectedWeights.of(folder, checkpoint.tensors()).orElse(List.of()).stream()
                    .filter(misfit -> misfit.kind() != Misfit.Kind.UNEXPECTED).toList();
            if (!misfits.isEmpty()) {
                Misfit first = misfits.getFirst();
                findings.problem(path, "weights that fit config.json",
                        "%s that do not, the first: %s: %s; got %s".formatted(
                        misfits.size(), first.name(), first.expected(), first.got()),
                                "see all: socratic inspect --check " + folder);
            }
        } catch (SocraticException refused) {
            findings.problem(path, refused);
        }
    }

    /// @return the tokenizer of a folder, open until this is closed
    Optional<Tokenizer> tokenizer(String path, Path folder) {
        return tokenizers.computeIfAbsent(folder, place -> {
            try {
                return Optional.of(Tokenizer.open(place));
            } catch (SocraticException refused) {
                findings.problem(path, refused);
                return Optional.empty();
            }
        });
    }

    /// @return tokens of a prompt as the model of the folder reads it; empty where template or tokenizer refuse, which
    /// is a problem then
    OptionalInt tokens(String path, Path folder, List<ChatMessage> messages) {
        Optional<Tokenizer> tokenizer = tokenizer(path, folder);
        if (tokenizer.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(tokenizer.get().encode(ChatTemplate.of(folder).render(messages, true).text()).length);
        } catch (SocraticException refused) {
            findings.problem(path, refused);
            return OptionalInt.empty();
        }
    }

    @Override
    public void close() {
        tokenizers.values().forEach(open -> open.ifPresent(Tokenizer::close));
    }
}
