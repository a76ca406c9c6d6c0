package dev.socratic.trainer.plan.memory;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// A training whose memory is foretold and then measured: a family's fixture made larger, rows that fill every
/// micro-batch, two steps.
///
/// @param name      of the case
/// @param family    a folder of the fixtures of the module `models`
/// @param width     hidden size
/// @param layers    how many
/// @param vocab     rows of embedding and head
/// @param rows      of a micro-batch
/// @param seq       tokens of each
/// @param objective a preset
/// @param more      further keys of the config, one a line
record MeasuredCase(String name, String family, int width, int layers, int vocab, int rows, int seq, String objective,
        String more) {
    private static final Path FIXTURES = Path.of("../models/src/test/resources/families");

    /// @return the same with arrays of next to nothing, after which the process takes what it takes besides
    MeasuredCase small() {
        return new MeasuredCase("warm", family, 64, 1, 512, 2, 160, objective,
                more.replaceAll("WIDTH [0-9]+", "WIDTH 64"));
    }

    /// Writes models and rows below a folder.
    ///
    /// @return the config's file
    Path write(Path root) throws IOException {
        Path student = model(root.resolve("student"), width);
        StringBuilder rowsFile = new StringBuilder();
        for (int i = 0; i < 4 * rows; i++) {
            rowsFile.append(row(i)).append('\n');
        }
        Path data = Files.writeString(root.resolve("rows.jsonl"), rowsFile);
        boolean folder = more.contains("adapter:");
        String yaml = """
                name: measured
                student: {%s: {path: "%s"}}
                tokenizer: {folder: {path: "%s"}}
                data: {file: {path: "%s"}}
                objective: %s
                loss_on: %s
                bos: never
                budget: {steps: {n: 3}}
                batch_tokens: %s
                micro_tokens: %s
                max_seq: %s
                shuffle_buffer: 64
                checkpoint_every: 100
                """.formatted(folder ? "folder" : "architecture", student, student, data, objective,
                chat() ? "assistant" : "all", 2 * rows * seq, rows * seq, seq + 1);
        if (more.contains("teacher: WIDTH")) {
            int wide = Integer.parseInt(more.replaceAll("(?s).*teacher: WIDTH ([0-9]+).*", "$1"));
            Path teacher = model(root.resolve("teacher"), wide);
            yaml += more.replaceAll("teacher: WIDTH [0-9]+", "teacher: \"%s\"".formatted(teacher));
        } else {
            yaml += more;
        }
        return Files.writeString(root.resolve("train.yaml"), yaml + "\n");
    }

    private boolean chat() {
        return objective.equals("dpo") || objective.equals("simpo") || objective.startsWith("on_policy")
                || objective.equals("gkd");
    }

    private String row(int number) {
        String letters = "%03d".formatted(number);
        if (objective.equals("dpo") || objective.equals("simpo")) {
            String prompt = "p".repeat(8);
            int left = seq - 8 - 54;
            return "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}".formatted(prompt,
                    letters + "a".repeat(left), letters + "b".repeat(left));
        }
        if (chat()) {
            return "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}, {\"role\": \"assistant\", \"content\": "
                    .formatted("p".repeat(seq / 2) + letters) + "\"%s\"}]}".formatted("a".repeat(seq / 2 - 70));
        }
        return "{\"text\": \"%s\"}".formatted(letters + "a".repeat(seq - 3));
    }

    /// A folder with a byte-level tokenizer and the weights of the case's shape.
    private Path model(Path folder, int hidden) throws IOException {
        TinyModel tiny = new TinyModel().rows(vocab).added("<|im_start|>", "<|im_end|>").eos(257L)
                .says("eos_token", "<|im_end|>").template(TinyModel.CHATML);
        tiny.write(folder);
        ObjectNode config = (ObjectNode) Json.mapper().readTree(
                Files.readString(FIXTURES.resolve(family).resolve("config.json")));
        grow(config, hidden);
        Files.writeString(folder.resolve("config.json"), Json.pretty(config));
        try (NDManager manager = Engines.manager();
                Decoder decoder = Decoder.random(ModelConfig.read(folder), 1, manager)) {
            decoder.save(folder, DType.F32);
        }
        return folder;
    }

    private void grow(ObjectNode config, int hidden) {
        int heads = Math.max(4, hidden / 64);
        boolean gpt2 = family.equals("gpt2");
        config.put("vocab_size", vocab);
        config.put(gpt2 ? "n_embd" : "hidden_size", hidden);
        config.put(gpt2 ? "n_layer" : "num_hidden_layers", layers);
        config.put(gpt2 ? "n_head" : "num_attention_heads", heads);
        config.put(gpt2 ? "n_positions" : "max_position_embeddings", 4096);
        if (gpt2) {
            config.remove("n_ctx");
        }
        if (config.has("num_key_value_heads")) {
            config.put("num_key_value_heads", heads / 2);
        }
        if (config.has("head_dim")) {
            config.put("head_dim", hidden / heads);
        }
        if (config.has("query_pre_attn_scalar")) {
            config.put("query_pre_attn_scalar", hidden / heads);
        }
        config.put("sliding_window", 4096);
        config.put(gpt2 ? "n_inner" : "intermediate_size", 3 * hidden);
        if (config.has("moe_intermediate_size")) {
            config.put("moe_intermediate_size", hidden);
        }
        config.remove(java.util.List.of("layer_types", "no_rope_layers", "bos_token_id", "eos_token_id",
                "pad_token_id"));
        if (family.equals("smollm3")) {
            config.put("no_rope_layer_interval", 4);
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s: %s, %s wide, %s layers, %s words, %s x %s tokens, %s", name, family,
                width, layers, vocab, rows, seq, objective);
    }
}
