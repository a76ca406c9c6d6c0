package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Judged tasks from the command line, by a server that misbehaves.
class JudgedRunTest {
    @TempDir
    Path folder;

    private Shell shell;
    private JudgeServer server;

    @BeforeEach
    void aServer() throws IOException {
        server = new JudgeServer();
        shell = new Shell(folder, Map.of());
        StringBuilder questions = new StringBuilder();
        StringBuilder talks = new StringBuilder();
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            questions.append("{\"id\": \"q%s\", \"question\": \"Why is %s so?\"}%n".formatted(i, i));
        }
        for (int i = 0; i < 8; i++) {
            talks.append("{\"question_id\": %s, \"turns\": [\"Write of %s.\", \"Shorter.\"]}%n".formatted(i, i));
        }
        for (int i = 0; i < 8; i++) {
            labels.append("{\"id\": \"%s/1\", \"label\": %s}%n".formatted(i, 1 + i));
        }
        shell.file("q.jsonl", questions.toString()).file("mt.jsonl", talks.toString())
                .file("people.jsonl", labels.toString())
                .file("tutored.jsonl", """
                        {"question": "Janet has 16 eggs, keeps 7 and sells the rest at 2. What does she get?", "answer":
                        "18", "steps": [{"question": "How many eggs does Janet sell?", "answer": "16 - 7 = 9"},
                        {"question": "What does Janet get?", "answer": "9 * 2 = 18"}]}
                        """.replace("\n", " "))
                .file("models.yaml", "models: {rival: %s, other: %s, judge1: %s, judge2: %s}".formatted(
                        server.endpoint("rival"), server.endpoint("other"), server.endpoint("judge1"),
                        server.endpoint("judge2")))
                .file("r.yaml", """
                        name: judged
                        models: {rival: %s, other: %s, judge1: %s, judge2: %s}
                        eval:
                          models: {mine: %s}
                          judged:
                            - judge: {name: points, questions: {file: {path: q.jsonl}},
                                      judging: {judges: [judge1, judge2], rubric: helpfulness}}
                            - pairwise: {name: arena, questions: {file: {path: q.jsonl}}, against: [rival, other],
                                         all_pairs: true, judging: {judges: [judge1], rubric: preference}}
                            - multi_turn: {name: talks, conversations: mt.jsonl,
                                           judging: {judges: [judge1], rubric: turn_quality, labels: people.jsonl}}
                        """.formatted(server.endpoint("rival"), server.endpoint("other"), server.endpoint("judge1"),
                        server.endpoint("judge2"), server.endpoint("mine")));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void stormsAndAnOutageLeaveTheFiguresOfACalmRun() {
        Shell.Result calm = run("calm");
        assertEquals(0, calm.code(), calm::toString);
        int asked = server.answered();
        Map<String, String> expected = written("calm");

        server.storm(true);
        server.breakAfter(asked / 3);
        Shell.Result broken = run("disturbed");
        assertEquals(3, broken.code(), broken::toString);
        assertTrue(broken.err().contains("eval/mine: incomplete: "), broken::toString);
        assertTrue(broken.err().contains("everything answered is kept: run the same command again"), broken::toString);
        assertFalse(results("disturbed").get("results").get("arena").has("win_rate,judge"), "a part has no figure");
        server.breakAfter(Integer.MAX_VALUE);
        Shell.Result whole = run("disturbed");
        assertEquals(0, whole.code(), whole::toString);
        assertTrue(server.refused() > 50, "refused " + server.refused());
        assertEquals(expected, written("disturbed"));
        assertEquals(2 * asked, server.answered(), "nothing was asked twice");

        run("disturbed");
        assertEquals(2 * asked, server.answered());
    }

    @Test
    void whatWasNotJudgedStandsBesideTheFigure() {
        shell.file("j.yaml", read("r.yaml").replaceAll("(?s).*  judged:", "judged:").replaceAll("\\n    ", "\n  "));
        Shell.Result run = shell.run("eval", server.address(), "--model-name", "mine", "--name", "mine", "--tasks",
                "{}/j.yaml", "--models", "{}/models.yaml", "--out", "{}/o");
        assertEquals(0, run.code(), run::toString);
        JsonNode results = results("o");
        JsonNode points = results.get("judged").get("points");
        JsonNode first = points.get("judges").get(0);
        assertEquals(30, first.get("verdicts").asInt() + first.path("unreadable").asInt());
        assertTrue(first.get("asked_again").asInt() >= 2 * first.path("unreadable").asInt(), points::toString);
        JsonNode arena = results.get("judged").get("arena");
        long unjudged = 0;
        long games = 0;
        for (JsonNode pair : arena.get("pairs")) {
            assertEquals(pair.get("games").asLong(), pair.get("wins").asLong() + pair.get("ties").asLong()
                    + pair.get("losses").asLong());
            unjudged += pair.get("unjudged").asLong();
            games += pair.get("games").asLong();
        }
        assertEquals(90, unjudged + games);
        assertTrue(unjudged > 0);
        assertTrue(arena.get("position").get("first_preferred").asDouble() > 0.5, arena::toString);
        assertEquals(3, arena.get("ratings").size());
        assertTrue(run.out().contains("the answer shown first is preferred in "), run::toString);
        assertTrue(run.out().contains("people agree on "), run::toString);
        assertTrue(run.out().contains(" unreadable, asked again "), run::toString);
        assertEquals(results.get("n-samples").get("arena").get("original").asInt(),
                results.get("n-samples").get("arena").get("effective").asInt() + lines("o", "unjudged_arena_"));
        assertTrue(results.get("judged_usage").get("judge1").get("cost_usd").asDouble() > 0, results::toString);
    }

