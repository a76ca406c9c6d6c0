package dev.socratic.models.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which files of a folder make a model, and which travel with it: the one place that knows their names.
public final class ModelFiles {
    private static final Set<String> TOKENIZER = Set.of("tokenizer.json", "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json", "vocab.json", "vocab.txt", "merges.txt", "tokenizer.model", "spiece.model",
            "sentencepiece.bpe.model", "tekken.json");
    private static final Set<String> READ_OF_TOKENIZER =
            Set.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");
    private static final Set<String> TEMPLATE = Set.of("chat_template.jinja", "chat_template.json");
    private static final String TEMPLATES = "additional_chat_templates/";
    private static final Set<String> CONFIG = Set.of("config.json", "generation_config.json");
    /// Weights in formats that are not read here would be those of another model.
    private static final List<String> OTHER_WEIGHTS = List.of(".safetensors", ".safetensors.index.json", ".gguf",
            ".onnx",
            ".onnx_data", ".h5", ".msgpack", ".ot", ".npz", ".tflite", ".mlmodel", ".bin.index.json");

    private ModelFiles() {}

    /// @param name of a file, with the folder it is in below the model's
    /// @return whether it says how text becomes tokens
    public static boolean ofTokenizer(String name) {
        return TOKENIZER.contains(name);
    }

    /// @return whether it says how a conversation becomes text
    public static boolean ofTemplate(String name) {
        return TEMPLATE.contains(name) || name.startsWith(TEMPLATES) && name.endsWith(".jinja");
    }

    /// @return whether other bytes in it make another model, one that may answer otherwise; cards, logs and licences
    ///         do not
    public static boolean counts(String name) {
        return CONFIG.contains(name) || READ_OF_TOKENIZER.contains(name) || TEMPLATE.contains(name)
                || name.endsWith(".safetensors") || name.equals(Checkpoint.INDEX);
    }

    /// @return whether it goes with a model whose weights are made anew: all but weights and hidden files
    static boolean travels(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && OTHER_WEIGHTS.stream().noneMatch(lower::endsWith)
                && !Pickles.named(Path.of(name));
    }
}
