package dev.socratic.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.curator.CurateStage;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people do with a corpus that `curate` has judged, over its real files.
class ReviewWorkTest {
    @TempDir
    private Path folder;

    private Path run() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            rows.append(Json.line(Map.of("id", "r" + i, "question", i == 1 || i == 2
                    ? "Which colour is the sky over the quiet sea at noon in the warm summer of the south"
                            + (i == 1 ? "?" : " now?")
                    : "What is the name of river number " + i + "?", "answer", i % 3 == 0 ? "Short one."
                    : i < 3 ? "It is blue and wide above the long valley and " + (i == 1 ? "near" : "by") + " the sea."
                    : "It is a long river that flows through the valley number " + i + " to the sea."))).append('\n');
        }
        return curate(rows.toString());
    }

    private Path curate(String rows) throws IOException {
        Path run = folder.resolve("run");
        Path file = Files.writeString(folder.resolve("rows.jsonl"), rows);
        Curation plain = Curation.of(ConfigReader.read("steps: [{length: {min: 4}}, exact_duplicates, "
                + "{near_duplicates: {answers: any}}]",
                "curate.yaml", CurateConfig.class));
        Path decisions = run.resolve("review/decisions.jsonl");
        CurateStage.run(Files.exists(decisions) ? plain.reviewed(decisions) : plain, List.of(file), Optional.empty(),
                new StageContext(Files.createDirectories(run.resolve("curate")), Progress.SILENT, Clock.systemUTC(),
                        1));
        return run;
    }

    @Test
    void aDroppedRowShowsItsEvidenceAndItsPartner() throws IOException {
        try (Client client = Client.open(run())) {
            JsonNode corpus = client.get("/api/corpus");
            assertEquals(List.of(12, 7, 5), List.of(corpus.path("rows").asInt(), corpus.path("kept").asInt(),
                    corpus.path("dropped").asInt()), corpus.toString());
            assertEquals(List.of("r0", "r3", "r6", "r9"), client.ids("step:length reason:too_short").stream().sorted()
                    .toList());
            assertEquals(2, client.get("/api/row", "id", "r0").path("scores").path("length.words").asInt());
            assertTrue(corpus.path("numbers").toString().contains("length.words"), corpus.toString());
            JsonNode short0 = client.get("/api/row", "id", "r0").path("drop");
            assertEquals("too_short", short0.path("reason").asText(), short0.toString());
            JsonNode twin = client.get("/api/row", "id", client.ids("step:near_duplicates").getFirst());
            assertTrue(twin.path("others").get(0).path("found").asBoolean(), twin.toString());
            assertFalse(twin.path("others").get(0).path("question").asText().isEmpty());
        }
    }

    @Test
    void anotherThresholdSaysWhichRowsComeAndGo() throws IOException {
        Path run = run();
        Files.writeString(run.resolve("recipe.yaml"), """
                name: curate
                curate:
                  steps:
                    -
                      length:
                        of: answer
                        min: 4
                        max: 4000
                """);
        try (Client client = Client.open(run)) {
            JsonNode lower = client.post("/api/whatif", Map.of("step", "length", "score", "length.words", "threshold",
                    2));
            assertEquals(4, lower.path("would_come").asInt(), lower.toString());
            assertEquals(0, lower.path("would_go").asInt());
            assertEquals("least", lower.path("bound").asText());
            JsonNode higher = client.post("/api/whatif", Map.of("step", "length", "score", "words", "threshold", 16));
            assertEquals(7, higher.path("would_go").asInt(), higher.toString());
            assertEquals(7, client.get("/api/rows", "q", higher.path("q_going").asText()).path("total").asInt());
            JsonNode recipe = client.post("/api/whatif/recipe", Map.of("step", "length", "score", "words",
                    "threshold", 2));
            assertTrue(recipe.path("yaml").asText().contains("        min: 2\n"), recipe.toString());
            assertEquals(recipe.path("yaml").asText(), Files.readString(run.resolve("review/recipe-1.yaml")));
            assertEquals(400, client.post("/api/whatif", Map.of("step", "format", "score", "x", "threshold", 2))
                    .path("http").asInt());
        }
    }

    @Test
    void aCurationHonoursWhatPeopleDecided() throws IOException {
        Path run = run();
        try (Client client = Client.open(run)) {
            client.post("/api/decisions", Map.of("ids", List.of("r0"), "decision", "accept"));
            client.post("/api/decisions", Map.of("ids", List.of("r5"), "decision", "reject", "note", "no river"));
            client.post("/api/decisions", Map.of("ids", List.of("r4"), "edit", Map.of("answer", "The river is the "
                    + "Po.")));
        }
        Path again = curate(Files.readString(folder.resolve("rows.jsonl")));
        String train = Files.readString(again.resolve("curate/train.jsonl"));
        assertTrue(train.contains("\"r0\"") && train.contains("The river is the Po."), train);
        assertFalse(train.contains("\"r5\""), train);
        JsonNode report = Json.read(again.resolve("curate/report.json"), JsonNode.class);
        assertEquals("review", report.at("/steps/0/step").asText());
        assertEquals(1, report.at("/steps/1/overruled/too_short").asInt(), report.toString());
        try (Client client = Client.open(again)) {
            assertEquals(List.of("r5"), client.ids("step:review reason:rejected_by_reviewers"));
            JsonNode accepted = client.get("/api/row", "id", "r0");
            assertEquals("kept", accepted.at("/summary/status").asText());
            assertEquals("too_short", accepted.at("/overruled/0/reason").asText(), accepted.toString());
        }
    }

    @Test
    void reviewersShareAQueueAndItsSampleEstimatesTheCorpus() throws IOException {
        try (Client client = Client.open(run())) {
            JsonNode first = client.get("/api/queue", "order", "random", "size", "4", "reviewer", "ana");
            assertEquals(first.path("rows"), client.get("/api/queue", "order", "random", "size", "4", "reviewer", "bo")
                    .path("rows"));
            for (JsonNode row : first.path("rows")) {
                String id = row.path("id").asText();
                decide(client, "ana", id, "accept");
                decide(client, "bo", id, row == first.path("rows").get(0) ? "reject" : "accept");
            }
            JsonNode agreement = client.get("/api/agreement");
            assertEquals(4, agreement.path("rows_overlapping").asInt(), agreement.toString());
            assertEquals(0.75, agreement.at("/cohen/0/agreement").asDouble());
            assertEquals(1, agreement.path("conflicts").asInt());
            assertEquals(1, client.get("/api/queue", "order", "conflict", "reviewer", "cy").path("total").asInt());
            assertEquals(8, client.get("/api/queue", "order", "uncertain", "reviewer", "ana").path("total").asInt());
            decide(client, "cy", first.path("rows").get(0).path("id").asText(), "reject");
            JsonNode estimate = client.get("/api/estimate");
            assertEquals(List.of(12, 4, 1), List.of(estimate.path("population").asInt(), estimate.path("sample")
                    .asInt(),
                    estimate.path("rejected").asInt()), estimate.toString());
            assertEquals(0.25, estimate.path("rate").asDouble());
            assertEquals(4, client.get("/api/progress").at("/reviewers/0/accept").asInt());
            assertEquals(3, client.get("/api/facets", "fields", "decision")
                    .at("/facets/decision/values/0/count").asInt());
        }
    }

    @Test
    void rowsAreSharedOutAndSomeGoToAll() throws IOException {
        try (Client client = Client.open(run())) {
            List<String> ana = queue(client, "ana");
            List<String> bo = queue(client, "bo");
            assertEquals(12, Stream.concat(ana.stream(), bo.stream()).distinct().count());
            assertTrue(ana.size() < 12 && bo.size() < 12, ana + " " + bo);
            assertEquals("overlap: a share in [0, 1]; got '2'; 0.2 gives a fifth of the rows to all",
                    client.get("/api/queue", "overlap", "2").at("/error/message").asText());
        }
    }

    private static List<String> queue(Client client, String reviewer) {
        return client.get("/api/queue", "order", "random", "size", "100", "reviewer", reviewer,
                "assigned", "bo,ana", "overlap", "0.3").path("rows").valueStream()
                .map(row -> row.path("id").asText()).toList();
    }

    private static void decide(Client client, String reviewer, String id, String decision) {
        JsonNode made = client.post("/api/decisions?reviewer=" + reviewer, Map.of("ids", List.of(id), "decision",
                decision, "origin", "queue:random"));
        assertEquals(1, made.path("count").asInt(), made.toString());
    }

    @Test
    void whatIsExportedComesBack() throws IOException {
        try (Client client = Client.open(run())) {
            client.post("/api/decisions", Map.of("ids", List.of("r0"), "decision", "accept", "labels", List.of("dry")));
            client.post("/api/decisions", Map.of("ids", List.of("r1"), "decision", "reject", "rating", 2));
            client.post("/api/decisions", Map.of("ids", List.of("r4"), "edit", Map.of("answer", "The Po.")));
            List<String> rows = export(client, "jsonl").lines().toList();
            assertEquals(7, rows.size(), rows.toString());
            assertTrue(rows.stream().anyMatch(row -> row.contains("The Po.")));
            assertTrue(rows.stream().anyMatch(row -> row.contains("\"r0\"") && !row.contains("evidence")));
            JsonNode pair = Json.read(export(client, "dpo").lines().findFirst().orElseThrow(), JsonNode.class, "pair");
            assertEquals("The Po.", pair.at("/chosen/0/content").asText(), pair.toString());
            assertEquals("user", pair.at("/prompt/0/role").asText());
            assertTrue(export(client, "parquet").startsWith("PAR1"));
            for (String tool : List.of("argilla", "labelstudio")) {
                String records = export(client, tool).replace("ana", "zoe");
                JsonNode answer = Client.json(client.send(client.request("/api/import?format=" + tool)
                        .header("Authorization", "Bearer " + Client.TOKEN)
                        .POST(HttpRequest.BodyPublishers.ofString(records))));
                assertEquals(3, answer.path("count").asInt(), answer.toString());
                assertEquals(9, answer.path("ignored").asInt());
                ObjectNode said = (ObjectNode) client.get("/api/row", "id", "r1").path("decisions").valueStream()
                        .filter(one -> one.path("reviewer").asText().equals("zoe")).reduce((a, b) -> b).orElseThrow();
                assertEquals("reject 2", said.path("decision").asText() + " " + said.path("rating").asText(), tool);
                assertEquals(List.of("r0"), client.ids("reviewer:zoe label:dry"));
            }
        }
    }

    private static String export(Client client, String format) {
        HttpResponse<String> answer = client.send(client.request("/api/export?format=" + format)
                .header("Authorization", "Bearer " + Client.TOKEN));
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }
}
