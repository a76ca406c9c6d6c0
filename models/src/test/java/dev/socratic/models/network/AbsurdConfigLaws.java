package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing that stands in a config.json is a bug of ours: each value is refused by name, or the model computes numbers
/// with it.
class AbsurdConfigLaws {
    private static final List<String> VALUES = List.of("-1", "0", "3", "2147483647", "4294967296", "0.5", "1e300",
            "NaN", "true", "\"x\"",
            "null", "[]", "[-1]", "[\"full_attention\"]", "{}");

    @TempDir
    Path folder;

    static List<String> folders() throws IOException {
        List<String> all = new ArrayList<>();
        for (String kind : List.of("families", "encoders")) {
            try (Stream<Path> list = Files.list(Path.of("src/test/resources", kind))) {
                list.sorted().forEach(one -> all.add(kind + "/" + one.getFileName()));
            }
        }
        return all;
    }

    /// @return the config with one field changed, for every field, those of ropes too, and every value
    private static List<String> changed(JsonNode config, List<String> values) {
        List<String> all = new ArrayList<>();
        List<String> fields = new ArrayList<>(List.of("rope_parameters", "rope_scaling", "sliding_window",
                "layer_types", "no_rope_layers", "tie_word_embeddings",
                "partial_rotary_factor", "head_dim", "pad_token_id", "eos_token_id", "quantization_config"));
        config.fieldNames().forEachRemaining(fields::add);
        for (String field : fields) {
            values.forEach(value -> all.add(with((ObjectNode) config, field, value)));
        }
        for (String rope : List.of("rope_scaling", "rope_parameters")) {
            config.path(rope).fieldNames().forEachRemaining(field -> values.forEach(value -> {
                ObjectNode copy = config.deepCopy();
                all.add(with(copy, rope, with((ObjectNode) copy.get(rope), field, value)));
            }));
        }
        return all;
    }

