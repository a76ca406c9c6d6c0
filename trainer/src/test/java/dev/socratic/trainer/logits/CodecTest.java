package dev.socratic.trainer.logits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CodecTest {
    private static final float[] LOGS = {(float) Math.log(0.5), (float) Math.log(0.25)};

    private static Encoding read(String text) {
        return ConfigReader.read("encoding: " + text, "test", CaptureConfig.class).encoding();
    }

    @Test
    void encodingsAreReadByNameOrWithArguments() {
        assertEquals(new Encoding.Sampled(50), read("sampled"));
        assertEquals(new Encoding.Sampled(12), read("{sampled: {draws: 12}}"));
        assertEquals(new Encoding.TopK(64, Tail.BUCKET), read("top_k"));
        assertEquals(new Encoding.TopK(12, Tail.RESIDUAL), read("{top_k: {k: 12, tail: residual}}"));
        assertEquals(new Encoding.Dense(Width.FLOAT), read("{dense: {precision: float}}"));
        assertTrue(assertThrows(ConfigException.class, () -> read("{sampled: {draws: 256}}")).getMessage()
                .contains("draws must be 1 to 255; got 256; 50 is usual"));
        assertThrows(ConfigException.class, () -> read("tok_k"));
    }

    @Test
    void bitsComeBackAsTheyWereAcrossBytes() {
        byte[] bytes = new byte[30];
        BitPacking out = new BitPacking(bytes, 1);
        IntStream.range(0, 12).forEach(i -> out.put(i * 9_999, 17));
        BitPacking in = new BitPacking(bytes, 1);
        IntStream.range(0, 12).forEach(i -> assertEquals(i * 9_999, in.get(17)));
        assertEquals(17, BitPacking.of(128_256));
        assertEquals(10, BitPacking.of(1024));
        assertEquals(1, BitPacking.of(1));
    }

    @Test
    void sampledKeepsCountsAndTakesThirtySixBytesForTwelveTokensOfALargeVocabulary() {
        Codec codec = new Codec(new Encoding.Sampled(50), 128_256);
        int[] drawn = IntStream.range(0, 50).map(i -> i < 39 ? 128_255 : i).toArray();
        byte[] bytes = codec.sampled(drawn);
        assertEquals(36, bytes.length, "12 x (17 + 6) bits and one byte");
        assertEquals(36, codec.length(bytes, 0));
        StoredDistribution target = codec.read(bytes, 0, 0);
        assertArrayEquals(new int[] {39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 128_255}, target.ids());
        assertEquals(0.78f, target.mass()[11]);
        assertEquals(0.02f, target.mass()[0]);
        assertEquals(0, target.tailMass());
    }

    @Test
    void fiftyEqualDrawsAreOneTokenOfMassOne() {
        Codec codec = new Codec(new Encoding.Sampled(255), 5);
        StoredDistribution target = codec.read(codec.sampled(new int[255]), 0, 0);
        assertArrayEquals(new int[] {0}, target.ids());
        assertEquals(1, target.mass()[0]);
    }

    @Test
    void theTailOfTopKIsABucketTheLabelsOrNobodys() {
        int[] ids = {7, 3};
        float rest = (float) Math.log(0.25);
        byte[] bytes = new Codec(new Encoding.TopK(2, Tail.BUCKET), 10).topK(ids, LOGS, rest);
        assertEquals(2 + 2 * 2 + 1, bytes.length);
        StoredDistribution bucket = new Codec(new Encoding.TopK(2, Tail.BUCKET), 10).read(bytes, 0, 9);
        assertEquals(0.25, bucket.tailMass(), 2e-4);
        assertArrayEquals(new float[] {0.5f, 0.25f}, bucket.mass(), 2e-4f);

        StoredDistribution unknown = new Codec(new Encoding.TopK(2, Tail.RESIDUAL), 10).read(bytes, 0, 9);
        assertArrayEquals(new int[] {7, 3, 9}, unknown.ids());
        assertArrayEquals(new float[] {0.5f, 0.25f, 0.25f}, unknown.mass(), 2e-4f);
        StoredDistribution known = new Codec(new Encoding.TopK(2, Tail.RESIDUAL), 10).read(bytes, 0, 3);
        assertArrayEquals(new int[] {7, 3}, known.ids());
        assertArrayEquals(new float[] {0.5f, 0.5f}, known.mass(), 2e-4f);

        StoredDistribution divided = new Codec(new Encoding.TopK(2, Tail.RENORMALISE), 10).read(bytes, 0, 9);
        assertArrayEquals(new float[] {2 / 3f, 1 / 3f}, divided.mass(), 2e-4f);
        assertEquals(0, divided.tailMass());
    }

    @Test
    void aSmallVocabularyIsKeptWholeAndHasNoRest() {
        Codec codec = new Codec(new Encoding.TopK(64, Tail.BUCKET), 2);
        float half = (float) Math.log(0.5);
        StoredDistribution target = codec.read(codec.topK(new int[] {1, 0}, new float[] {half, half}, -1e30f), 0, 0);
        assertEquals(0, target.tailMass());
        assertArrayEquals(new float[] {0.5f, 0.5f}, target.mass());
    }

    @Test
    void denseInFloatsComesBackWhole() {
        Codec codec = new Codec(new Encoding.Dense(Width.FLOAT), 3);
        StoredDistribution target = codec.read(codec.dense(new float[] {LOGS[0], LOGS[1], LOGS[1]}, Width.FLOAT), 0, 0);
        assertArrayEquals(new float[] {0.5f, 0.25f, 0.25f}, target.mass(), 1e-7f);
        assertEquals(6, new Codec(new Encoding.Dense(Width.HALF), 3).dense(new float[3], Width.HALF).length);
    }
}
