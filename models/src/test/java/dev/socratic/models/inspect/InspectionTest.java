package dev.socratic.models.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.Outgoing;
import dev.socratic.models.network.Misfit;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders broken on purpose, each in one way, and the line each gives.
class InspectionTest {
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    @TempDir
    Path folder;

    @BeforeEach
    void good() {
        ModelFolders.good(folder);
    }

    /// Lines with the folder's own path left out.
    private List<String> check() {
        return Inspection.check(folder, CLOCK).stream()
                .map(defect -> defect.toString().replace(folder + "/", "").replace(folder + ": ", "")).toList();
    }

    private void config(String name, Object value) {
        Map<String, Object> config = ModelFolders.config();
        config.put(name, value);
        ModelFolders.json(folder.resolve("config.json"), config);
    }

    @Test
    void aGoodFolderHasNoDefectsAndItsFactsComeFromTheHeaders() {
        assertEquals(List.of(), check());
        ModelFacts facts = Inspection.facts(folder);
        long parameters = 400 * 8 + 2 * (8 + 64 + 32 + 32 + 64 + 8 + 128 + 128 + 128) + 8;
        assertEquals("llama", facts.family());
        assertEquals(parameters, facts.parameters());
        assertEquals(4 * parameters, facts.bytesToRun());
        assertEquals(16 * parameters, facts.bytesToTrain());
        assertEquals(Optional.of(2L * 4 * 2 * 1 * 4), facts.bytesPerPosition());
        assertEquals(20, facts.tensors());
        assertEquals(Map.of("F32", new ModelFacts.TypeFacts(20, 4 * parameters)), facts.types());
        assertEquals(Optional.of(400), facts.tokenizer());
        assertEquals(Set.of("default"), facts.templates());
        assertEquals("F32 (8, 16)", facts.shapes().get("model.layers.1.mlp.down_proj.weight"));
        assertTrue(facts.runs());
    }

    @Test
    void anAnswerThatWouldNotStopIsAnError() {
        ModelFolders.json(folder.resolve("generation_config.json"), Map.of("eos_token_id", List.of(0, 6)));
        assertEquals(
                List.of("error generation: generation_config.json: eos_token_id: 4 '<|end|>' among them, which ends "
                        + "a turn in the chat template; "
                + "got [0 '<|pad|>', 6 '</think>']; tools that read this file alone would not stop there; write "
                + "\"eos_token_id\": [4, 0, 6]"), check());
    }

    @Test
    void theConfigCountsWhereTheGenerationConfigSaysNothing() throws Exception {
        Files.delete(folder.resolve("generation_config.json"));
        assertEquals(List.of(), check());
        config("eos_token_id", 3);
        assertEquals(
                List.of("error generation: config.json: eos_token_id: 4 '<|end|>' among them, which ends a turn in "
                        + "the chat template; "
                + "got [3 '<|system|>']; tools that read this file alone would not stop there; write "
                + "\"eos_token_id\": [4, 3]"), check());
    }

    @Test
    void aTemplateThatThrowsTheReasoningAwayIsAWarning() throws Exception {
        Files.writeString(folder.resolve("chat_template.jinja"), "{% for m in messages %}<|{{ m.role }}|>"
                + "{{ m.content.split('</think>')[-1] }}<|end|>{% endfor %}"
                + "{% if add_generation_prompt %}<|assistant|>{% endif %}");
        assertEquals(List.of("warning template: an answer as it was said; got one without what stands in <think>; "
                + "a student trained on reasoning would not learn it: print message['content'] as it is in the "
                + "template"), check());
    }

    @Test
    void anEndMarkOfOrdinaryTextIsAWarning() throws Exception {
        Files.writeString(folder.resolve("chat_template.jinja"), "{% for m in messages %}<|{{ m.role }}|>"
                + "{{ m.content }}(end)\n{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}");
        assertEquals(List.of("warning template: a mark at the end of the assistant's turn; got '(end)', ordinary "
                + "text; a model trained on such text does not learn to stop; end the turn with eos_token in the "
                + "template"), check());
    }

