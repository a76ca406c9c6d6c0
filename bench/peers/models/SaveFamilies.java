import ai.djl.ndarray.NDManager;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Encoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Loads every fixture and saves it again, so that `saved_families.py` can load what we wrote into the reference.
///
///     bench/run bench/peers/models/SaveFamilies.java models/src/test/resources OUT_FOLDER
final class SaveFamilies {
    private SaveFamilies() {}

    public static void main(String[] args) throws IOException {
        Path resources = Path.of(args[0]);
        Path out = Path.of(args[1]);
        try (NDManager manager = Engines.manager()) {
            for (Path folder : folders(resources.resolve("families"))) {
                try (Decoder decoder = Decoder.load(folder, manager)) {
                    decoder.save(Files.createDirectories(out.resolve("families").resolve(folder.getFileName())),
                            DType.F32);
                }
            }
            for (Path folder : folders(resources.resolve("encoders"))) {
                try (Encoder encoder = Encoder.load(folder, manager)) {
                    encoder.save(Files.createDirectories(out.resolve("encoders").resolve(folder.getFileName())),
                            DType.F32);
                }
            }
        }
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> list = Files.list(parent)) {
            return list.sorted().toList();
        }
    }
}