    @Test
    @Tag("slow")
    void aBudgetEndsTheEvaluationAndALargerOneGoesOn() {
        shell.file("r.yaml", read("r.yaml").replace("  judged:", "  budget: {max_usd: 0.004}\n  judged:"));
        Shell.Result ended = run("o");
        assertEquals(3, ended.code(), ended::toString);
        assertTrue(ended.err().contains("budget.max_usd: 0.004 USD: room for one more request"), ended::toString);
        int asked = server.answered();
        shell.file("r.yaml", read("r.yaml").replace("max_usd: 0.004", "max_usd: 5"));
        assertEquals(0, run("o").code());
        int both = server.answered();
        run("calm");
        assertEquals(both - asked, server.answered() - both - asked, "what was paid for is asked once");
        assertEquals(written("calm"), written("o"));
    }

    @Test
    void whoIsNotNamedIsRefusedAndSoIsARubricOfAnotherKind() {
        shell.file("r.yaml", read("r.yaml").replace("against: [rival, other]", "against: [rivla]"));
        assertTrue(run("o").err().contains("eval.judged[1]: a model of this recipe's models; got 'rivla'; write "
                + "'rival'"), () -> run("o").err());
        shell.file("r.yaml", read("r.yaml").replace("[rivla]", "[rival]").replace("rubric: preference",
                "rubric: preferense"));
        assertTrue(run("o").err().contains("judge.rubric: a rubric that comes with this tool or a file; got "
                + "'preferense'; write 'preference'"), () -> run("o").err());
        shell.file("r.yaml", read("r.yaml").replace("rubric: preferense", "rubric: helpfulness"));
        assertTrue(run("o").err().contains("rubric 'helpfulness'.prompt: variables among [question, first, second, "
                + "gold]; got 'answer'; take a rubric for this kind of task (docs/judging.md)"), () -> run("o").err());
        assertEquals(0, server.answered());
    }

    @Test
    @Tag("slow")
    void aRunThatIsKilledThreeTimesHasTheFiguresOfACalmOne() throws Exception {
        assertEquals(0, run("calm").code());
        int asked = server.answered();
        Map<String, String> expected = written("calm");
        for (int kill = 1; kill <= 3; kill++) {
            Process process = start();
            int limit = server.answered() + asked / 5;
            while (process.isAlive() && server.answered() < limit) {
                Thread.sleep(1);
            }
            process.destroyForcibly().waitFor(); // SIGKILL
            assertFalse(Files.exists(folder.resolve("killed/eval/mine/results.json")));
        }
        Process last = start();
        assertTrue(last.waitFor(120, TimeUnit.SECONDS));
        assertEquals(0, last.exitValue(), read("killed.log"));
        assertEquals(expected, written("killed"));
        assertTrue(server.answered() - asked <= asked + 3 * 8, "a kill costs what was under way");
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                "dev.socratic.cli.Main", "run", folder.resolve("r.yaml").toString(), "--out",
                folder.resolve("killed").toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(
                folder.resolve("killed.log").toFile())).start();
    }

    private Shell.Result run(String out) {
        Shell.Result run = shell.run("run", "{}/r.yaml", "--out", "{}/" + out, "--only", "eval");
        return run;
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<Path> files(String out) {
        try (Stream<Path> files = Files.list(folder.resolve(out).resolve("eval/mine"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private JsonNode results(String out) {
        return Json.read(files(out).stream().filter(file -> file.getFileName().toString().startsWith("results_"))
                .reduce((one, other) -> other).orElseThrow(), JsonNode.class);
    }

    private int lines(String out, String begin) {
        return files(out).stream().filter(file -> file.getFileName().toString().startsWith(begin))
                .mapToInt(file -> (int) read(folder.relativize(file).toString()).lines().count()).sum();
    }

    /// All that a run writes of its samples and figures, without its date.
    private Map<String, String> written(String out) {
        Map<String, String> all = new TreeMap<>();
        for (Path file : files(out)) {
            String name = file.getFileName().toString().replaceFirst("_[0-9T-]{19}", "");
            if (name.startsWith("results")) {
                ObjectNode results = Json.read(file, ObjectNode.class);
                results.remove("date");
                all.put(name, Json.pretty(results));
            } else if (name.endsWith(".jsonl")) {
                all.put(name, read(folder.relativize(file).toString()));
            }
        }
        return all;
    }
}
