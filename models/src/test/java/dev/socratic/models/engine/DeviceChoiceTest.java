package dev.socratic.models.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.socratic.core.error.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is taken and what is said of a device, for machines of every kind.
class DeviceChoiceTest {
    private static final NvidiaDriver NONE =
            new NvidiaDriver(Optional.empty(), List.of(), "libcuda.so.1 cannot be loaded");
    private static final NvidiaDriver EMPTY =
            new NvidiaDriver(Optional.of("12.8"), List.of(), "no CUDA-capable device is detected (error 100)");
    private static final NvidiaDriver TWO = new NvidiaDriver(Optional.of("12.8"), List.of("GPU A", "GPU B"), "");
    private static final Libtorch CLASS_PATH = new Libtorch(Optional.empty(), "2.7.1", Optional.of("cpu"), false);
    private static final Libtorch WHEEL = wheel(Optional.empty());

    private static Libtorch wheel(Optional<String> flavour) {
        return new Libtorch(Optional.of(Path.of("/py/torch/lib")), "2.7.1", flavour, true);
    }

    private static DeviceChoice choice(String device, Libtorch library, NvidiaDriver driver) {
        return DeviceChoice.of(new Compute.Setting("--device", device), library, () -> driver);
    }

    private static String refusal(String device, Libtorch library, NvidiaDriver driver) {
        return assertThrows(ConfigException.class, () -> choice(device, library, driver)).getMessage();
    }

    @Test
    void withoutALibraryForCudaTheFolderToNameIsSaid() {
        assertEquals("--device: a libtorch for CUDA; got 'cuda', driver: for CUDA 12.8 with GPU A, GPU B, library: "
                + "libtorch 2.7.1 from the class path, for the processor, flavour: cpu; set PYTORCH_LIBRARY_PATH to "
                + "the lib folder of an installed torch 2.7.1 (python3 -c 'import torch; print(torch.__path__[0] + "
                + "\"/lib\")'); or take cpu", refusal("cuda", CLASS_PATH, TWO));
    }

    @Test
    void withoutADriverTheDriverIsAskedFor() {
        assertEquals("--device: an NVIDIA driver; got 'cuda:1', driver: none (libcuda.so.1 cannot be loaded), library: "
                + "libtorch 2.7.1 from /py/torch/lib (PYTORCH_LIBRARY_PATH), for CUDA, flavour: cu128; install it, "
                + "until nvidia-smi shows the GPU, and start a container with --gpus all; or take cpu",
                refusal("cuda:1", WHEEL, NONE));
    }

    @Test
    void aDriverWithoutADeviceIsAnotherMatter() {
        assertEquals("--device: a GPU that the driver shows; got 'cuda', driver: for CUDA 12.8, no CUDA-capable device "
                + "is detected (error 100), library: libtorch 2.7.1 from /py/torch/lib (PYTORCH_LIBRARY_PATH), for "
                + "CUDA, flavour: cu128; look at nvidia-smi, and at CUDA_VISIBLE_DEVICES, which hides GPUs; or "
                + "take cpu", refusal("cuda", WHEEL, EMPTY));
    }

    @Test
    void aGpuBeyondThoseThereIsRefused() {
        assertTrue(refusal("cuda:2", WHEEL, TWO).startsWith(
                "--device: a GPU from cuda:0 to cuda:1; got 'cuda:2', driver: for CUDA 12.8 with GPU A, GPU B,"),
                refusal("cuda:2", WHEEL, TWO));
    }

    @Test
    void aFlavourOfTheProcessorIsNoneForAGpu() {
        assertTrue(refusal("cuda", wheel(Optional.of("cpu")), TWO).endsWith(
                "flavour: cpu; unset PYTORCH_FLAVOR or set it to cu128; or take cpu"));
    }

    @Test
    void aFlavourForCudaWithoutADriverCannotLoadAtAll() {
        for (String device : List.of("auto", "cpu")) {
            assertEquals("PYTORCH_FLAVOR: cpu, where there is no NVIDIA driver; got 'cu128', driver: none "
                    + "(libcuda.so.1 cannot be loaded); unset PYTORCH_FLAVOR, or install the driver",
                    refusal(device, wheel(Optional.of("cu128")), NONE));
        }
    }

