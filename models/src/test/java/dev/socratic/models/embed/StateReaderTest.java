package dev.socratic.models.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Encoder;
import dev.socratic.models.network.Tap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateReaderTest {
    private static final Path SENTENCES = Path.of("src/test/resources/embed/minilm");

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    @Test
    void theMeanOfAnEncoderIsWhatASentenceEncoderMakesItsVectorOf() {
        try (StateReader reader = StateReader.open(SENTENCES, Compute.CPU);
                SentenceEncoder encoder = SentenceEncoder.open(SENTENCES, Compute.CPU)) {
            List<long[]> rows = List.of(reader.text("a b c").ids(), reader.text("one").ids());
            List<float[]> pooled = reader.read(rows, reader.layers(), StateReader.Pool.MEAN);
            List<float[]> vectors = encoder.embed(rows);
            for (int row = 0; row < 2; row++) {
                double length = 0;
                for (float number : pooled.get(row)) {
                    length += (double) number * number;
                }
                for (int i = 0; i < reader.width(); i++) {
                    assertEquals(vectors.get(row)[i], pooled.get(row)[i] / Math.sqrt(length), 1e-6);
                }
            }
        }
    }

    /// A folder with a head for masked tokens, which is not asked.
    @Test
    void everyLayerOfAnEncoderIsReadAndPooledAtFirstAndLast() throws IOException {
        Path bert = Path.of("src/test/resources/encoders/bert");
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(bert.resolve(name), folder.resolve(name));
        }
        Files.copy(SENTENCES.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        try (StateReader reader = StateReader.open(folder, Compute.CPU); NDManager step = Engines.manager();
                Encoder encoder = Encoder.load(bert, step)) {
            List<long[]> rows = List.of(new long[] {1, 2, 3}, new long[] {4, 5});
            NDArray ids = step.create(new long[][] {{1, 2, 3}, {4, 5, 0}});
            NDArray lengths = step.create(new long[] {3, 2});
            for (int layer = 0; layer <= reader.layers(); layer++) {
                Tap tap = layer == 0 ? new Tap.Embedding() : new Tap.Hidden(layer - 1);
                NDArray states = encoder.forward(ids, lengths, Set.of(tap), false).get(tap);
                assertArrayEquals(states.get("0, 0").toFloatArray(),
                        reader.read(rows, layer, StateReader.Pool.FIRST).getFirst(), 1e-6f);
                assertArrayEquals(states.get("1, 1").toFloatArray(),
                        reader.read(rows, layer, StateReader.Pool.LAST).getLast(), 1e-6f);
            }
            assertEquals("--layer: 0, the embedding, to %s, the final states; got %s; leave it out for the final states"
                    .formatted(reader.layers(), reader.layers() + 1), assertThrows(ConfigException.class, () ->
                    reader.read(rows, reader.layers() + 1, StateReader.Pool.MEAN)).getMessage());
        }
    }

    @Test
    void aTextThatIsTooLongKeepsWhatStandsAroundItAndIsSaidToBeCut() {
        try (StateReader reader = StateReader.open(SENTENCES, Compute.CPU)) {
            StateReader.Text one = reader.text("a");
            StateReader.Text many = reader.text("a ".repeat(2 * reader.context()));
            assertEquals(reader.context(), many.ids().length);
            assertEquals(one.ids()[one.ids().length - 1], many.ids()[many.ids().length - 1]);
            assertTrue(many.cut() && !one.cut());
            assertEquals(0, reader.text("").ids().length);
        }
    }
}
