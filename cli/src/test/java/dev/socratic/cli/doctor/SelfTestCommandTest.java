package dev.socratic.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The whole of it through the real command, on the device that `-Dsocratic.gpu.device` names.
@Tag("slow")
@Tag("gpu")
class SelfTestCommandTest {
    @Test
    void everyProgramATrainingAndAnAnswerAreWithinTheirLimits() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false, false,
                Map.of());
        int code = Socratic.commandLine(console).execute("doctor", "--self-test", "--json", "--device",
                System.getProperty("socratic.gpu.device", "cpu"));
        JsonNode test = Json.read(out.toString(StandardCharsets.UTF_8), JsonNode.class, "doctor").path("self_test");
        assertEquals(0, code, test::toPrettyString);
        assertEquals(3, test.path("types").size());
        test.path("types").forEach(type -> {
            assertTrue(type.path("functions").asInt() > 70, type::toPrettyString);
            assertTrue(type.path("faults").isEmpty(), type::toPrettyString);
        });
    }
}