    @Test
    void autoTakesAGpuThatIsThereAndSaysSo() {
        DeviceChoice choice = choice("auto", WHEEL, TWO);
        assertEquals(Device.gpu(0), choice.device());
        assertEquals(Optional.of("computes on cuda:0, GPU A (libtorch 2.7.1 from /py/torch/lib (PYTORCH_LIBRARY_PATH), "
                + "for CUDA, flavour cu128)"), choice.line());
        assertEquals(Device.gpu(1), choice("cuda:1", WHEEL, TWO).device());
    }

    /// In the order in which they are named, which is that of a model's layers.
    @Test
    void severalGpusAreTakenTogether() {
        DeviceChoice choice = choice("cuda:1,cuda:0", WHEEL, TWO);
        assertEquals(Device.gpu(1), choice.device());
        assertEquals(List.of(Device.gpu(0)), choice.others());
        assertEquals(Optional.of("computes on cuda:1, GPU B; cuda:0, GPU A (libtorch 2.7.1 from /py/torch/lib "
                + "(PYTORCH_LIBRARY_PATH), for CUDA, flavour cu128)"), choice.line());
        assertEquals(List.of(Device.gpu(1)), choice("cuda:all", WHEEL, TWO).others());
        assertTrue(refusal("cuda:0,cuda:2", WHEEL, TWO).startsWith(
                "--device: a GPU from cuda:0 to cuda:1; got 'cuda:0,cuda:2'"));
        assertTrue(refusal("cuda:all", WHEEL, NONE).startsWith("--device: an NVIDIA driver; got 'cuda:all'"));
        assertEquals("--device: each GPU once; got 'cuda:1,cuda:1'; leave the others out",
                refusal("cuda:1,cuda:1", WHEEL, TWO));
        Compute both = new Compute(Device.gpu(0), FloatType.FLOAT32, FloatType.FLOAT32, false,
                List.of(Device.gpu(1)));
        assertEquals("cuda:0,cuda:1", both.facts().get("device"));
        assertEquals("device: one device, on which a training runs; got 'cuda:0,cuda:1'; write cuda:0", assertThrows(
                ConfigException.class, () -> both.oneDevice("a training")).getMessage());
    }

    @Test
    void autoTakesTheProcessorElseAndSaysWhyWhereSomebodyPreparedForAGpu() {
        DeviceChoice choice = choice("auto", WHEEL, NONE);
        assertEquals(Device.cpu(), choice.device());
        assertEquals(Optional.of("no GPU that works (driver: none (libcuda.so.1 cannot be loaded)); the processor "
                + "computes"), choice.line());
    }

