package dev.socratic.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.RetryLaterException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page's server asked as a script asks it, over files as they lie on disks.
class ReviewServerTest {
    private static final String ROWS = """
            {"id": "a", "question": "What is 2+3?", "answer": "<think>Two and three.</think>It is 5.", "teacher": "t1",
            """.strip() + """
             "score": 0.9, "gold": "5", "tags": ["sum"]}
            {"id": "b", "question": "What is 2+3?", "answer": "It is 6.", "teacher": "t2", "score": 0.2, "gold": "5"}
            {"id": "c/d", "question": "Name a colour of the rainbow", "answer": "Green, for example.", "score": 0.5}
            {"broken":
            {"nothing": 1}
            """;

    @TempDir
    private Path folder;

    private Path rows() throws IOException {
        return Files.writeString(folder.resolve("rows.jsonl"), ROWS);
    }

    private static void touchOld(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 10_000));
    }

    @Test
    void rowsAreFoundByWordsFieldsAndNumbers() throws IOException {
        try (Client client = Client.open(rows())) {
            JsonNode corpus = client.get("/api/corpus");
            assertEquals(5, corpus.path("rows").asInt(), corpus.toString());
            assertEquals(3, corpus.path("kept").asInt());
            assertEquals(2, corpus.path("broken").asInt());
            assertEquals(List.of("a", "b"), client.ids("2+3"));
            assertEquals(List.of("c/d"), client.ids("rainbow"));
            assertEquals(List.of("a", "c/d"), client.ids("score:>0.3"));
            assertEquals(List.of("c/d"), client.ids("score:[0.3 TO 0.6]"));
            assertEquals(List.of("b"), client.ids("teacher:t2"));
            assertEquals(List.of("a"), client.ids("has:reasoning tag:sum"));
            assertEquals(List.of("b", "c/d"), client.ids("is:kept -teacher:t1"));
            assertEquals(List.of("a", "b"), client.ids("near:a -is:broken"));
            JsonNode broken = client.get("/api/rows", "q", "is:broken");
            assertEquals("{\"broken\":", broken.path("rows").get(0).path("question").asText());
            assertEquals(4, broken.path("rows").get(0).path("place").path("line").asInt());
            assertTrue(broken.path("rows").get(1).path("reason").asText().startsWith("no row: "), broken.toString());
        }
    }

    @Test
    void aQueryThatMeansNothingSaysWhatToWrite() throws IOException {
        try (Client client = Client.open(rows())) {
            assertEquals("q: a known field before ':'; got 'techer'; write 'teacher'; text with a colon goes in quotes",
                    message(client, "techer:t1"));
            assertEquals("q: score: a number; got 'high'; write such as score:>0.8", message(client, "score:high"));
            assertEquals("q: is: one of kept, dropped, failed, broken, decided, undecided, accepted, rejected, later, "
                    + "flagged, edited, conflict; got 'keptt'; write 'kept'", message(client, "is:keptt"));
            assertTrue(message(client, "(a").startsWith("q: Lucene's syntax; got "));
            assertEquals(0, client.get("/api/rows", "q", "\"techer:t1\"").path("total").asInt());
        }
    }

    private static String message(Client client, String q) {
        JsonNode answer = client.get("/api/rows", "q", q);
        assertEquals(400, answer.path("http").asInt(), answer.toString());
        assertEquals(answer.path("error").path("message").asText(),
                client.get("/api/query", "q", q).path("message").asText());
        return answer.path("error").path("message").asText();
    }

    @Test
    void aLineOnTheMapFindsTheRowsInsideOfItAndClustersHaveTheirMiddle() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            rows.append(("{\"id\": \"r%s\", \"question\": \"q\", \"answer\": \"a\", \"clusters.x\": 0.%s, \"clusters.y\": 0.5, "
                    + "\"clusters.cluster\": %s}\n").formatted(i, i, i / 5));
        }
        rows.append("{\"id\": \"nowhere\", \"question\": \"q\", \"answer\": \"a\"}\n");
        try (Client client = Client.open(Files.writeString(folder.resolve("placed.jsonl"), rows))) {
            assertEquals(List.of("r0", "r1", "r2"), client.ids("within:\"-0.1,0 0.25,0 0.25,1 -0.1,1\""));
            assertEquals(List.of("r2"), client.ids("within:\"0.15,0 0.25,0 0.25,1 0.15,1\" cluster:0"));
            JsonNode map = client.get("/api/map", "size", "4");
            assertEquals(10, map.path("rows").asInt(), map.toString());
            assertEquals(1, map.path("missing").asInt());
            assertEquals(4, map.path("points").size());
            assertEquals(0.2, map.at("/clusters/0/x").asDouble(), 1e-9);
            assertEquals("cluster:1", map.at("/clusters/1/query").asText());
            assertEquals(5, client.get("/api/map", "q", "cluster:1").path("rows").asInt());
            for (String wrong : List.of("0,0 1,1", "0,0 1,x 1,1", "here")) {
                assertEquals("q: within: at least three corners \"x,y x,y x,y\" on the map; got '%s'; draw them on the "
                        .formatted(wrong) + "page's map", message(client, "within:\"" + wrong + "\""));
            }
        }
    }

    @Test
    void pagesFollowEachOtherInAnyOrder() throws IOException {
        try (Client client = Client.open(rows())) {
            JsonNode first = client.get("/api/rows", "sort", "score", "order", "desc", "size", "2");
            assertEquals(List.of("a", "c/d"), first.path("rows").valueStream().map(row -> row.path("id").asText())
                    .toList());
            JsonNode second = client.get("/api/rows", "sort", "score", "order", "desc", "size", "2", "after",
                    first.path("next").asText());
            assertEquals("b", second.path("rows").get(0).path("id").asText());
            assertEquals(5, second.path("total").asInt());
            assertEquals(400, client.get("/api/rows", "after", "x").path("http").asInt());
            assertEquals(400, client.get("/api/rows", "sort", "scor").path("http").asInt());
            assertEquals(400, client.get("/api/rows", "sise", "2").path("http").asInt());
        }
    }

    @Test
    void facetsAndHistogramsCountWhatIsFound() throws IOException {
        try (Client client = Client.open(rows())) {
            JsonNode facets = client.get("/api/facets", "fields", "status,teacher");
            assertEquals(3, facets.at("/facets/status/values/0/count").asInt(), facets.toString());
            assertEquals(1, client.get("/api/facets", "q", "score:>0.3", "fields", "teacher")
                    .at("/facets/teacher/values").size());
            JsonNode histogram = client.get("/api/histogram", "field", "score", "bins", "2");
            assertEquals(3, histogram.path("count").asInt());
            assertEquals(2, histogram.path("missing").asInt());
            assertEquals(2, histogram.at("/bins/0/count").asInt(), histogram.toString());
            assertEquals(1, client.get("/api/rows", "q", histogram.at("/bins/1/query").asText()).path("total").asInt());
        }
    }

    @Test
    void aRowIsShownWholeWithItsSamples() throws IOException {
        try (Client client = Client.open(rows())) {
            JsonNode row = client.get("/api/row", "id", "a");
            assertEquals("Two and three.", row.path("reasoning").asText());
            assertEquals("It is 5.", row.path("answer").asText());
            assertEquals("5", row.path("gold").asText());
            assertEquals("What is 2+3?", row.path("question").asText());
            assertEquals("Name a colour of the rainbow", client.get("/api/row", "id", "c/d").path("question").asText());
            JsonNode samples = client.get("/api/row/samples", "id", "a");
            assertEquals(2, samples.path("groups").size(), samples.toString());
            assertTrue(samples.at("/groups/0/correct").asBoolean());
            assertFalse(samples.at("/groups/1/correct").asBoolean());
            assertEquals("unknown_row", client.get("/api/row", "id", "zz").at("/error/code").asText());
        }
    }

    @Test
    void nobodyComesInWithoutTheToken() throws IOException {
        try (Client client = Client.open(rows())) {
            assertEquals(200, client.send(client.request("/healthz")).statusCode());
            assertEquals(401, client.send(client.request("/api/corpus")).statusCode());
            assertEquals(401, client.send(client.request("/")).statusCode());
            assertEquals(401, client.send(client.request("/api/corpus?token=" + Client.TOKEN)).statusCode());
            assertEquals(401, client.send(client.request("/?token=x")).statusCode());
            HttpResponse<String> page = client.send(client.request("/?token=" + Client.TOKEN));
            assertEquals(200, page.statusCode());
            assertTrue(page.headers().firstValue("Content-Security-Policy").orElseThrow().contains("default-src "
                    + "'none'"));
            String cookie = page.headers().firstValue("Set-Cookie").orElseThrow();
            assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), cookie);
            String kept = cookie.substring(0, cookie.indexOf(';'));
            assertEquals(200, client.send(client.request("/api/corpus").header("Cookie", kept)).statusCode());
            assertEquals(403, client.send(client.request("/api/corpus").header("Cookie", kept)
                    .header("Origin", "https://evil.example")).statusCode());
            assertEquals(404, client.get("/api/nothing").path("http").asInt());
        }
    }

    @Test
    void decisionsHoldAreTakenBackAndSurviveARestart() throws IOException {
        Path file = rows();
        try (Client client = Client.open(file)) {
            JsonNode made = client.post("/api/decisions", Map.of("ids", List.of("b"), "decision", "reject", "labels",
                    List.of("wrong"), "rating", 2, "note", "six", "flag", true));
            assertEquals("reject", made.at("/rows/0/decision").asText(), made.toString());
            assertEquals(List.of("b"), client.ids("is:rejected label:wrong rating:<3 note:six is:flagged "
                    + "reviewer:ana"));
            assertEquals(2, client.post("/api/decisions", Map.of("q", "is:undecided is:kept", "expect", 2, "decision",
                    "accept")).path("count").asInt());
            assertEquals(409, client.post("/api/decisions", Map.of("q", "is:kept", "expect", 9, "decision", "accept"))
                    .path("http").asInt());
            assertEquals(List.of("a", "c/d"), client.ids("is:accepted"));
            assertEquals(2, client.post("/api/undo", Map.of()).path("count").asInt());
            assertEquals(List.of("b"), client.ids("is:decided"));
        }
        try (Client client = Client.open(file)) {
            assertEquals(List.of("b"), client.ids("is:rejected"));
            assertEquals("b", client.get("/api/rows", "sort", "decided_at", "order", "desc").at("/rows/0/id").asText());
            JsonNode row = client.get("/api/row", "id", "b");
            assertEquals("six", row.at("/decisions/0/note").asText(), row.toString());
            client.post("/api/undo", Map.of());
            assertEquals(List.of(), client.ids("is:decided"));
            assertEquals("nothing_to_undo", client.post("/api/undo", Map.of()).at("/error/code").asText());
        }
    }

    @Test
    void anEditIsVerifiedAtOnce() throws IOException {
        try (Client client = Client.open(rows())) {
            JsonNode wrong = client.post("/api/verify", Map.of("id", "b", "edit", Map.of("answer", "It is 7.")));
            assertFalse(wrong.path("passed").asBoolean(), wrong.toString());
            JsonNode right = client.post("/api/decisions", Map.of("ids", List.of("b"), "edit",
                    Map.of("answer", "It is 5.", "reasoning", "Count on from two.")));
            assertTrue(right.at("/verification/passed").asBoolean(), right.toString());
            assertEquals("5", right.at("/verification/final_answer").asText());
            assertEquals("It is 5.", client.get("/api/row", "id", "b").at("/edited/answer").asText());
            assertEquals("It is 6.", client.get("/api/row", "id", "b").path("answer").asText());
        }
    }

    @Test
    void aTornLastLineIsPutAsideAndSaid() throws IOException {
        Path file = rows();
        try (Client client = Client.open(file)) {
            client.post("/api/decisions", Map.of("ids", List.of("a"), "decision", "accept"));
        }
        Path decisions = folder.resolve("rows.jsonl.review/decisions.jsonl");
        Files.writeString(decisions, "{\"action\": \"2\", \"at\":", StandardOpenOption.APPEND);
        try (Client client = Client.open(file)) {
            String notices = client.get("/api/corpus").path("notices").toString();
            assertTrue(notices.contains("got a last one without its end, as a kill leaves it; what there was of it "
                    + "lies in "
                    + "decisions.torn; decide that row again"), notices);
            assertEquals(List.of("a"), client.ids("is:accepted"));
            client.post("/api/decisions", Map.of("ids", List.of("b"), "decision", "reject"));
        }
        assertEquals(2, Files.readString(decisions).lines().count());
        assertEquals("{\"action\": \"2\", \"at\":\n", Files.readString(decisions.resolveSibling("decisions.torn")));
    }

    @Test
    void aSecondServerOnTheSameRowsIsRefused() throws IOException {
        Path file = rows();
        try (Client client = Client.open(file)) {
            assertTrue(assertThrows(RetryLaterException.class, () -> Client.open(file)).getMessage()
                    .contains("rows.jsonl.review"));
            assertEquals(200, client.send(client.request("/healthz")).statusCode());
        }
    }

    @Test
    void anIndexOfAnotherVersionIsMadeAnew() throws IOException {
        Path file = rows();
        try (Client client = Client.open(file)) {
            assertEquals(5, client.get("/api/corpus").path("rows").asInt());
            client.corpus().index().commit(Map.of());
        }
        Path index = folder.resolve("rows.jsonl.review/index");
        try (var segments = Files.newDirectoryStream(index, "segments_*")) {
            for (Path segment : segments) {
                Files.writeString(segment, "something else");
            }
        }
        try (Client client = Client.open(file)) {
            assertEquals(5, client.get("/api/corpus").path("rows").asInt());
            assertTrue(client.get("/api/corpus").path("notices").toString().contains(
                    "it is made anew from the rows, decisions are not touched"));
        }
    }

    @Test
    void hugeRowsAndHugeNamesAreShownAndStopNothing() throws IOException {
        String huge = "x".repeat(40_000);
        Path file = Files.writeString(folder.resolve("huge.jsonl"), "{\"id\": \"" + huge + "\", \"question\": \"q\", "
                + "\"answer\": \"first\", \"tags\": [\"" + huge + "\"], \"teacher\": \"" + huge + "\"}\n"
                + "{\"question\": \"q\", \"answer\": \"" + "y ".repeat(9 << 20) + "\"}\n"
                + "{\"question\": \"q\", \"answer\": \"last\"}\n");
        try (Client client = Client.open(file)) {
            assertEquals(1, client.ids("answer:last").size());
            assertEquals(1, client.ids("answer:first").size());
            JsonNode broken = client.get("/api/rows", "q", "is:broken").at("/rows/0");
            assertTrue(broken.path("reason").asText().startsWith("a line of at most 16777216 bytes; got 188743"),
                    broken.toString());
            JsonNode row = client.get("/api/row", "id", broken.path("id").asText());
            assertEquals(188_743, row.at("/cut/raw").asLong() / 100, row.toString());
        }
    }

    @Test
    void rowsThatComeLaterAreFoundToo() throws Exception {
        Path file = rows();
        touchOld(file);
        try (Client client = Client.open(file)) {
            Files.writeString(file, "{\"id\": \"late\", \"question\": \"q\", \"answer\": \"a late row\"}\n",
                    StandardOpenOption.APPEND);
            for (int i = 0; i < 600 && client.ids("late").isEmpty(); i++) {
                Thread.sleep(20);
            }
            assertEquals(List.of("late"), client.ids("late"));
            Files.writeString(file, "{\"id\": \"new\", \"question\": \"q\", \"answer\": \"all new\"}\n");
            for (int i = 0; i < 600 && !client.ids("").equals(List.of("new")); i++) {
                Thread.sleep(20);
            }
            assertEquals(List.of("new"), client.ids(""));
        }
    }
}