    private static String with(ObjectNode object, String field, String value) {
        ObjectNode rest = object.deepCopy();
        rest.remove(field);
        String text = rest.toString();
        return text.substring(0, text.length() - 1) + (rest.isEmpty() ? "" : ", ") + "\"" + field + "\": " + value
                + "}";
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyValueOfEveryFieldIsReadOrRefusedByName(String name) throws Exception {
        JsonNode config = Json.read(Path.of("src/test/resources", name, "config.json"), JsonNode.class);
        int refused = 0;
        for (String text : changed(config, VALUES)) {
            Path file = folder.resolve("config.json");
            Files.writeString(file, text);
            try {
                Object read = EncoderConfig.isOf(folder) ? EncoderConfig.read(folder) : ModelConfig.read(folder);
                assertTrue(read != null);
            } catch (SocraticException problem) {
                refused++;
                problem.problems().forEach(line ->
                        assertTrue(line.place().startsWith(file + ": "), line + " for " + text));
            } catch (RuntimeException bug) {
                throw new AssertionError(text, bug);
            }
        }
        assertTrue(refused > 50, "refused " + refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama_yarn", "phi3_long", "qwen3_moe"})
    void whatIsNotRefusedComputesNumbers(String name) throws Exception {
        Engines.threads(1);
        Path fixture = Path.of("src/test/resources/families", name);
        Files.copy(fixture.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        JsonNode config = Json.read(fixture.resolve("config.json"), JsonNode.class);
        List<String> silent = new ArrayList<>();
        List<String> values = List.of("-1", "0", "2147483647", "1e300");
        try (NDManager manager = Engines.manager()) {
            for (String text : changed(config, values)) {
                Files.writeString(folder.resolve("config.json"), text);
                try (Decoder decoder = Decoder.load(folder, manager); NDManager step = manager.newSubManager()) {
                    NDArray states = decoder.forward(step.create(new long[][] {text(decoder)}), Set.of(), false)
                            .states();
                    if (!Float.isFinite(states.abs().sum().getFloat())) {
                        silent.add(text);
                    }
                } catch (SocraticException refused) {
                    // Said by name.
                } catch (RuntimeException bug) {
                    throw new AssertionError(text, bug);
                }
            }
        }
        assertEquals(List.of(), silent);
    }

    private static long[] text(Decoder decoder) {
        return LongStream.range(1, 1 + Math.min(12, decoder.config().context())).toArray();
    }

    /// Values that compute something, and nothing that the model's authors meant.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rms_norm_eps|-1|rms_norm_eps: a number above 0.0 and at most 1.0; got -1.0",
        "rms_norm_eps|0|rms_norm_eps: a number above 0.0 and at most 1.0; got 0.0",
        "rope_theta|-1|rope_theta: a number above 1.0 and at most 1.0E15; got -1.0",
        "rope_theta|0|rope_theta: a number above 1.0 and at most 1.0E15; got 0.0",
        "rope_theta|1e300|rope_theta: a number above 1.0 and at most 1.0E15; got 1.0E300",
        "rope_scaling|\"x\"|rope_scaling: a JSON object, or null; got \"x\"",
        "rope_scaling|5|rope_scaling: a JSON object, or null; got 5",
        "rope_parameters|[]|rope_parameters: a JSON object, or null; got []",
        "rope_scaling|{\"rope_type\": \"linear\", \"factor\": 0}|rope_scaling: factor: a number above 0.0 and at "
                + "most 1000000.0; got 0.0",
        "rope_scaling|{\"rope_type\": \"yarn\", \"factor\": -1}|rope_scaling: factor: a number above 0.0 and at "
                + "most 1000000.0; got -1.0",
        "num_hidden_layers|-1|num_hidden_layers: a whole number from 1 to 10000; got -1",
        "hidden_size|-32|hidden_size: a whole number from 1 to 1048576; got -32",
        "num_key_value_heads|-2|num_key_value_heads: a whole number from 1 to 16384; got -2",
        "vocab_size|4294967296|vocab_size: a whole number; got 4294967296",
        "rope_theta|Infinity|rope_theta: a number; got Infinity",
    })
    void anAbsurdNumberIsRefusedByName(String field, String value, String message) throws Exception {
        JsonNode config = Json.read(Path.of("src/test/resources/families/mistral/config.json"), JsonNode.class);
        Path file = folder.resolve("config.json");
        Files.writeString(file, with((ObjectNode) config, field, value));
        List<Problem> problems = assertThrows(SocraticException.class, () -> ModelConfig.read(folder)).problems();
        Problem first = problems.getFirst();
        assertEquals(message, new Problem(first.place().replace(file + ": ", ""), first.expected(), first.got(), "")
                .toString());
        assertTrue(Set.of("", "take config.json from where the model was published").contains(first.remedy()),
                first.remedy());
    }

    @Test
    void whatNobodyReadsMayBeNoNumberAndMinusOneIsNoToken() throws Exception {
        JsonNode config = Json.read(Path.of("src/test/resources/families/mistral/config.json"), JsonNode.class);
        String odd = with((ObjectNode) config, "time_step_limit", "[0.0, Infinity, -Infinity, NaN]");
        Files.writeString(folder.resolve("config.json"),
                odd.replaceFirst("\"pad_token_id\":\\s*\\d+", "\"pad_token_id\": -1"));
        ModelConfig read = ModelConfig.read(folder);
        assertTrue(read.special().pad().isEmpty());
        assertEquals(List.of(63L), read.special().eos());
    }

    /// transformers from 5.8 on calls experts otherwise; GPT-2's fields have two names in every version.
    @ParameterizedTest
    @CsvSource({"qwen3_moe,num_experts,num_local_experts", "mixtral,num_local_experts,num_experts",
            "gpt2,n_embd,hidden_size", "gpt2,n_positions,max_position_embeddings"})
    void aFieldIsReadUnderTheNamesOfOtherVersions(String name, String own, String other) throws Exception {
        Path fixture = Path.of("src/test/resources/families", name);
        ObjectNode config = Json.read(fixture.resolve("config.json"), ObjectNode.class);
        config.set(other, config.remove(own));
        Files.writeString(folder.resolve("config.json"), config.toString());
        assertEquals(ModelConfig.read(fixture), ModelConfig.read(folder));
    }
}
