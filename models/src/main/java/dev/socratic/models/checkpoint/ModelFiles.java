package dev.socratic.models.checkpoint;

import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Which files of a folder make a model, and which travel with it: the one place that knows their names.
public final class ModelFiles {
    private static final Set<String> TOKENIZER = Set.of("tokenizer.json", "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json");
    private static final Set<String> VOCABULARY = Set.of("vocab.json", "vocab.txt", "merges.txt", "tokenizer.model",
            "spiece.model", "sentencepiece.bpe.model", "tekken.json");
    private static final Set<String> READ_OF_TOKENIZER =
            Set.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");
    private static final Set<String> TEMPLATE = Set.of("chat_template.jinja", "chat_template.json");
    private static final String MORE_TEMPLATES = "additional_chat_templates";
    private static final String TEMPLATES = MORE_TEMPLATES + "/";
    /// How images and sounds become numbers, beside a tokenizer.
    private static final Set<String> PROCESSORS =
            Set.of("preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json");
    private static final List<String> TERMS =
            List.of("license", "licence", "notice", "copying", "use_policy", "acceptable_use");
    private static final Set<String> CONFIG = Set.of("config.json", "generation_config.json");
    /// Weights in formats that are not read here would be those of another model.
    private static final List<String> OTHER_WEIGHTS = List.of(".safetensors", ".safetensors.index.json", ".gguf",
            ".onnx",
            ".onnx_data", ".h5", ".msgpack", ".ot", ".npz", ".tflite", ".mlmodel", ".bin.index.json");

    private ModelFiles() {}

    /// @return every regular file of a folder, and of the one folder in it that belongs to a model, by name
    public static Map<String, Path> of(Path folder) {
        Map<String, Path> files = new TreeMap<>();
        for (String inside : List.of("", MORE_TEMPLATES)) {
            if (!Files.isDirectory(folder.resolve(inside))) {
                continue;
            }
            try (Stream<Path> list = Files.list(folder.resolve(inside))) {
                list.filter(Files::isRegularFile).forEach(file ->
                        files.put((inside.isEmpty() ? "" : inside + "/") + file.getFileName(), file));
            } catch (IOException failed) {
                throw IoProblems.reading(folder, failed);
            }
        }
        return files;
    }

    /// @param folder of a model
    /// @return the files that make it what it is, by name; those of an adapter's base as `base/<name>`
    public static SortedMap<String, Path> counting(Path folder) {
        SortedMap<String, Path> files = new TreeMap<>();
        try (Stream<Path> list = Files.list(folder)) {
            list.filter(Files::isRegularFile).filter(file -> counts(file.getFileName().toString()))
                    .forEach(file -> files.put(file.getFileName().toString(), file));
        } catch (IOException failed) {
            throw IoProblems.reading(folder, failed);
        }
        if (AdapterFolder.is(folder)) {
            counting(AdapterFolder.base(folder)).forEach((name, file) -> files.put("base/" + name, file));
        }
        return files;
    }

    /// @return whether it goes with a model that is trained from another: what turns text into tokens, for every tool
    ///         that
    ///         reads the folder
    public static boolean withTokenizer(String name) {
        return ofTokenizer(name) || ofTemplate(name) || PROCESSORS.contains(name);
    }

    /// @return whether it says what may be done with the model
    public static boolean ofTerms(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return TERMS.stream().anyMatch(lower::startsWith);
    }

    /// @param name of a file, with the folder it is in below the model's
    /// @return whether it says how text becomes tokens
    public static boolean ofTokenizer(String name) {
        return TOKENIZER.contains(name) || ofVocabulary(name);
    }

    /// @return whether it holds the vocabulary a tokenizer begins with, without what was added to it
    static boolean ofVocabulary(String name) {
        return VOCABULARY.contains(name);
    }

    /// @return whether it is a template with a name of its own, beside the main one
    static boolean ofMoreTemplates(String name) {
        return name.startsWith(TEMPLATES) && name.endsWith(".jinja");
    }

    /// @return whether it says how a conversation becomes text
    public static boolean ofTemplate(String name) {
        return TEMPLATE.contains(name) || ofMoreTemplates(name);
    }

    /// @return whether other bytes in it make another model, one that may answer otherwise; cards, logs and licences
    ///         do not
    public static boolean counts(String name) {
        return CONFIG.contains(name) || name.equals(LoraConfig.NAME) || READ_OF_TOKENIZER.contains(name)
                || TEMPLATE.contains(name)
                || name.endsWith(".safetensors") || name.equals(Checkpoint.INDEX);
    }

    /// @return whether it goes with a model whose weights are made anew: all but weights and hidden files
    public static boolean travels(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && OTHER_WEIGHTS.stream().noneMatch(lower::endsWith)
                && !Pickles.named(Path.of(name));
    }
}