    @Test
    void anUnknownTokenThatIsNoTokenIsAnError() {
        Path file = folder.resolve("tokenizer.json");
        ObjectNode json = (ObjectNode) Json.read(file, JsonNode.class);
        ((ObjectNode) json.get("model")).put("unk_token", "<unk>");
        ModelFolders.json(file, json);
        assertEquals(List.of(), check(), "with all 256 bytes no character is unknown");
        ((ObjectNode) json.get("model").get("vocab")).remove("z");
        ModelFolders.json(file, json);
        assertEquals(List.of("error tokenizer: tokenizer.json: model.unk_token: a token of the vocabulary; "
                + "got '<unk>', which it lacks; a text with a character that has no token cannot be read; "
                + "add the token, or name one that is there"), check());
    }

    @Test
    void notANumberAndNothingButZerosAreFound() {
        ModelFolders.weights(folder, ModelFolders.shapes(),
                Map.of("model.layers.0.mlp.up_proj.weight", Float.NaN, "model.norm.weight", 0f,
                "model.layers.1.self_attn.v_proj.weight", -0f, "model.layers.1.self_attn.q_proj.weight",
                Float.NEGATIVE_INFINITY), 2000);
        assertEquals(List.of(
                "error numbers: model.layers.0.mlp.up_proj.weight: finite numbers; got 128 NaN and 0 infinite of 128; "
                        + "take an earlier checkpoint, or another format of numbers: float16 ends at 65504",
                "error numbers: model.layers.1.self_attn.q_proj.weight: finite numbers; got 0 NaN and 64 infinite "
                        + "of 64; "
                        + "take an earlier checkpoint, or another format of numbers: float16 ends at 65504",
                "error numbers: model.layers.1.self_attn.v_proj.weight: numbers other than 0; got 32 zeros; "
                        + "the weights were saved before they were loaded, or were lost: fetch or write them again"),
                                check());
    }

    @Test
    void aConfigOfAnotherSizeIsFound() {
        config("intermediate_size", 32);
        String remedy = "the weights and config.json belong to different models";
        assertEquals(List.of(
                "error weights: model.layers.{0-1}.mlp.gate_proj.weight: shape (32, 8), as config.json says; got "
                        + "(16, 8); " + remedy,
                "error weights: model.layers.{0-1}.mlp.up_proj.weight: shape (32, 8), as config.json says; got (16, "
                        + "8); " + remedy,
                "error weights: model.layers.{0-1}.mlp.down_proj.weight: shape (8, 32), as config.json says; got "
                        + "(8, 16); " + remedy), check());
    }

    @Test
    void missingLayersAndTensorsAreFound() {
        config("num_hidden_layers", 4);
        assertEquals(
                List.of("error weights: model.layers: layers 0 to 3, as config.json says; got none with number [2, 3]; "
                + "fetch the missing shards, or mend num_hidden_layers"), check());
        config("num_hidden_layers", 1);
        assertEquals(List.of("error weights: model.layers: layers 0 to 0, as config.json says; got one with number 1; "
                + "mend num_hidden_layers, or remove the layers that were cut"), check());
        config("num_hidden_layers", 2);
        Map<String, List<Long>> shapes = ModelFolders.shapes();
        shapes.remove("model.layers.1.mlp.gate_proj.weight");
        shapes.remove("model.layers.0.input_layernorm.weight");
        ModelFolders.weights(folder, shapes, Map.of(), ModelFolders.ALL);
        assertEquals(List.of(
                "error weights: model.layers.0.input_layernorm.weight: a tensor of shape (8), as config.json says; "
                        + "got none; "
                        + "fetch the weights again, or mend config.json: its model has this tensor",
                "error weights: model.layers.1.mlp.gate_proj.weight: a tensor of shape (16, 8), as config.json "
                        + "says; got none; "
                        + "fetch the weights again, or mend config.json: its model has this tensor"), check());
    }

