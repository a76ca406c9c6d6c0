package dev.socratic.datasets.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.verify.Verification.Summary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        Summary summary = Verification.of("gold", "big.solution")
                .run(file, bad, judged -> lines.add(Json.line(judged)));
        assertEquals(new Summary(5, 1, 1, 1, 2), summary);
        assertEquals(
                List.of(
                        "{\"row\":1,\"gold\":\"18\",\"answer\":\"The answer is"
                                + " $18.00.\",\"extracted\":\"$18.00\",\"equal\":true,\"why\":\"the same value: 18\"}",
                        "{\"row\":2,\"gold\":\"18\",\"answer\":\"A:"
                                + " 19\",\"extracted\":\"19\",\"equal\":false,\"why\":\"another value: 19, not 18\"}",
                        "{\"row\":3,\"gold\":\"18\",\"answer\":\"I do not know.\",\"equal\":false,\"why\":\"no final"
                                + " answer in the text\"}"),
                lines);
        assertEquals("a text or a number at big.solution; got the fields gold, small", bad.rows().getFirst().reason());
    }

    @Test
    void labelsKindsAndChoicesOfARowAreRead() throws Exception {
        Path file = folder.resolve("labelled.jsonl");
        Files.writeString(file, """
                {"gold": "7", "answer": "7", "right": true, "kind": "sum"}
                {"gold": "Rome", "answer": "(A)", "equal": "yes", "choices": ["Rome", "Bonn"]}
                {"gold": "A", "answer": "Bonn", "right": 0, "question": "Which?\\nA) Rome\\nB) Bonn"}
                {"gold": "7", "answer": "8"}
                {"gold": "7", "answer": "8", "right": "perhaps"}
                """);
        Quarantine.Listed bad = Quarantine.list();
        List<Verification.Judged> judged = new ArrayList<>();
        Summary summary = Verification.of("gold", "answer", List.of("right", "equal"), Optional.of("kind"))
                .run(file, bad, judged::add);
        assertEquals(new Summary(5, 2, 2, 0, 1), summary);
        assertEquals(
                List.of(Optional.of(true), Optional.of(true), Optional.of(false), Optional.empty()),
                judged.stream().map(Verification.Judged::label).toList());
        assertEquals(List.of(true, true, false, false), judged.stream().map(Verification.Judged::equal).toList());
        assertEquals(Optional.of("sum"), judged.getFirst().kind());
        assertEquals("right: true or false, right or wrong, 1 or 0; got \"perhaps\"", bad.rows().getFirst().reason());
    }

    @Test
    void precisionAndRecallCountWhatTheySay() {
        Agreement some = Agreement.NONE.plus(true, true).plus(true, true).plus(true, true).plus(true, false)
                .plus(false, true).plus(false, false);
        assertEquals(new Agreement(3, 1, 1, 1), some);
        assertEquals(6, some.rows());
        assertEquals(0.75, some.precision());
        assertEquals(0.75, some.recall());
        assertEquals(new Agreement(6, 2, 2, 2), some.plus(some));
        assertEquals(1, Agreement.NONE.precision());
    }
}
