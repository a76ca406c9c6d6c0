package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How text is cut before byte pairs are merged: what `tokenizer.ggml.pre` names, as a `tokenizer.json` says it.
///
/// llama.cpp names whole families of tokenizers after the first one it met. Regular expressions are those of the
/// published tokenizers.
enum PreTokenizer {
    GPT2(List.of("gpt-2", "gpt2", "phi-2", "mpt", "olmo", "jais"), List.of(), false, false),
    SMOLLM(List.of("smollm", "starcoder", "refact", "command-r", "codeshell"), List.of(), false, false),
    LLAMA3(List.of("llama-bpe", "llama3", "llama-v3", "falcon3", "midm-2.0"),
            List.of(Patterns.WORDS_AND_THREE_DIGITS), true, false),
    DBRX(List.of("dbrx", "smaug-bpe"), List.of(Patterns.WORDS_AND_THREE_DIGITS), false, false),
    QWEN2(List.of("qwen2", "deepseek-r1-qwen", "megrez"), List.of(Patterns.WORDS_AND_DIGITS), false, true),
    TEKKEN(List.of("tekken"), List.of(Patterns.CASED_WORDS), true, false),
    GPT4O(List.of("gpt-4o", "llama4"), List.of(Patterns.CASED_WORDS_AND_ENDINGS), false, false);

    private final List<String> names;
    private final List<String> splits;
    private final boolean wholeWordsFirst;
    private final boolean composed;

    /// @param names           of `tokenizer.ggml.pre`, the one that is written first
    /// @param splits          regular expressions whose matches are words; none where it is GPT-2's
    /// @param wholeWordsFirst whether a word that is a token is not merged from its letters
    /// @param composed        whether text is brought into NFC first, which llama.cpp leaves out
    PreTokenizer(List<String> names, List<String> splits, boolean wholeWordsFirst, boolean composed) {
        this.names = names;
        this.splits = splits;
        this.wholeWordsFirst = wholeWordsFirst;
        this.composed = composed;
    }

    /// Constants of their own, for those of an enum cannot be named before its values.
    private static final class Patterns {
        private static final String ENDINGS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
        private static final String REST = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        private static final String REST_WITH_SLASH =
                " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
        private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
        private static final String BEFORE = "[^\\r\\n\\p{L}\\p{N}]?";
        static final String WORDS_AND_THREE_DIGITS = ENDINGS + "|" + BEFORE + "\\p{L}+|\\p{N}{1,3}|" + REST;
        static final String WORDS_AND_DIGITS = ENDINGS + "|" + BEFORE + "\\p{L}+|\\p{N}|" + REST;
        static final String CASED_WORDS = BEFORE + UPPER + "*" + LOWER + "+|" + BEFORE + UPPER + "+" + LOWER
                + "*|\\p{N}|" + REST_WITH_SLASH;
        static final String CASED_WORDS_AND_ENDINGS = BEFORE + UPPER + "*" + LOWER + "+" + ENDINGS + "?|" + BEFORE
                + UPPER + "+" + LOWER + "*" + ENDINGS + "?|\\p{N}{1,3}|" + REST_WITH_SLASH;
    }

    static Optional<PreTokenizer> of(String name) {
        return Arrays.stream(values()).filter(pre -> pre.names.contains(name)).findFirst();
    }

    static String known() {
        return Arrays.stream(values()).flatMap(pre -> pre.names.stream()).collect(Collectors.joining(", "));
    }

    /// @return the name a GGUF gets
    String label() {
        return names.getFirst();
    }

    boolean wholeWordsFirst() {
        return wholeWordsFirst;
    }

    boolean composed() {
        return composed;
    }

    /// @return `pre_tokenizer` of a tokenizer.json
    ObjectNode json() {
        ArrayNode steps = Json.mapper().createArrayNode();
        if (this == SMOLLM) {
            steps.addObject().put("type", "Digits").put("individual_digits", true);
        }
        splits.forEach(regex -> {
            ObjectNode split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", regex);
            split.put("behavior", "Isolated").put("invert", false);
        });
        steps.add(byteLevel(splits.isEmpty()));
        ObjectNode sequence = Json.mapper().createObjectNode().put("type", "Sequence");
        sequence.set("pretokenizers", steps);
        return sequence;
    }

    /// @param words whether it cuts words as GPT-2 does
    static ObjectNode byteLevel(boolean words) {
        return Json.mapper().createObjectNode().put("type", "ByteLevel").put("add_prefix_space", false)
                .put("trim_offsets", true).put("use_regex", words);
    }
}