    @Test
    void aTensorThatNoLayerHasIsFoundAndOneThatNoneShouldHave() {
        Map<String, List<Long>> shapes = ModelFolders.shapes();
        List.of(0, 1).forEach(layer -> shapes.remove("model.layers." + layer + ".self_attn.k_proj.weight"));
        List.of(0, 1).forEach(layer -> shapes.put("model.layers." + layer + ".self_attn.q_norm.weight", List.of(4L)));
        shapes.put("model.layers.1.mlp.gate_proj.bias", List.of(16L));
        shapes.remove("model.norm.weight");
        ModelFolders.weights(folder, shapes, Map.of(), ModelFolders.ALL);
        String unknown = ": only tensors that a llama has; got this one; "
                + "the model computes something that this version does not, or model_type in config.json is another's";
        assertEquals(List.of(
                "error weights: model.layers.{0-1}.self_attn.k_proj.weight: a tensor of shape (4, 8), as "
                        + "config.json says; got none; "
                        + "fetch the weights again, or mend config.json: its model has this tensor",
                "error weights: model.norm.weight: a tensor of shape (8), as config.json says; got none; "
                        + "fetch the weights again, or mend config.json: its model has this tensor",
                "error weights: model.layers.{0-1}.self_attn.q_norm.weight" + unknown,
                "error weights: model.layers.1.mlp.gate_proj.bias" + unknown), check());
    }

    /// No family's own tensors are called missing or unknown.
    @Test
    void everyFixtureOfEveryFamilyFitsItsPlan() throws Exception {
        int folders = 0;
        for (String kind : List.of("families", "encoders")) {
            for (Path folder : Files.list(Path.of("src/test/resources", kind)).sorted().toList()) {
                assertEquals(List.of(), weights(folder));
                folders++;
            }
        }
        assertTrue(folders >= 24, "" + folders);
    }

