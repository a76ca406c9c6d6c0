package dev.socratic.datasets.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.verify.Verification.Summary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {
    @TempDir
    Path folder;

    @Test
    void everyRowIsJudgedOrAccountedFor() throws Exception {
        Path file = folder.resolve("answers.jsonl");
        Files.writeString(file, """
                {"gold": "4 + 14 = 18\\nA: 18", "big": {"solution": "The answer is $18.00."}}
                {"gold": 18, "big": {"solution": "A: 19"}}
                {"gold": "18", "big": {"solution": "I do not know."}}
                {"gold": "18", "small": {"solution": "18"}}
                nonsense
                """);
        Quarantine.Listed bad = Quarantine.list();
        List<String> lines = new ArrayList<>();
        Summary summary = Verification.of("gold", "big.solution").run(file, bad, judged -> lines.add(Json.line(judged)));
        assertEquals(new Summary(5, 1, 1, 1, 2), summary);
        assertEquals(
                List.of(
                        "{\"row\":1,\"gold\":\"18\",\"answer\":\"The answer is $18.00.\",\"extracted\":\"$18.00\",\"equal\":true,\"why\":\"the same value: 18\"}",
                        "{\"row\":2,\"gold\":\"18\",\"answer\":\"A: 19\",\"extracted\":\"19\",\"equal\":false,\"why\":\"another value: 19, not 18\"}",
                        "{\"row\":3,\"gold\":\"18\",\"answer\":\"I do not know.\",\"equal\":false,\"why\":\"no final answer in the text\"}"),
                lines);
        assertEquals("a text or a number at big.solution; got the fields gold, small", bad.rows().getFirst().reason());
    }
}
