package dev.socratic.models.gguf.convert;

import dev.socratic.core.error.DataException;
import dev.socratic.models.gguf.Metadata;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The families both formats know, and what differs between their layouts.
///
/// llama.cpp turns the coordinates of a Llama's heads in neighbouring pairs, where transformers turns the first half
/// against the second: the rows of its queries and keys are reordered. It adds a Gemma's 1 to the weights of its norms
/// when it converts, transformers when it computes.
public enum GgufFamily {
    LLAMA("llama", "llama", "LlamaForCausalLM", true, false),
    QWEN2("qwen2", "qwen2", "Qwen2ForCausalLM", false, false),
    QWEN3("qwen3", "qwen3", "Qwen3ForCausalLM", false, false),
    GEMMA2("gemma2", "gemma2", "Gemma2ForCausalLM", false, true),
    GEMMA3("gemma3", "gemma3_text", "Gemma3ForCausalLM", false, true),
    PHI3("phi3", "phi3", "Phi3ForCausalLM", false, false),
    SMOLLM3("smollm3", "smollm3", "SmolLM3ForCausalLM", true, false);

    private final String architecture;
    private final String modelType;
    private final String className;
    private final boolean headsInPairs;
    private final boolean normsPlusOne;

    GgufFamily(String architecture, String modelType, String className, boolean headsInPairs, boolean normsPlusOne) {
        this.architecture = architecture;
        this.modelType = modelType;
        this.className = className;
        this.headsInPairs = headsInPairs;
        this.normsPlusOne = normsPlusOne;
    }

    /// @return `general.architecture`, also the beginning of the family's keys
    public String architecture() {
        return architecture;
    }

    /// @return `model_type` of config.json
    public String modelType() {
        return modelType;
    }

    String className() {
        return className;
    }

    /// @return whether a GGUF keeps rows of queries and keys in pairs that turn together
    boolean headsInPairs() {
        return headsInPairs;
    }

    boolean normsPlusOne() {
        return normsPlusOne;
    }

    boolean gemma() {
        return normsPlusOne;
    }

    /// @return whether it is the largest Gemma of its generation, which llama.cpp tells by its layers: scores are
    ///         divided by the root of hidden / heads there, of the width of a head in all others
    boolean largestGemma(int layers) {
        return this == GEMMA2 && layers == 46 || this == GEMMA3 && layers == 62;
    }

    /// @param modelType of config.json; Mistral is a Llama here, as for llama.cpp
    static Optional<GgufFamily> ofModelType(String modelType) {
        return Arrays.stream(values()).filter(family -> family.modelType.equals(modelType)
                || family == LLAMA && modelType.equals("mistral")).findFirst();
    }

    /// @throws DataException if this version does not know the architecture
    static GgufFamily of(Metadata metadata) {
        String name = metadata.requiredText("general.architecture");
        return Arrays.stream(values()).filter(family -> family.architecture.equals(name)).findFirst()
                .orElseThrow(() -> new DataException(metadata.file() + ": general.architecture",
                        "a family this version converts", "'%s'".formatted(name), "known: " + known()));
    }

    private static String known() {
        return Arrays.stream(values()).map(GgufFamily::architecture).collect(Collectors.joining(", "));
    }

    /// @return what config.json calls the families
    static String knownModelTypes() {
        return Stream.concat(Arrays.stream(values()).map(GgufFamily::modelType), Stream.of("mistral"))
                .collect(Collectors.joining(", "));
    }
}