    @Test
    void theProcessorIsTakenWithoutAWordAndWithoutLooking() {
        DeviceChoice choice = DeviceChoice.of(new Compute.Setting("--device", "cpu"), WHEEL, () -> {
            throw new AssertionError("nobody asked for a GPU");
        });
        assertEquals(Device.cpu(), choice.device());
        assertEquals(Optional.empty(), choice.line());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "cuda:", "cuda:x", "CUDA", "0", "cuda:12345", "cuda:0,cpu", ""})
    void whatIsNoDeviceIsRefused(String device) {
        assertEquals("compute.device: auto, cpu, cuda, cuda:N, several with commas or cuda:all; got '%s'; %s".formatted(device,
                device.equals("gpu") ? "write cuda, or cuda:N for one of several"
                        : "leave it out to take what is there"),
                assertThrows(ConfigException.class, () -> DeviceChoice.of(
                        new Compute.Setting("compute.device", device), CLASS_PATH, () -> NONE)).getMessage());
    }

    @Test
    void aTypeIsNamedAsPythonNamesIt() {
        assertEquals(FloatType.BFLOAT16, FloatType.of(new Compute.Setting("--dtype", "bfloat16")));
        assertEquals(FloatType.FLOAT32, FloatType.of(new Compute.Setting("--dtype", "auto")));
        assertEquals("--dtype: auto, float32, bfloat16, float16; got 'bf16'; leave it out for float32",
                assertThrows(ConfigException.class, () -> FloatType.of(new Compute.Setting("--dtype", "bf16")))
                        .getMessage());
    }

    @Test
    void aFolderWithoutALibraryIsRefusedWhereDjlWouldTakeAnother(@TempDir Path folder) {
        assertEquals("PYTORCH_LIBRARY_PATH: a folder with %s; got '%s'; name the lib folder of an installed torch: %s"
                .formatted(System.mapLibraryName("torch"), folder, Libtorch.WHERE), found(Map.of(
                        Libtorch.PATH, folder.toString())));
    }

    @Test
    void anotherVersionIsRefusedByWhatTheWheelSaysOfItself(@TempDir Path folder) throws Exception {
        Path lib = library(folder);
        Files.writeString(folder.resolve("torch/version.py"), "debug = False\n__version__ = '2.6.0+cu124'\n");
        assertEquals("PYTORCH_LIBRARY_PATH: libtorch 2.7.1; got 2.6.0 in %s; install torch==2.7.1 and name its lib "
                .formatted(lib) + "folder", found(Map.of(Libtorch.PATH, lib.toString())));
    }

    @Test
    void aFlavourForCudaNeedsALibraryForCuda(@TempDir Path folder) throws Exception {
        assertEquals("PYTORCH_FLAVOR: cpu, for the library of the class path; got 'cu128'; set PYTORCH_LIBRARY_PATH to "
                + "the folder of a library of that flavour, or unset PYTORCH_FLAVOR",
                found(Map.of(Libtorch.FLAVOR, "cu128")));
        Path lib = library(folder);
        assertEquals("PYTORCH_FLAVOR: cpu, for %s has no %s; got 'cu128'; unset PYTORCH_FLAVOR, or name the lib folder "
                .formatted(lib, System.mapLibraryName("torch_cuda")) + "of a torch for CUDA",
                found(Map.of(Libtorch.PATH, lib.toString(), Libtorch.FLAVOR, "cu128")));
        Files.createFile(lib.resolve(System.mapLibraryName("torch_cuda")));
        Libtorch library = Libtorch.found(name -> Optional.ofNullable(
                Map.of(Libtorch.PATH, "/nowhere:" + lib).get(name)));
        assertEquals(new Libtorch(Optional.of(lib), "2.7.1", Optional.empty(), true), library);
        assertEquals("libtorch 2.7.1 cu128", library.kernels(true));
    }

    private static Path library(Path folder) throws Exception {
        Path lib = Files.createDirectories(folder.resolve("torch/lib"));
        Files.createFile(lib.resolve(System.mapLibraryName("torch")));
        return lib;
    }

    private static String found(Map<String, String> settings) {
        return assertThrows(ConfigException.class,
                () -> Libtorch.found(name -> Optional.ofNullable(settings.get(name)))).getMessage();
    }

    @Test
    void theDriverOfThisMachineIsAskedWithoutEndingIt() {
        NvidiaDriver here = NvidiaDriver.look();
        assertEquals(here.devices().isEmpty(), !here.trouble().isEmpty(), here.words());
    }

    @Test
    void aPartThatKnowsOneTypeRefusesTheOthersByName() {
        Compute half = new Compute(Device.cpu(), FloatType.FLOAT32, FloatType.BFLOAT16, true);
        assertEquals("dtype: float32, in which a merge computes; got 'bfloat16'; write float32",
                assertThrows(ConfigException.class, () -> half.only("a merge", FloatType.FLOAT32)).getMessage());
        assertEquals(Compute.CPU, Compute.CPU.only("a merge", FloatType.FLOAT32));
        assertEquals("device: cpu, where a merge runs; got 'cuda:1'; write --device cpu", assertThrows(
                ConfigException.class, () -> new Compute(Device.gpu(1), FloatType.FLOAT32, FloatType.FLOAT32, false)
                        .processorOnly("a merge")).getMessage());
    }

    @Test
    void whatAResultDependsOnIsSaidWithoutLoadingAnything() {
        assertEquals(Map.of("device", "cpu", "kernels", "libtorch 2.7.1 cpu", "weights", "float32", "compute",
                "float32"), Compute.CPU.facts());
    }
}
