package dev.socratic.cli.size;

import dev.socratic.core.error.ConfigException;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Shapes by their size, as published models have them: `0.5B` is the width and depth of Qwen2.5-0.5B, and so on. Each
/// is a Llama of that shape, without biases.
///
/// @param size    what users write
/// @param like    whose config has these numbers
/// @param hidden  width of the residual stream
/// @param layers  how many
/// @param heads   query heads
/// @param kvHeads key and value heads
/// @param width   inner width of the feed-forward part
/// @param vocab   rows of the embedding
/// @param tied    whether the head is the embedding
public record KnownShape(String size, String like, int hidden, int layers, int heads, int kvHeads, int width, int vocab,
        boolean tied) {
    private static final int CONTEXT = 131_072;

    /// All of them, the smallest first.
    public static final List<KnownShape> ALL = List.of(
            new KnownShape("135M", "SmolLM2-135M", 576, 30, 9, 3, 1536, 49_152, true),
            new KnownShape("360M", "SmolLM2-360M", 960, 32, 15, 5, 2560, 49_152, true),
            new KnownShape("0.5B", "Qwen2.5-0.5B", 896, 24, 14, 2, 4864, 151_936, true),
            new KnownShape("1B", "Llama-3.2-1B", 2048, 16, 32, 8, 8192, 128_256, true),
            new KnownShape("1.5B", "Qwen2.5-1.5B", 1536, 28, 12, 2, 8960, 151_936, true),
            new KnownShape("3B", "Qwen2.5-3B", 2048, 36, 16, 2, 11_008, 151_936, true),
            new KnownShape("7B", "Qwen2.5-7B", 3584, 28, 28, 4, 18_944, 152_064, false),
            new KnownShape("8B", "Llama-3.1-8B", 4096, 32, 32, 8, 14_336, 128_256, false),
            new KnownShape("14B", "Qwen2.5-14B", 5120, 48, 40, 8, 13_824, 152_064, false),
            new KnownShape("32B", "Qwen2.5-32B", 5120, 64, 40, 8, 27_648, 152_064, false),
            new KnownShape("70B", "Llama-3.1-70B", 8192, 80, 64, 8, 28_672, 128_256, false));

    /// @param text a size, such as `0.5B`, or numbers by name: `hidden=896,layers=24,heads=14,...`
    /// @throws ConfigException if it is neither
    public static ModelConfig of(String place, String text) {
        return ALL.stream().filter(one -> one.size().equalsIgnoreCase(text)).map(KnownShape::shape).findFirst()
                .orElseGet(() -> written(place, text));
    }

    private ModelConfig shape() {
        return ModelConfig.llama(vocab, hidden, layers, heads, kvHeads, width, CONTEXT, tied, SpecialTokens.none());
    }

    private static ModelConfig written(String place, String text) {
        Map<String, Integer> numbers = new LinkedHashMap<>(Map.of("hidden", 0, "layers", 0, "heads", 0, "kv_heads", 0,
                "intermediate", 0, "vocab", 0));
        for (String part : text.split(",")) {
            String[] two = part.split("=");
            if (two.length != 2 || !numbers.containsKey(two[0].strip()) || !two[1].strip().matches("[1-9][0-9]{0,8}")) {
                throw unknown(place, text);
            }
            numbers.put(two[0].strip(), Integer.parseInt(two[1].strip()));
        }
        if (numbers.containsValue(0)) {
            throw unknown(place, text);
        }
        return ModelConfig.llama(numbers.get("vocab"), numbers.get("hidden"), numbers.get("layers"),
                numbers.get("heads"), numbers.get("kv_heads"), numbers.get("intermediate"), CONTEXT, true,
                SpecialTokens.none());
    }

    private static ConfigException unknown(String place, String text) {
        return new ConfigException(place, "a model's folder or config.json, or a shape", "'" + text + "'",
                "write one of %s, or hidden=896,layers=24,heads=14,kv_heads=2,intermediate=4864,vocab=151936".formatted(
                        String.join(", ", ALL.stream().map(KnownShape::size).toList())));
    }
}
