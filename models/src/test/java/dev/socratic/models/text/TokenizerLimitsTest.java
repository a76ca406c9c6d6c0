package dev.socratic.models.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Texts and files that are made to fill the memory.
class TokenizerLimitsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path FILE = TokenizerFixture.EMBEDDED.resolve("tokenizer.json");

    @TempDir
    Path folder;

    /// What [#aTextWithoutRoomIsRefusedAndTheProcessLives] runs in a process of its own, with a small heap.
    public static final class Hostile {
        private Hostile() {}

        public static void main(String[] arguments) {
            try (Tokenizer tokenizer = Tokenizer.of(Path.of(arguments[0]))) {
                for (int times = 0; times < 3; times++) {
                    try {
                        Encoded placed = tokenizer.encodeWithOffsets("a".repeat(15_000_000));
                        System.out.println("encoded " + placed.size());
                    } catch (DataException refused) {
                        System.out.println(refused.getMessage());
                    }
                }
                System.out.println("alive " + tokenizer.encode("two and two").length);
            }
        }
    }

    @Test
    void aTextWithoutRoomIsRefusedAndTheProcessLives() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx200m",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                        Hostile.class.getName(), FILE.toString())
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.matches("(?s)(.*text: at most [0-9,]+ tokens, as many as the Java heap can hold now; "
                + "got 15,000,000 characters that are more; "
                + "leave it out, cut it, or give a larger heap: SOCRATIC_JAVA_OPTS=-Xmx8g\n){3}alive [1-9].*"), said);
    }

    @Test
    void ofATextThatIsFarTooLongOnlyTheBeginningIsEncoded() {
        try (Tokenizer tokenizer = Tokenizer.of(FILE)) {
            String endless = "a".repeat(100_000_000);
            assertTimeoutPreemptively(Duration.ofSeconds(20), () ->
                    assertEquals(Optional.empty(), tokenizer.encodeWithin(endless, 255)));
            assertEquals(Optional.empty(), tokenizer.encodeWithin("two and two and two", 2));
        }
    }

    @Test
    void aLongTextThatFitsIsEncodedAsEver() {
        SplittableRandom random = new SplittableRandom(4);
        StringBuilder text = new StringBuilder();
        while (text.length() < 3 * NativeEncoder.PIECE) {
            text.append(random.nextInt(9) == 0 ? "\uD83D\uDE00<|end|>" : "apples")
                    .append(random.nextInt(3) == 0 ? " " : "");
        }
        try (Tokenizer tokenizer = Tokenizer.of(FILE)) {
            long[] whole = tokenizer.encode(text.toString());
            assertArrayEquals(whole, tokenizer.encodeWithin(text.toString(), whole.length).orElseThrow());
            assertEquals(Optional.empty(), tokenizer.encodeWithin(text.toString(), whole.length - 1));
            assertArrayEquals(whole, tokenizer.encodeWithOffsets(text.toString()).ids());
        }
    }

    private Path with(String part, String json) throws IOException {
        ObjectNode file = (ObjectNode) MAPPER.readTree(Files.readAllBytes(FILE));
        file.set(part, MAPPER.readTree(json));
        return Files.write(folder.resolve("tokenizer.json"), MAPPER.writeValueAsBytes(file));
    }

    private static String doubled(String rule, int times) {
        return String.join(", ", Collections.nCopies(times, rule));
    }

    @Test
    void replacementsThatFillTheMemoryAreRefusedWhenTheFileIsOpened() throws IOException {
        String twice = "{\"type\": \"Replace\", \"pattern\": {\"String\": \"q\"}, \"content\": \"qq\"}";
        String[] bombs = {
            "{\"type\": \"Sequence\", \"normalizers\": [" + doubled(twice, 30) + "]}",
            "{\"type\": \"Sequence\", \"normalizers\": [" + doubled(twice.replace("String", "Regex"), 30) + "]}",
            "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Sequence\", \"normalizers\": ["
                    + doubled(twice, 30) + "]}]}",
            "{\"type\": \"Replace\", \"pattern\": {\"String\": \"q\"}, \"content\": \"" + "x".repeat(2_000) + "\"}",
            "{\"type\": \"Prepend\", \"prepend\": \"" + "x".repeat(100_000) + "\"}",
        };
        for (String bomb : bombs) {
            String said = assertThrows(DataException.class, () -> Tokenizer.of(with("normalizer", bomb))).getMessage();
            assertTrue(said.matches(".*tokenizer.json: replacements that make a text at most 1,000 times "
                    + "longer; got some that make it [0-9,]+ times longer or more; "
                    + "take the model's own tokenizer.json; this one would fill the memory"), said);
        }
        String decoders = "{\"type\": \"Sequence\", \"decoders\": [" + doubled(twice, 30) + "]}";
        assertThrows(DataException.class, () -> Tokenizer.of(with("decoder", decoders)));
    }

    /// What sentencepiece tokenizers, and ones with long lists of spellings, really do.
    @Test
    void replacementsInUseAreTaken() throws IOException {
        ArrayNode steps = MAPPER.createArrayNode();
        steps.addObject().put("type", "Prepend").put("prepend", "\u2581");
        String spellings = "\u2026=...,\u2014=--,\u00BD=1/2,\u00BC=1/4,\u00BE=3/4,"
                + "\u2122=(TM),\u00A9=(C),\u00AE=(R),\u2190=<-,\u2192=->, =\u2581";
        for (String pair : spellings.split(",")) {
            ObjectNode step = steps.addObject().put("type", "Replace").put("content", pair.split("=")[1]);
            step.putObject("pattern").put("String", pair.split("=")[0]);
        }
        ObjectNode regex = steps.addObject().put("type", "Replace").put("content", "\u2581");
        regex.putObject("pattern").put("Regex", " {2,}");
        JsonNode all = MAPPER.createObjectNode().put("type", "Sequence").set("normalizers", steps);
        try (Tokenizer tokenizer = Tokenizer.of(with("normalizer", all.toString()))) {
            assertTrue(tokenizer.encode("\u00BD and \u2122").length > 0);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aPipeOrADeviceIsNoFile() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path device = Files.createSymbolicLink(folder.resolve("device"), Path.of("/dev/zero"));
        for (Path odd : new Path[] {pipe, device}) {
            String said = assertTimeoutPreemptively(Duration.ofSeconds(10), () ->
                    assertThrows(DataException.class, () -> Tokenizer.of(odd))).getMessage();
            assertEquals(odd
                            + ": a regular file; got a pipe or a device; write what it gives into a file and name that",
                    said);
        }
    }

    @Test
    void aCharacterWithoutATokenIsSaidAndTheNextTextIsRead() throws IOException {
        ObjectNode model = MAPPER.createObjectNode().put("type", "WordLevel").put("unk_token", "<unk>");
        model.putObject("vocab").put("two", 0).put("and", 1);
        Path file = with("model", model.toString());
        ObjectNode whole = (ObjectNode) MAPPER.readTree(Files.readAllBytes(file));
        whole.putArray("added_tokens");
        whole.putNull("normalizer").putNull("post_processor").putNull("decoder").putObject("pre_tokenizer")
                .put("type", "Whitespace");
        Files.write(file, MAPPER.writeValueAsBytes(whole));
        try (Tokenizer tokenizer = Tokenizer.of(file)) {
            String said = assertThrows(DataException.class, () -> tokenizer.encode("two zebras")).getMessage();
            assertTrue(said.matches("text: characters that the tokenizer has tokens for; got '.*UNK.*'; leave "
                    + "them out, or mend the unknown token in tokenizer.json"), said);
            assertArrayEquals(new long[] {0, 1, 0}, tokenizer.encode("two and two"));
        }
    }
}
