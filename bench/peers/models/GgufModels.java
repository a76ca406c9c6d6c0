import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.gguf.GgmlType;
import dev.socratic.models.gguf.convert.GgufExport;
import dev.socratic.models.gguf.convert.GgufImport;
import dev.socratic.models.gguf.convert.WeightType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// For each folder `OUT/<family>` with a config and a tokenizer, as `gguf_peers.py` makes them: random weights, what
/// they answer greedily (`greedy.json`), the model as GGUF, and the GGUF as a folder again (`back`). Called by
/// `gguf_peers.py`.
///
///     bench/run bench/peers/models/GgufModels.java OUT
final class GgufModels {
    private static final int STEPS = 24;
    private static final String PROMPT = "The children of the village went to the river, where 12 boats lay";

    private GgufModels() {}

    public static void main(String[] args) throws IOException {
        Engines.threads(1);
        try (NDManager manager = Engines.manager(); Stream<Path> list = Files.list(Path.of(args[0]))) {
            for (Path folder : list.filter(path -> Files.exists(path.resolve("config.json"))).sorted().toList()) {
                try (Decoder decoder = Decoder.random(ModelConfig.read(folder), 17, manager);
                        Tokenizer tokenizer = Tokenizer.open(folder)) {
                    ObjectNode config = Json.read(folder.resolve("config.json"), ObjectNode.class);
                    decoder.save(folder, DType.F32);
                    Files.writeString(folder.resolve("config.json"), Json.pretty(config)); // as it was given
                    Files.writeString(folder.resolve("greedy.json"),
                            Json.pretty(greedy(decoder, tokenizer.encode(PROMPT))));
                }
                Path file = folder.resolve("model.gguf");
                GgufExport.run(folder, file, GgmlType.F32).lines().forEach(System.out::println);
                GgufImport.run(file, folder.resolve("back"), WeightType.LOSSLESS);
            }
        }
    }

    /// @return the prompt, what follows it, and by how much each token was ahead of the second
    private static Map<String, Object> greedy(Decoder decoder, long[] prompt) {
        long[] all = prompt;
        double[] ahead = new double[STEPS];
        for (int step = 0; step < STEPS; step++) {
            try (NDManager scope = Engines.manager()) {
                NDArray ids = scope.create(new long[][] {all}); // [1, seq]
                NDArray states = decoder.forward(ids, Set.of(), false).states(); // [1, seq, hidden]
                NDArray last = decoder.logits(states, false).get(0).get(all.length - 1); // [vocab]
                float[] logits = last.toFloatArray();
                long best = last.argMax().getLong();
                float top = logits[(int) best];
                logits[(int) best] = Float.NEGATIVE_INFINITY;
                float second = Float.NEGATIVE_INFINITY;
                for (float logit : logits) {
                    second = Math.max(second, logit);
                }
                ahead[step] = top - second;
                all = Arrays.copyOf(all, all.length + 1);
                all[all.length - 1] = best;
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("prompt", prompt);
        result.put("tokens", Arrays.copyOfRange(all, prompt.length, all.length));
        result.put("ahead", ahead);
        result.put("text", List.of(PROMPT));
        return result;
    }
}
