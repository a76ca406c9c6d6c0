package dev.socratic.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// NF4 beside bitsandbytes: `bench/peers/models/normal_float_golden.py` made what it is compared with.
class NormalFloatTest {
    private static final Path GOLDEN = Path.of("src/test/resources/bitsandbytes/nf4.safetensors");

    private static NDArray matrix(NDManager manager) {
        float[] numbers = new float[100 * 192];
        long state = 1;
        for (int i = 0; i < numbers.length; i++) {
            state = (state * 1103515245 + 12345) % (1L << 31);
            float x = (float) (state / (double) (1L << 31) - 0.5);
            numbers[i] = x * x * x;
        }
        return manager.create(numbers, new Shape(100, 192));
    }

    private static Weight.Quantised quantised(NDManager manager) {
        try (Quantiser quantiser = new Quantiser(manager, Quantization.NF4)) {
            return quantiser.of(matrix(manager), false, new Weight.Scheme.Nf4());
        }
    }

    @Test
    void codesScalesAndWhatTheyMeanAreThoseOfBitsandbytes() {
        try (NDManager manager = Engines.manager(); Safetensors golden = Safetensors.open(GOLDEN);
                Program products = Program.resources(manager, Decoder.class,
                        List.of("/programs/random.ts.py", "/programs/linear.ts.py", "/programs/unpacked.ts.py"))) {
            Weight.Quantised ours = quantised(manager);
            assertArrayEquals(golden.stored("codes", manager).toByteArray(), ours.codes().toByteArray());
            assertArrayEquals(golden.stored("scales", manager).toByteArray(), ours.scales().get(0).toByteArray());
            assertArrayEquals(golden.read("around", manager).toFloatArray(), ours.scales().get(1).toFloatArray(),
                    1e-8f);
            NDArray book = ours.scales().get(2);
            assertArrayEquals(golden.read("levels", manager).toFloatArray(), book.get("0:16, 1").toFloatArray());
            assertArrayEquals(golden.read("map", manager).toFloatArray(), book.get(":, 2").toFloatArray(), 1e-7f);
            // the product with ones beside a row of them is the matrix itself
            NDArray wide = products.run("linear", Arg.of(manager.eye(192)), Arg.of(ours.matrix()), Arg.of(0),
                    Arg.of(64)).singletonOrThrow().transpose(); // [out, in]
            assertArrayEquals(golden.read("every_64th", manager).toFloatArray(),
                    wide.flatten().get("::64").toFloatArray(), 1e-7f);
        }
    }

    @Test
    void aMatrixOfZerosStaysOne() {
        try (NDManager manager = Engines.manager(); Quantiser quantiser = new Quantiser(manager, Quantization.NF4);
                Program products = Program.resources(manager, Decoder.class,
                        List.of("/programs/random.ts.py", "/programs/linear.ts.py", "/programs/unpacked.ts.py"))) {
            Weight.Quantised zeros = quantiser.of(manager.zeros(new Shape(8, 64)), false, new Weight.Scheme.Nf4());
            NDArray product = products.run("linear", Arg.of(manager.ones(new Shape(1, 64))), Arg.of(zeros.matrix()),
                    Arg.of(0), Arg.of(64)).singletonOrThrow();
            assertEquals(0, product.abs().max().getFloat());
        }
    }

    @Test
    void whatDoesNotDivideIntoBlocksIsOf8Bits() {
        assertTrue(Weight.Scheme.Nf4.fits(3, 128));
        assertTrue(Weight.Scheme.Nf4.fits(32, 2));
        assertEquals(List.of(false, false), List.of(Weight.Scheme.Nf4.fits(64, 3), Weight.Scheme.Nf4.fits(3, 100)));
    }

    @Test
    void arraysThatDoNotBelongTogetherAreRefused() {
        try (NDManager manager = Engines.manager()) {
            NDArray codes = manager.zeros(new Shape(4, 32), DataType.UINT8);
            assertEquals("quantised in NF4: codes uint8 [out, in / 2] and scales [blocks], [1 + blocks / 256] and "
                    + "[256, 3]; got uint8 (4, 32) and (4), (1), (256, 3)",
                    assertThrows(IllegalArgumentException.class, () -> new Weight.Quantised(codes,
                            List.of(manager.zeros(new Shape(4)), manager.zeros(new Shape(1)),
                                    manager.zeros(new Shape(256, 3))), new Weight.Scheme.Nf4())).getMessage());
        }
    }
}