    @Test
    void aModelInEightBitsIsWholeAndOneWithoutAScaleIsNot() throws Exception {
        Path fixture = Path.of("src/test/resources/eight_bit/int8_row");
        assertEquals(List.of(), weights(fixture));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(fixture.resolve(name), folder.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        try (Checkpoint checkpoint = Checkpoint.open(fixture)) {
            CheckpointWriter.write(folder,
                    checkpoint.tensors().keySet().stream().filter(name -> !name.endsWith("q_proj.weight_scale"))
                    .map(name -> Outgoing.copied(checkpoint.file(name), name)).toList(), 1 << 20);
        }
        assertEquals(
                List.of("error weights: " + folder
                        + ": model.layers.0.self_attn.q_proj.weight: a scale for its 8 bits, "
                + "model.layers.0.self_attn.q_proj.weight_scale; got none; fetch the weights again, or take the "
                + "model before it was quantised"), weights(folder));
    }

    private static List<String> weights(Path folder) {
        return Inspection.check(folder, CLOCK).stream().filter(defect -> defect.check().equals("weights"))
                .map(Defect::toString).toList();
    }

    @Test
    void missingExpertsAreOneLineWithTheirNumbers() {
        List<Misfit> misfits = new java.util.ArrayList<>();
        for (int layer : List.of(0, 1, 2, 5)) {
            for (int expert : List.of(1, 2, 3, 7)) {
                misfits.add(new Misfit(Misfit.Kind.MISSING,
                        "model.layers.%s.mlp.experts.%s.up_proj.weight".formatted(layer, expert), "a tensor", "none"));
            }
        }
        misfits.add(new Misfit(Misfit.Kind.MISSING, "model.layers.6.mlp.experts.0.up_proj.weight", "a tensor", "none"));
        assertEquals(
                List.of("here: model.layers.{0-2,5}.mlp.experts.{1-3,7}.up_proj.weight",
                        "here: model.layers.6.mlp.experts.0.up_proj.weight"),
                new PlanCheck("here").run(misfits).stream().map(defect -> defect.problem().place()).toList());
    }

    @Test
    void aHeadThatIsPromisedAndNotThereIsFound() {
        config("tie_word_embeddings", false);
        assertEquals(
                List.of("error weights: lm_head.weight: a head, for config.json says it is not the embedding; got "
                        + "none; "
                + "write tie_word_embeddings: true if the head is the embedding, or fetch the weights again"), check());
    }

    @Test
    void aTokenizerOfAnotherModelIsFound() {
        config("vocab_size", 300);
        Map<String, List<Long>> shapes = ModelFolders.shapes();
        shapes.put("model.embed_tokens.weight", List.of(300L, 8L));
        ModelFolders.weights(folder, shapes, Map.of(), ModelFolders.ALL);
        assertEquals(
                List.of("error tokenizer: tokenizer.json: ids below 300, the rows of the embedding; got ids up to 399; "
                + "the tokenizer and the weights belong to different models, or the embedding was not resized"),
                        check());
    }

    @Test
    void specialTokensThatDisagreeAreFound() {
        Path file = folder.resolve("tokenizer_config.json");
        ModelFolders.replace(file, "\"pad_token\" : \"<|pad|>\"",
                "\"pad_token\" : \"<|end|>\", \"mask_token\" : \"[MASK]\"");
        ModelFolders.replace(file, "\"content\" : \"</think>\"", "\"content\" : \"<|done|>\"");
        assertEquals(Set.of(
                "error tokenizer: tokenizer_config.json: mask_token: a token that tokenizer.json has; got '[MASK]'; "
                        + "add it to the tokenizer, or name the one the model was trained with",
                "error tokenizer: tokenizer_config.json: added_tokens_decoder.6: '</think>', as in tokenizer.json; "
                        + "got '<|done|>'; "
                        + "one of the two files is of another version: fetch both again",
                "warning tokenizer: config.json: pad_token_id: 4, the tokenizer's '<|end|>'; got 0 '<|pad|>'; "
                        + "make the two files say the same; the tokenizer's counts here",
                "warning tokenizer: tokenizer_config.json: pad_token: another token than eos_token; got '<|end|>' "
                        + "for both; "
                        + "tools that mask padding in the loss then never teach the end of an answer; give padding "
                        + "a token of its own"), Set.copyOf(check()));
    }

    @Test
    void aTemplateOfAnotherTokenizerIsFound() {
        ModelFolders.text(folder.resolve("chat_template.jinja"),
                "{% for m in messages %}<|im_start|>{{ m.role }} {{ m.content }}<|end|>{% endfor %}"
                + "{% if add_generation_prompt %}<|im_start|>assistant {% endif %}");
        String encoded = check().getFirst();
        assertTrue(encoded.startsWith("error template: marks that are one token each; got '<|im_start|>', which is "),
                encoded);
    }

    @Test
    void aTemplateThatIsBrokenOrEndsNoTurnIsFound() {
        Path file = folder.resolve("chat_template.jinja");
        ModelFolders.text(file, "{% for m in messages %}{{ m.content }}");
        assertTrue(check().getFirst().startsWith("error template: chat_template.jinja:1: a chat template; got '"),
                check().toString());
        ModelFolders.text(file,
                "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}{% if add_generation_prompt "
                        + "%}<|assistant|>{% endif %}");
        assertEquals(List.of("warning template: " + folder + ": a mark at the end of the assistant's turn; got none; "
                + "a model trained on such text does not learn to stop; end the turn with eos_token in the template"),
                Inspection.check(folder, CLOCK).stream().map(Defect::toString).toList());
    }

    @Test
    void aBeginningThatComesTwiceIsFound() {
        Path file = folder.resolve("tokenizer_config.json");
        ModelFolders.replace(file, "\"bos_token\" : null", "\"bos_token\" : \"<|system|>\", \"add_bos_token\" : true");
        String turns =
                "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if "
                        + "add_generation_prompt %}<|assistant|>{% endif %}";
        ModelFolders.text(folder.resolve("chat_template.jinja"), "{{ bos_token }}" + turns);
        assertEquals(
                List.of("warning template: " + folder
                        + ": '<|system|>' from the template or from the tokenizer; got both; "
                + "here the tokenizer adds none; in other tools encode rendered chats with add_special_tokens=False"),
                Inspection.check(folder, CLOCK).stream().map(Defect::toString).toList());
        ModelFolders.text(folder.resolve("chat_template.jinja"), "{{ bos_token }}{{ bos_token }}" + turns);
        assertEquals(
                List.of("error template: " + folder
                        + ": texts that begin with one '<|system|>'; got two; take one out of the template"),
                Inspection.check(folder, CLOCK).stream().map(Defect::toString).toList());
    }

    @Test
    void everyBrokenShardIsNamedAndTheOthersAreStillRead() throws Exception {
        ModelFolders.weights(folder, ModelFolders.shapes(), Map.of("model.layers.1.mlp.up_proj.weight", Float.NaN),
                1000);
        long shards = Files.list(folder).filter(file -> file.getFileName().toString().matches("model-.*\\.safetensors"))
                .count();
        assertEquals(8, shards);
        try (RandomAccessFile raw = new RandomAccessFile(folder.resolve("model-00001-of-00008.safetensors").toFile(),
                "rw")) {
            raw.setLength(raw.length() - 1);
        }
        Files.delete(folder.resolve("model-00002-of-00008.safetensors"));
        List<String> lines = check();
        assertEquals(
                "error weights: model-00001-of-00008.safetensors: a safetensors header with 12800 bytes of data; "
                        + "got 12799; "
                + "the file is damaged or not safetensors; fetch or write it again", lines.get(0));
        assertEquals(
                "error weights: model-00002-of-00008.safetensors: a file that exists; got none there; check the path",
                        lines.get(1));
        assertTrue(lines.stream()
                .anyMatch(line -> line.startsWith("error numbers: model.layers.1.mlp.up_proj.weight: finite numbers")),
                        lines.toString());
    }

    @Test
    void anIndexThatCountsWrongIsFound() throws Exception {
        ModelFolders.weights(folder, ModelFolders.shapes(), Map.of(), 2000);
        Path index = folder.resolve("model.safetensors.index.json");
        String total = Files.readString(index).replaceAll("(?s).*total_size\" : (\\d+).*", "$1");
        ModelFolders.replace(index, total, "7");
        assertEquals(
                List.of(("warning weights: model.safetensors.index.json: metadata.total_size: %s, the bytes of all "
                        + "tensors; got 7; ").formatted(total)
                + "some loaders plan their memory by it; write " + total), check());
    }

    @Test
    void brokenFilesOfEveryKindAreNamedTogether() throws Exception {
        Files.move(folder.resolve("model.safetensors"), folder.resolve("pytorch_model.bin"));
        ModelFolders.text(folder.resolve("config.json"), "{");
        ModelFolders.text(folder.resolve("generation_config.json"), "[]");
        Files.delete(folder.resolve("tokenizer.json"));
        List<String> lines = check();
        assertEquals(4, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("error config: config.json:"), lines.get(0));
        assertTrue(lines.get(1).startsWith("error weights: pytorch_model.bin: weights as safetensors; got a pickle"),
                lines.get(1));
        assertTrue(lines.get(2).startsWith("error config: generation_config.json: a JSON object; got another value"),
                lines.get(2));
        assertTrue(lines.get(3)
                .startsWith("error tokenizer: tokenizer.json: a Hugging Face tokenizer.json; got no such file"),
                        lines.get(3));
        assertThrows(DataException.class, () -> Inspection.facts(folder));
    }

    @Test
    void anEncoderRunsToo() {
        ModelFolders.json(folder.resolve("config.json"),
                Map.of("model_type", "bert", "vocab_size", 400, "hidden_size", 8, "num_hidden_layers", 2,
                "num_attention_heads", 2, "intermediate_size", 16, "max_position_embeddings", 64, "type_vocab_size",
                2));
        assertTrue(Inspection.facts(folder).runs());
    }

    @Test
    void aFamilyThisVersionCannotRunIsDescribedAllTheSame() {
        config("model_type", "some_new_thing");
        List<Defect> defects = Inspection.check(folder, CLOCK);
        assertFalse(defects.isEmpty());
        assertTrue(defects.stream().allMatch(defect -> defect.check().equals("config")), defects.toString());
        assertEquals(Defect.Severity.WARNING, defects.getFirst().severity(), "the folder may be all right");
        ModelFacts facts = Inspection.facts(folder);
        assertFalse(facts.runs());
        assertEquals("some_new_thing", facts.family());
        assertEquals(Optional.of(2L), facts.layers());
    }
}
