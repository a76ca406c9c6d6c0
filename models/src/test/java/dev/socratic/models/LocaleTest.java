package dev.socratic.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.inspect.Defect;
import dev.socratic.models.inspect.Inspection;
import dev.socratic.models.network.Decoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of tensors and files are the same in every language, also where digits or letters are written otherwise.
class LocaleTest {
    private final Locale before = Locale.getDefault();

    @TempDir
    Path folder;

    @AfterEach
    void back() {
        Locale.setDefault(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fa-IR", "ar-EG-u-nu-arab", "bn-BD", "mr-IN", "tr-TR", "de-DE"})
    void modelsLoadAndAreWrittenInEveryLanguage(String language) {
        Locale.setDefault(Locale.forLanguageTag(language));
        Path mixtral = Path.of("src/test/resources/families/mixtral");
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(mixtral, manager)) {
            CheckpointWriter.write(folder, decoder.weights(), DType.BF16, 20_000);
            assertTrue(Files.exists(folder.resolve("model-00001-of-00003.safetensors")),
                    "shards are numbered in ASCII");
            try (Checkpoint written = Checkpoint.open(folder)) {
                assertEquals(decoder.weights().keySet(), written.tensors().keySet());
            }
        }
        List<String> about = Inspection.check(mixtral, Clock.systemUTC()).stream()
                .filter(defect -> defect.check().equals("weights"))
                .map(Defect::toString).toList();
        assertEquals(List.of(), about);
    }
}
