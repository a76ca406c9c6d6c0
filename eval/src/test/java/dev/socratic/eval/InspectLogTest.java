package dev.socratic.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log that inspect_ai 0.3.285 wrote (`bench/peers/eval/inspect_log.py`), and broken ones.
class InspectLogTest {
    private static final Path LOG = Path.of("src/test/resources/inspect/2026-12-01_sums.eval");

    @TempDir
    Path folder;

    @Test
    void epochsAreAnswersAndScorersAreFilters() {
        SavedSamples log = SamplePlaces.file(LOG);
        assertEquals("sums", log.task());
        assertEquals(List.of("includes", "match"), log.filters());
        assertEquals(3, log.size());
        Sample first = log.with("match").rows().getFirst();
        assertEquals("What is 3 + 1?", first.question());
        assertEquals("4", first.target());
        assertEquals(List.of("The answer is 4", "The answer is 4"),
                first.answers().stream().map(Sample.Answer::response).toList());
        assertEquals(1, first.score());
        Sample second = log.with("match").rows().get(1);
        assertEquals(List.of("5", "five"), second.targets());
        assertTrue(second.truncated(), "max_tokens");
        assertEquals(2 / 3.0, log.with("match").accuracy(), 1e-12);
    }

    @Test
    void promptsReasonsAndTokensAreShownWhereTheLogHasThem() throws IOException {
        Path file = zip("tokens.eval", """
                {"id": "a", "epoch": 1, "input": "4?", "target": "4", "messages": [{"role": "system", "content": "s"},
                {"role": "user", "content": "4?"}, {"role": "assistant", "content": "4"}], "output": {"choices":
                [{"message": {"content": "4"}, "stop_reason": "stop", "logprobs": {"content": [{"token": "4",
                "logprob": -0.25, "bytes": null, "top_logprobs": null}]}}]}, "scores": {"m": {"value": "C",
                "answer": "4", "explanation": "it is four"}}}""");
        Sample sample = SamplePlaces.file(file).rows().getFirst();
        assertEquals("it is four", sample.why());
        SampleEvidence evidence = SampleEvidence.of(sample);
        assertEquals("[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"4?\"}]",
                evidence.prompt());
        assertEquals(List.of(List.of(new SampleEvidence.Token("4", -0.25))), evidence.tokens());
    }

    @Test
    void itIsScoredAgainAndComparedLikeAnyOther() {
        SavedSamples log = SamplePlaces.read(LOG.getParent()).get("sums");
        SavedSamples again = log.scoredAgain();
        assertEquals(2 / 3.0, again.accuracy(), 1e-12);
        assertEquals("final_answer", again.filter());
        assertEquals(3, log.with("match").against(again).n());
        assertEquals(0, log.with("match").against(again).difference(), 1e-12);
    }

    @Test
    void partsOfASampleCountAsInspectCountsThem() throws IOException {
        Path file = zip("half.eval", """
                {"id": "a", "epoch": 1, "input": [{"role": "system", "content": "s"}, {"role": "user", "content":
                [{"type": "text", "text": "half?"}]}], "target": "1", "output": {"choices": [{"message": {"content":
                "x"}, "stop_reason": "stop"}]}, "scores": {"m": {"value": "P", "answer": "x"}}}""", """
                {"id": "b", "epoch": 1, "input": "broken?", "target": "1", "output": {}, "scores": {},
                "error": {"message": "no model"}}""");
        SavedSamples log = SamplePlaces.file(file);
        assertEquals("half", log.task());
        assertEquals("half?", log.rows().getFirst().question());
        assertEquals(0.5, log.rows().getFirst().score());
        assertEquals(1, log.failed());
        assertEquals(0.25, log.accuracy());
    }

    @Test
    void whatIsNoLogIsNamed() throws IOException {
        Path text = Files.writeString(folder.resolve("text.eval"), "no zip");
        assertRefused(text, ": a whole zip archive; got ");
        byte[] whole = Files.readAllBytes(LOG);
        Path cut = Files.write(folder.resolve("cut.eval"), java.util.Arrays.copyOf(whole, whole.length / 2));
        assertRefused(cut, ": a whole zip archive; got ");
        assertRefused(zip("none.eval"), ": samples/*.json; got none; a log without samples; give a log as inspect_ai");
        assertRefused(zip("free.eval", "{\"id\": 1, \"input\": \"q\", \"target\": \"1\", \"scores\": {\"m\": "
                + "{\"value\": {\"fluency\": 3}}}}"),
                ": scores of m that are C, P, I, N or from 0 to 1; got {\"fluency\":3} (sample 1); give a log as");
        assertRefused(zip("unscored.eval", "{\"id\": 1, \"input\": \"q\", \"target\": \"1\"}"),
                ": scores in its samples; got none; score it first (inspect score); give a log as");
        assertRefused(folder.resolve("absent.eval"), ": a zip archive; got none there; name a file");
    }

    private static void assertRefused(Path file, String part) {
        DataException error = assertThrows(DataException.class, () -> SamplePlaces.file(file));
        assertTrue(error.getMessage().startsWith(file + part), error.getMessage());
    }

    private Path zip(String name, String... samples) throws IOException {
        Path file = folder.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("summaries.json"));
            zip.write("[]".getBytes());
            for (int i = 0; i < samples.length; i++) {
                zip.putNextEntry(new ZipEntry("samples/%s_epoch_1.json".formatted(i)));
                zip.write(samples[i].getBytes());
            }
        }
        return file;
    }
}
