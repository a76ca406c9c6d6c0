package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `verify`, `score` and `compare` on files as other tools write them.
class JudgingCommandsTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Object... arguments) {
        out.reset();
        err.reset();
        String[] texts = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                false, false, Map.of());
        return Socratic.commandLine(console).execute(texts);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static String line(int id, String question, String target, String answer, String filter, int match) {
        return """
                {"doc_id": %s, "doc": {"question": "%s"}, "target": %s, "resps": [["%s"]], "filtered_resps": ["%s"], \
                "filter": "%s", "exact_match": %s, "bleu": NaN}
                """.formatted(id, question, target, answer, answer, filter, match);
    }

    private Path samples(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("", lines));
    }

    private static String strict(int id, int match) {
        return line(id, "q" + id, "\"#### 4\"", "It is 4", "strict-match", match);
    }

    private static String flexible(int id, int match) {
        return line(id, "q" + id, "\"#### 4\"", "It is 4", "flexible-extract", match);
    }

    @Test
    void theOrderOfFiltersInAFileIsNoDifference() throws IOException {
        Path a = samples("samples_a.jsonl", strict(0, 0), strict(1, 0), flexible(0, 1), flexible(1, 1));
        Path b = samples("samples_b.jsonl", flexible(0, 1), flexible(1, 1), strict(0, 0), strict(1, 0));
        assertEquals(ExitCode.DONE, run("compare", a, b), err());
        assertTrue(out().startsWith("a: 0 flips, 0 to A and 0 to B, of 2; A 100.0 %, B 100.0 %, difference +0.0 "),
                out());
        assertTrue(out().contains("filter flexible-extract"), out());
        assertEquals(ExitCode.DONE, run("compare", a, b, "--filter", "strict-match"), err());
        assertTrue(out().contains("; A 0.0 %, B 0.0 %") && out().contains("filter strict-match"), out());
    }

    @Test
    void aFilterOfOneFileOnlyIsRefusedByName() throws IOException {
        Path a = samples("samples_a.jsonl", strict(0, 0));
        Path b = samples("samples_b.jsonl", strict(0, 0), flexible(0, 1));
        assertEquals(ExitCode.FAILED, run("compare", a, b));
        assertTrue(err().contains(
                "samples of the same filters; got [strict-match] and [flexible-extract, strict-match]; "
                + "say which one is meant: --filter strict-match"), err());
        assertEquals(ExitCode.DONE, run("compare", a, b, "--filter", "strict-match"), err());
        assertEquals(ExitCode.FAILED, run("compare", a, b, "--filter", "flexible-extract"));
        assertTrue(err().contains("samples of the filter 'flexible-extract'; got those of [strict-match]"), err());
        assertEquals(ExitCode.DONE, run("compare", a, b, "--filter", "strict-match,flexible-extract"), err());
        assertTrue(out().contains("filter strict-match and flexible-extract"), out());
    }

    @Test
    void flipsAreListedWithWhatEitherSaid() throws IOException {
        Path a = samples("samples_a.jsonl", strict(0, 1), strict(1, 0), strict(2, 1));
        Path b = samples("samples_b.jsonl", strict(0, 0), strict(1, 1), strict(2, 1));
        run("compare", a, b, "--flips");
        assertTrue(out().contains("only A right: document 0, 'q0', gold '#### 4': A 'It is 4', B 'It is 4'"), out());
        assertTrue(out().contains("only B right: document 1"), out());
        String line = out().lines().toList().get(2);
        assertTrue(line.startsWith("a: 2 flips, 1 to A and 1 to B, of 3; "), out());
        assertTrue(line.endsWith("3 questions are too few to show any difference, 2 points take 19,623"), out());
        assertEquals("  one by one: 50 % of 2 flips to A [1, 99] at any time; A and B are not told apart",
                out().lines().toList().getLast());
        assertEquals(4, out().lines().count(), out());
        run("compare", a, b, "--flips", "--json");
        assertTrue(out().contains("\"right\" : \"a\"") || out().contains("\"right\":\"a\""), out());
    }

    /// Of three tests the smallest p-value is tripled by Holm's correction.
    @Test
    void theFirstIsComparedWithEachOtherAndManyTestsAreCorrected() throws IOException {
        Path a = samples("samples_a.jsonl", range(12, i -> 1));
        Path b = samples("samples_b.jsonl", range(12, i -> i < 6 ? 0 : 1));
        Path c = samples("samples_c.jsonl", range(12, i -> i < 2 ? 0 : 1));
        Path d = samples("samples_d.jsonl", range(12, i -> 1));
        assertEquals(ExitCode.DONE, run("compare", a, b, c, d), err());
        assertTrue(out().contains("6 to A and 0 to B, of 12; A 100.0 %, B 50.0 %"), out());
        assertTrue(out().contains("p 0.0313 (McNemar, of 3 tests 0.0938)"), out());
        assertTrue(out().contains("2 to A and 0 to C") && out().contains("0 flips, 0 to A and 0 to D"), out());
        assertTrue(out().contains("they never differ"), out());
        assertEquals(ExitCode.DONE, run("compare", a, b, c, "--json"), err());
        assertTrue(out().contains("\"p_holm\" : 0.0625") || out().contains("\"p_holm\":0.0625"), out());
        assertTrue(out().contains(b.toString()) && out().contains(c.toString()), out());
    }

    /// Two answers each: what both say of the questions stands below the comparison, and in JSON under its name.
    @Test
    void severalAnswersAreToldByWhatManyOfThemComeTo() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            lines.append("{\"doc_id\": %s, \"doc\": {\"question\": \"q%s\"}, \"target\": \"4\", \"cluster\": \"c%s\", "
                    .formatted(i, i, i / 2) + "\"resps\": [[\"4\", \"5\"]], \"filtered_resps\": [[\"4\", \"5\"]], "
                    + "\"filter\": \"final_answer\", \"verdicts\": [1, %s], \"exact_match\": %s}\n".formatted(i % 2,
                    (1 + i % 2) / 2.0));
        }
        Path a = samples("samples_a.jsonl", lines.toString());
        assertEquals(ExitCode.DONE, run("compare", a, a), err());
        assertTrue(out().contains("  A: avg@2 75.0 [") && out().contains("pass@2 100.0 [")
                && out().contains("pass^2 50.0 [")
                && out().contains("maj@2 75.0 [") && out().contains("g_pass@2_0.75 50.0 ["), out());
        assertTrue(out().contains("  B: questions by the share of right answers: 0 0, (0, 0.25] 0, (0.25, 0.5] 4, "
                + "(0.5, 0.75] 0, (0.75, 1) 0, 1 4; 0 % of the spread lies in the questions"), out());
        assertTrue(out().contains("  A: 8 questions in 4 clusters, standard error 0.0 points over clusters"), out());
        assertTrue(out().contains("  A: how sure against how right: ECE "), out());
        run("compare", a, a, "--json");
        assertTrue(out().contains("\"maj@2\"") && out().contains("\"of_b\"") && out().contains("\"clusters\""), out());
    }

    @Test
    void comparisonsAndLeaderboardsArePagesToo() throws IOException {
        Path a = samples("a/samples_t.jsonl", range(12, i -> 1));
        Path b = samples("b/samples_t.jsonl", range(12, i -> i < 6 ? 0 : 1));
        Path page = folder.resolve("two.html");
        assertEquals(ExitCode.DONE, run("compare", a.getParent(), b, "--html=" + page), err());
        assertTrue(err().contains("socratic: the page: " + page), err());
        assertTrue(Files.readString(page).contains("A a against B samples_t.jsonl"));
        Path board = folder.resolve("board.html");
        assertEquals(ExitCode.DONE, run("leaderboard", folder, "--html", board), err());
        assertTrue(Files.readString(board).contains("<b>6</b>"), "flips of the best against the other");
        assertEquals(ExitCode.USAGE, run("compare", "--html", a, b, a));
        assertTrue(err().contains("--html: a file whose name ends in .html; got " + a
                + "; write --html=PAGE.html, or put --html last"), err());
        assertTrue(Files.size(a) > 0, "and nothing was written over it");
    }

    private static String range(int n, java.util.function.IntUnaryOperator match) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < n; i++) {
            lines.append(strict(i, match.applyAsInt(i)));
        }
        return lines.toString();
    }

    @Test
    void theLeaderboardOfAFolderHasTheBestFirstAndAMeanOverWhatAllHave() throws IOException {
        samples("one/eval/small/samples_t_2026-01-01T00-00-00.jsonl", range(10, i -> i < 3 ? 1 : 0));
        samples("one/eval/small/samples_u_2026-01-01T00-00-00.jsonl", range(10, i -> 1));
        samples("theirs/big__model/samples_t_2026-01-01T00-00-00.123.jsonl", range(10, i -> i < 9 ? 1 : 0));
        Files.writeString(folder.resolve("theirs/big__model/results_2026-01-01T00-00-00.123.json"),
                "{\"config\": {\"model_num_parameters\": 134515008}}");
        assertEquals(ExitCode.DONE, run("leaderboard", folder), err());
        List<String> lines = out().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertEquals(List.of(
                "model mean t u USD s/question parameters",
                "theirs/big__model 90.0 [59.6, 98.2] 90.0 [59.6, 98.2] - - - 134,515,008",
                "one/small 30.0 [10.8, 60.3] 30.0 [10.8, 60.3] 100.0 [72.2, 100.0] - - -",
                "mean over the tasks all have, each counting the same: t"), lines);
        assertEquals(ExitCode.DONE, run("leaderboard", folder, "--json"), err());
        assertTrue(out().contains("big__model") && out().contains("134515008"), out());
        assertEquals(ExitCode.FAILED, run("leaderboard", Files.createDirectory(folder.resolve("empty"))));
        assertTrue(err().contains("empty: a folder with evaluations below it; got none; give a folder of runs"), err());
        assertEquals(ExitCode.FAILED, run("leaderboard", folder.resolve("absent")));
        assertTrue(err().contains("absent: a folder; got none there; give the folder that the runs lie in"), err());
    }

    @Test
    void aFolderWithoutSamplesIsNamed() {
        assertEquals(ExitCode.FAILED, run("compare", folder, folder));
        assertTrue(err().contains(folder + ": samples of an evaluation; got a folder without any; give a run, a folder"
                + " with samples_*.jsonl of this tool or of lm-evaluation-harness (--log_samples), or logs of inspect"
                + " (*.eval)"), err());
    }

    @Test
    void runsAreComparedModelByModel() throws IOException {
        for (String run : new String[] {"one", "two"}) {
            samples(run + "/eval/before/samples_t_2026-01-01T00-00-00.jsonl", strict(0, 0));
            samples(run + "/eval/after/samples_t_2026-01-01T00-00-00.jsonl", strict(0, run.equals("two") ? 1 : 0));
        }
        assertEquals(ExitCode.DONE, run("compare", folder.resolve("one"), folder.resolve("two")), err());
        assertTrue(out().contains("after/t: 1 flips, 0 to A and 1 to B, of 1; A 0.0 %, B 100.0 %")
                        && out().contains("before/t: 0 flips"),
                out());
    }

    @Test
    void aListOfTargetsIsAnyOfThemAndAFailedQuestionStaysWrong() throws IOException {
        Path file = samples(
                "samples_trivia.jsonl", line(0, "q0", "[\"Rome\", \"Roma\"]", "The answer is Roma.", "none", 0),
                "{\"doc_id\": 1, \"doc\": {\"question\": \"q1\"}, \"target\": \"4\", \"resps\": [[\"\"]],"
                        + " \"failed\": true}\n");
        assertEquals(ExitCode.DONE, run("compare", file, file, "--filter", "none"), err());
        Path target = folder.resolve("again");
        assertEquals(ExitCode.DONE, run("score", file, "--out", target), err());
        assertTrue(out().startsWith("trivia: 50.0 % ") && out().contains("of 2; 1 verdicts differ"), out());
        assertEquals(ExitCode.DONE, run("compare", target, target, "--filter", "final_answer"), err());
        assertTrue(out().contains("; A 50.0 %, B 50.0 %"), out());
        assertEquals(ExitCode.USAGE, run("score", file, "--out", target));
        assertTrue(err().contains("--out: a place where no file is yet"), err());
    }

    @Test
    void verifyCountsPrecisionAndRecallOverFolders() throws IOException {
        samples("labelled/x/rows.jsonl", """
                {"gold": "7", "answer": "The answer is 7.", "right": true, "kind": "sum"}
                {"gold": "7", "answer": "The answer is 8.", "right": true, "kind": "sum"}
                {"gold": "B", "answer": "Option B is correct.", "equal": true, "kind": "choice"}
                {"gold": "I", "answer": "I don't know", "right": false, "kind": "choice"}
                {"gold": "7", "answer": "7"}
                """);
        samples("labelled/other.jsonl", "{\"text\": \"no answers here\"}\n");
        assertEquals(
                ExitCode.DONE,
                run("verify", folder.resolve("labelled"), "--gold", "gold", "--answer", "answer", "--label",
                        "right,equal", "--kind", "kind"),
                err());
        assertTrue(out().contains("row 2, right, refused: gold '7', answer '8'"), out());
        assertTrue(out().contains(
                "choice: 2 labelled: 1 right accepted, 0 right refused, 0 wrong accepted, 1 wrong refused; "
                + "precision 100.00 %, recall 100.00 %"), out());
        assertTrue(out().contains("4 labelled: 2 right accepted, 1 right refused, 0 wrong accepted, 1 wrong refused; "
                + "precision 100.00 %, recall 66.67 %; 1 without a label"), out());
        run("verify", folder.resolve("labelled"), "--gold", "gold", "--answer", "answer", "--label", "right", "--json");
        assertTrue(out().lines().reduce((x, y) -> y).orElse("").contains("\"right_refused\":1"), out());
        assertEquals(ExitCode.FAILED,
                run("verify", folder.resolve("labelled"), "--gold", "glod", "--answer", "answer"));
        assertTrue(err().contains("a .jsonl file whose rows have glod and answer; got none"), err());
    }
}
