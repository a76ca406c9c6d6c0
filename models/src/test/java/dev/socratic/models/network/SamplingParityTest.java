package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// What is drawn is what the logits processors of `transformers` leave, share by share: its generation's order in
/// float64, written by `bench/peers/models/sampling.py`.
class SamplingParityTest {
    private static final Path FILE = Path.of("src/test/resources/sampling/processors.json");
    /// Evenly spread, so that a token of probability p is drawn p times as often, give or take one.
    private static final int DRAWS = 4_000;

    @Test
    void whatIsDrawnIsWhatTheProcessorsOfTransformersLeave() {
        Engines.threads(1);
        JsonNode cases = Json.read(FILE, JsonNode.class).path("cases");
        assertEquals(18, cases.size());
        try (NDManager manager = Engines.manager(); Program program = Program.resources(manager, Decoder.class,
                List.of(Distribution.TEXT, "/programs/sampler.ts.py"))) {
            for (JsonNode one : cases) {
                Sampling sampling = sampling(one.path("sampling"));
                try (NDManager step = manager.newSubManager()) {
                    long[] drawn = draw(program, step, sampling, one);
                    for (int token = 0; token < one.path("logits").size(); token++) {
                        int id = token;
                        double wanted = one.path("kept").path(Integer.toString(token)).asDouble(0);
                        long count = IntStream.range(0, DRAWS).filter(i -> drawn[i] == id).count();
                        assertTrue(Math.abs(count - wanted * DRAWS) <= 1, () -> "%s: token %s of probability %s, %s of "
                                .formatted(sampling, id, wanted, count) + DRAWS);
                        assertTrue(wanted > 0 || count == 0, () -> sampling + ": a token that is out, " + id);
                    }
                }
            }
        }
    }

    private static long[] draw(Program program, NDManager manager, Sampling sampling, JsonNode one) {
        float[] logits = new float[one.path("logits").size()];
        IntStream.range(0, logits.length).forEach(id -> logits[id] = (float) one.path("logits").path(id).asDouble());
        long[] text = StreamSupport.stream(one.path("text").spliterator(), false).mapToLong(JsonNode::asLong).toArray();
        double[][] uniforms = IntStream.range(0, DRAWS).mapToObj(i -> new double[] {(i + 0.5) / DRAWS})
                .toArray(double[][]::new);
        DrawSettings settings = new Draws(sampling, uniforms, Collections.nCopies(DRAWS, text)).settings(manager);
        return program.run("draw", Arg.of(manager.create(logits).expandDims(0).repeat(0, DRAWS)), Arg.of(0),
                Arg.of(settings.arrays()), Arg.of(settings.flags())).singletonOrThrow().toLongArray();
    }

    private static Sampling sampling(JsonNode said) {
        Map<Integer, Double> biases = new TreeMap<>();
        said.path("logit_bias").properties().forEach(bias ->
                biases.put(Integer.valueOf(bias.getKey()), bias.getValue().asDouble()));
        return new Sampling(said.path("temperature").asDouble(1), said.path("top_p").asDouble(1),
                said.path("top_k").asInt(0), said.path("min_p").asDouble(0), said.path("typical_p").asDouble(1),
                new Penalties(said.path("repetition_penalty").asDouble(1), 0, 0), biases);
    }
}
