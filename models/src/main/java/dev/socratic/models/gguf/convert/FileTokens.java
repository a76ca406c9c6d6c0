package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.models.checkpoint.PublishedJson;
import dev.socratic.models.gguf.MetadataValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The vocabulary of a `tokenizer.json` as a GGUF keeps it: byte-level BPE with its merges (`gpt2`), or SentencePiece's
/// BPE with a score for each token (`llama`).
///
/// Ids of the embedding without a token are called `[PAD7]` and of the kind that is never used.
final class FileTokens {
    private static final String REMEDY = "llama.cpp has no name for this one, and would read texts otherwise";

    private static final List<String> OF_PHI3 = List.of("</s>", "<unk>", "<s>", "<|endoftext|>");

    private final Path file;
    private final JsonNode tokenizer;
    private final JsonNode model;
    private final int rows;

    /// @param rows of the embedding
    FileTokens(Path folder, int rows) {
        this.file = folder.resolve("tokenizer.json");
        this.tokenizer = PublishedJson.read(file);
        this.model = tokenizer.path("model");
        this.rows = rows;
    }

    /// @throws DataException if llama.cpp knows no such tokenizer
    Map<String, MetadataValue> values() {
        if (!model.path("type").asText("BPE").equals("BPE") || !model.has("merges")) {
            throw new DataException(file + ": model.type", "BPE", "'%s'".formatted(model.path("type").asText()),
                    REMEDY);
        }
        boolean pieces = model.path("byte_fallback").asBoolean() && Steps.of(tokenizer.path("pre_tokenizer")).stream()
                .noneMatch(step -> step.startsWith("ByteLevel"));
        Map<String, MetadataValue> values = new LinkedHashMap<>();
        values.put("tokenizer.ggml.model", new MetadataValue.Text(pieces ? "llama" : "gpt2"));
        values.put("tokenizer.ggml.pre", new MetadataValue.Text(pieces ? "default" : pre().label()));
        String[] tokens = new String[rows];
        int[] kinds = new int[rows];
        Arrays.setAll(tokens, id -> "[PAD%s]".formatted(id));
        Arrays.fill(kinds, Vocabulary.UNUSED);
        model.path("vocab").properties().forEach(token -> put(tokens, kinds, token.getValue().asLong(), token.getKey(),
                kind(token.getKey(), pieces)));
        tokenizer.path("added_tokens").forEach(token -> put(tokens, kinds, token.path("id").asLong(-1),
                token.path("content").asText(), added(token, pieces)));
        values.put(Vocabulary.TOKENS, new MetadataValue.Texts(List.of(tokens)));
        values.put(Vocabulary.KINDS, MetadataValue.Numbers.int32(kinds));
        if (pieces) {
            values.put("tokenizer.ggml.scores", MetadataValue.Numbers.float32(scores(tokens)));
            values.put("tokenizer.ggml.add_space_prefix", new MetadataValue.Flag(PieceText.prefix(file, tokenizer)));
        } else {
            values.put("tokenizer.ggml.merges", new MetadataValue.Texts(merges().stream()
                    .map(merge -> merge[0] + " " + merge[1]).toList()));
        }
        return values;
    }

    /// llama.cpp takes away blanks behind control tokens where a model is called Phi-3, and then wants four tokens to
    /// be there.
    ///
    /// @param name of the model
    /// @return what to call it, so that texts are read as here
    String named(String name, GgufFamily family) {
        boolean strips = family == GgufFamily.PHI3 && stripping() > 0 && OF_PHI3.stream().allMatch(token ->
                model.path("vocab").has(token) || tokenizer.path("added_tokens").valueStream()
                        .anyMatch(added -> added.path("content").asText().equals(token)));
        boolean called = name.toLowerCase(Locale.ROOT).matches(".*phi-?3.*");
        return strips == called ? name : strips ? name + " (phi-3)" : name.replaceAll("(?i)phi-?3", "Phi 3");
    }

    /// @return what llama.cpp reads otherwise, to tell the user; empty if nothing
    Optional<String> blanksKept(GgufFamily family) {
        return stripping() > 0 && !named("", family).contains("phi-3")
                ? Optional.of("llama.cpp keeps the blanks beside %s control tokens, which tokenizer.json takes away"
                .formatted(stripping())) : Optional.empty();
    }

    private long stripping() {
        return tokenizer.path("added_tokens").valueStream().filter(token -> token.path("special").asBoolean()
                && (token.path("rstrip").asBoolean() || token.path("lstrip").asBoolean())).count();
    }

    private int kind(String token, boolean pieces) {
        boolean unknown = token.equals(model.path("unk_token").asText(""));
        return !pieces ? Vocabulary.NORMAL : unknown ? Vocabulary.UNKNOWN
                : token.matches("<0x[0-9A-F]{2}>") ? Vocabulary.BYTE : Vocabulary.NORMAL;
    }

    private int added(JsonNode token, boolean pieces) {
        boolean unknown = pieces && token.path("content").asText().equals(model.path("unk_token").asText(""));
        return unknown ? Vocabulary.UNKNOWN
                : token.path("special").asBoolean() ? Vocabulary.CONTROL : Vocabulary.USER_DEFINED;
    }

    private void put(String[] tokens, int[] kinds, long id, String token, int kind) {
        if (id < 0 || id >= rows) {
            throw new DataException(file.toString(), "ids below %s, the rows of the embedding".formatted(rows), "" + id,
                    "the tokenizer and the weights belong to different models");
        }
        tokens[(int) id] = kind == Vocabulary.USER_DEFINED ? token.replace('\u2581', ' ') : token;
        kinds[(int) id] = kind;
    }

    private PreTokenizer pre() {
        List<String> given = Steps.of(tokenizer.path("pre_tokenizer"));
        boolean whole = model.path("ignore_merges").asBoolean(false);
        List<String> normal = Steps.of(tokenizer.path("normalizer"));
        return Stream.of(PreTokenizer.values())
                .filter(pre -> Steps.of(pre.json()).equals(given) && pre.wholeWordsFirst() == whole)
                .filter(pre -> normal.isEmpty() || pre.composed() && normal.equals(List.of("NFC")))
                .findFirst().orElseThrow(() -> new DataException(file + ": pre_tokenizer",
                        "a way to cut text that llama.cpp knows",
                        shown(given) + (normal.isEmpty() ? "" : " after " + shown(normal)), REMEDY));
    }

    private static String shown(List<String> steps) {
        String text = String.join(", ", steps);
        return "'%s'".formatted(text.length() > 120 ? text.substring(0, 120) + "..." : text);
    }

    /// Newer files write pairs, older ones a text with a blank.
    private List<String[]> merges() {
        List<String[]> merges = new ArrayList<>();
        model.path("merges").forEach(merge -> merges.add(merge.isArray()
                ? new String[] {merge.path(0).asText(), merge.path(1).asText()} : merge.asText().split(" ", 2)));
        return merges;
    }

    /// What a token's merge is worth: earlier ones more, so that the best pair is the one merged first.
    private float[] scores(String[] tokens) {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        merges().forEach(merge -> ranks.putIfAbsent(merge[0] + merge[1], ranks.size()));
        float[] scores = new float[tokens.length];
        for (int id = 0; id < tokens.length; id++) {
            scores[id] = -ranks.getOrDefault(tokens[id], ranks.size());
        }
        return scores;
    }
}
