package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.journal.Journal;
import dev.socratic.core.json.Json;
import dev.socratic.generator.endpoint.EndpointModel;
import dev.socratic.generator.teacher.TeacherConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real process, killed while it asks a real server, and started again.
class KilledRunTest {
    private static final int QUESTIONS = 60;
    private static final int SAMPLES = 3;
    private static final String KEY = "sk-test-0123456789abcdef";

    @TempDir
    Path folder;

    /// The child: asks questions and ends. Arguments: questions, base address, folder.
    static final class Child {
        public static void main(String[] arguments) throws Exception {
            TeacherConfig.Endpoint teacher = endpoint(arguments[1]);
            GenerateConfig config = config(Path.of(arguments[0]), teacher);
            Path run = Path.of(arguments[2]);
            try (EndpointModel model = EndpointModel.open(teacher, System.getenv(), 1)) {
                GenerateStage.run(config, model, Runs.context(run));
            }
        }
    }

    private static TeacherConfig.Endpoint endpoint(String address) {
        return new TeacherConfig.Endpoint(
                address, "m", Optional.of("TEST_KEY"), 8, Optional.empty(), Optional.empty(), 60, 3, 1, 2, true);
    }

    private static GenerateConfig config(Path questions, TeacherConfig.Endpoint teacher) {
        return Runs.config(questions, SAMPLES, teacher, new BudgetConfig(Optional.empty(), Optional.empty()));
    }

    @Test
    void nothingThatWasAnsweredIsPaidForTwiceAndTheKeyIsInNoFile() throws Exception {
        killedAndFinished(2);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertFalse(text.contains(KEY), "the key is in " + file);
                assertFalse(text.contains("\"choices\""), "a second copy of what asked/ has is in " + file);
            }
        }
    }

    private void killedAndFinished(int kills) throws Exception {
        Path questions = Runs.sums(folder, QUESTIONS);
        SumServer sums = new SumServer();
        try (MockWebServer server = new MockWebServer()) {
            server.setDispatcher(sums);
            server.start();
            String address = server.url("/v1").toString();
            Path run = folder.resolve("run");
            for (int kill = 1; kill <= kills; kill++) {
                int until = 50 * kill;
                Process child = child(questions, address, run);
                sums.awaitAnswers(until, child);
                child.destroyForcibly().waitFor(); // SIGKILL: no hook, no flush
                Set<String> durable = durable(run);
                assertTrue(durable.size() >= until / 2 && durable.size() < QUESTIONS * SAMPLES,
                        durable.size() + " are durable");
                sums.refuse(durable);
            }
            assertEquals(0, child(questions, address, run).waitFor(),
                    Files.readString(folder.resolve("child.log")));
            assertEquals(List.of(), sums.repeated(), "asked again although it was durable");

            TeacherConfig.Endpoint teacher = endpoint(address);
            sums.refuse(Set.of());
            Path undisturbed = folder.resolve("undisturbed");
            try (EndpointModel model = EndpointModel.open(teacher, Map.of("TEST_KEY", KEY), 1)) {
                GenerateStage.run(config(questions, teacher), model, Runs.context(undisturbed));
            }
            assertEquals(Runs.files(undisturbed), Runs.files(run));
        }
    }

    private Process child(Path questions, String address, Path run) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java")
                        .toString(), "-Xmx256m", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), Child.class.getName()));
        command.addAll(List.of(questions.toString(), address, run.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile());
        builder.environment().put("TEST_KEY", KEY);
        return builder.start();
    }

    /// @return texts of the answers that are in the journal
    private static Set<String> durable(Path run) {
        Set<String> texts = new HashSet<>();
        try (Journal journal = Journal.open(run.resolve("asked"), "asked")) {
            journal.replay(bytes -> tree(bytes).path("asked").forEach(one -> texts.add(one.path("text").asText())));
        }
        return texts;
    }

    private static JsonNode tree(byte[] bytes) {
        return Json.read(new String(bytes, StandardCharsets.UTF_8), JsonNode.class, "asked");
    }
}
