package dev.socratic.trainer;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// A model folder for tests: a byte-level tokenizer of the 256 bytes, whatever merges and added tokens a test wants, a
/// chat template, and a llama of random weights.
public final class TinyModel {
    public static final String CHATML = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content "
            + "}}<|im_end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    private final List<String[]> merges = new ArrayList<>();
    private final Map<String, Consumer<ObjectNode>> added = new LinkedHashMap<>();
    private final Map<String, Object> tokenizerConfig = new LinkedHashMap<>(Map.of("tokenizer_class",
            "PreTrainedTokenizerFast"));
    private Consumer<ObjectNode> edit = file -> {};
    private boolean wordSplit = true;
    private String template = "";
    private int rows = 288;
    private long seed = 7;
    private int context = 256;
    private List<Long> eos = List.of();
    private OptionalLong written = OptionalLong.empty();

    public TinyModel merge(String left, String right) {
        merges.add(new String[] {left, right});
        return this;
    }

    public TinyModel added(String... contents) {
        for (String content : contents) {
            added.put(content, token -> {});
        }
        return this;
    }

    public TinyModel stripping(String content, boolean left, boolean right) {
        added.put(content, token -> token.put("lstrip", left).put("rstrip", right));
        return this;
    }

    /// A line's end may be in one token with what stands before it.
    public TinyModel withoutWordSplit() {
        wordSplit = false;
        return this;
    }

    public TinyModel template(String text) {
        template = text;
        return this;
    }

    public TinyModel says(String field, Object value) {
        tokenizerConfig.put(field, value);
        return this;
    }

    public TinyModel edited(Consumer<ObjectNode> more) {
        edit = edit.andThen(more);
        return this;
    }

    public TinyModel rows(int count) {
        rows = count;
        return this;
    }

    /// @param number of its weights; 7 where nobody says
    public TinyModel seeded(long number) {
        seed = number;
        return this;
    }

    public TinyModel context(int tokens) {
        context = tokens;
        return this;
    }

    /// @param ids that `config.json` names
    public TinyModel eos(Long... ids) {
        eos = List.of(ids);
        return this;
    }

    /// Whatever it reads, this is the likeliest token.
    public TinyModel alwaysWrites(long id) {
        written = OptionalLong.of(id);
        return this;
    }

    /// @return id of an added token
    public long id(String content) {
        return 256 + merges.size() + List.copyOf(added.keySet()).indexOf(content);
    }

    public Path write(Path folder) {
        try {
            Files.createDirectories(folder);
            ObjectNode file = tokenizer();
            edit.accept(file);
            Files.writeString(folder.resolve("tokenizer.json"), Json.pretty(file));
            Files.writeString(folder.resolve("tokenizer_config.json"), Json.pretty(tokenizerConfig));
            if (!template.isEmpty()) {
                Files.writeString(folder.resolve("chat_template.jinja"), template);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SpecialTokens special = new SpecialTokens(OptionalLong.empty(), eos, OptionalLong.empty());
        ModelConfig shape = ModelConfig.llama(rows, 16, 1, 2, 1, 24, context, true, special).withInitializerRange(0.3);
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(shape, seed, manager)) {
            written.ifPresent(id -> {
                decoder.weights().values().stream().filter(weight -> weight.getShape().dimension() == 2)
                        .forEach(weight -> weight.muli(0));
                decoder.embedding().addi(0.1f);
                decoder.embedding().get(id).addi(1f);
            });
            decoder.save(folder, DType.F32);
        }
        return folder;
    }

    private ObjectNode tokenizer() {
        ObjectNode file = Json.mapper().createObjectNode();
        file.put("version", "1.0").putNull("truncation").putNull("padding").putNull("normalizer");
        ObjectNode model = file.putObject("model").put("type", "BPE").put("byte_fallback", false)
                .put("ignore_merges", false);
        ObjectNode vocab = model.putObject("vocab");
        for (int value = 0; value < 256; value++) {
            vocab.put(spelled(value), value);
        }
        merges.forEach(pair -> vocab.put(pair[0] + pair[1], vocab.size()));
        merges.forEach(pair -> model.withArray("merges").addArray().add(pair[0]).add(pair[1]));
        model.withArray("merges");
        file.putArray("added_tokens");
        added.forEach((content, flags) -> {
            ObjectNode token = file.withArray("added_tokens").addObject().put("id", id(content)).put("content", content)
                    .put("single_word", false).put("lstrip", false).put("rstrip", false).put("normalized", false)
                            .put("special", true);
            flags.accept(token);
        });
        file.putObject("pre_tokenizer").put("type", "ByteLevel").put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", wordSplit);
        file.putNull("post_processor");
        file.putObject("decoder").put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", false)
                .put("use_regex", true);
        return file;
    }

    /// GPT-2's letter of a byte.
    private static String spelled(int value) {
        int odd = 0;
        for (int other = 0; other < value; other++) {
            odd += prints(other) ? 0 : 1;
        }
        return String.valueOf((char) (prints(value) ? value : 256 + odd));
    }

    private static boolean prints(int value) {
        return value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE;
    }
}
