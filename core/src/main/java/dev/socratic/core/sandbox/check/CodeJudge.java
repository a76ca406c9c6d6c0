package dev.socratic.core.sandbox.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.sandbox.Execution;
import dev.socratic.core.sandbox.Execution.Ending;
import dev.socratic.core.sandbox.Interpreter;
import dev.socratic.core.sandbox.Language;
import dev.socratic.core.sandbox.Sandbox;
import dev.socratic.core.sandbox.SandboxJob;
import dev.socratic.core.sandbox.check.CodeTests.Pair;
import dev.socratic.core.sandbox.check.CodeVerdict.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Says whether programs of one language pass their tests. Safe to call from several threads.
///
/// @param sandbox     they run in
/// @param interpreter that runs them
public record CodeJudge(Sandbox sandbox, Interpreter interpreter) {
    private static final String REPORT = "report.json";
    private static final String RUNNER = runner();
    /// What is another one in every run, and says nothing.
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{4,}");

    /// @throws ConfigException where the language is not known, or is not on this machine
    public static CodeJudge of(Sandbox sandbox, String language) {
        return new CodeJudge(sandbox, sandbox.interpreter(Language.of(language)));
    }

    /// @return what decides a verdict beside program and tests: interpreter, isolation, limits, the way tests are made
    public String shape() {
        return interpreter.version() + "; " + sandbox.shape() + "; " + Hashes.sha256(RUNNER).substring(0, 16);
    }

    /// @throws RetryLaterException where the program could not be begun at all, which says nothing about it
    /// @throws ConfigException     where tests of that kind cannot be made in that language
    public CodeVerdict of(String program, CodeTests tests) {
        return switch (tests) {
            case CodeTests.Statements statements -> statements(program, statements.text());
            case CodeTests.Pairs pairs -> pairs(program, pairs.pairs());
        };
    }

    private CodeVerdict statements(String program, String tests) {
        if (!interpreter.language().name().equals(Language.PYTHON)) {
            throw new ConfigException("tests", "inputs with expected outputs, for " + interpreter.language().name(),
                    "statements, which only python has", "write pairs of input and expected output");
        }
        // Unpredictable on purpose; no verdict holds it.
        String word = UUID.randomUUID().toString();
        Execution run = begun(new SandboxJob(interpreter, List.of("-I", "-B", "run_tests.py"),
                Map.of("run_tests.py", RUNNER, "program.py", program, "tests.py", tests, "word", word), "",
                Optional.of(REPORT)));
        JsonNode report = believed(run.report(), word);
        int passed = report.path("passed").asInt();
        int of = Math.max(1, report.path("of").asInt());
        if (report.has("failure") && !report.get("failure").isNull()) {
            return new CodeVerdict(kind(report.at("/failure/kind").asText()), Math.min(passed, of - 1), of,
                    report.at("/failure/detail").asText());
        }
        if (report.path("done").asBoolean()) {
            return new CodeVerdict(Outcome.PASSED, passed, passed, "");
        }
        return new CodeVerdict(outcome(run.ending()).orElse(Outcome.EXITED), Math.min(passed, of - 1), of,
                ended(run));
    }

    private static Outcome kind(String word) {
        return switch (word) {
            case "wrong" -> Outcome.WRONG;
            case "syntax" -> Outcome.SYNTAX;
            case "memory" -> Outcome.MEMORY;
            case "exit" -> Outcome.EXITED;
            case "module" -> Outcome.MISSING_MODULE;
            case "error" -> Outcome.ERROR;
            default -> throw new IllegalStateException("a report of the kind '%s'; this is a bug".formatted(word));
        };
    }

    /// A report without the word was written by the program.
    private static JsonNode believed(String report, String word) {
        try {
            JsonNode read = report.isEmpty() ? Json.mapper().createObjectNode() : Json.foreign(report);
            return read.path("word").asText().equals(word) ? read : Json.mapper().createObjectNode();
        } catch (JsonProcessingException foreign) {
            return Json.mapper().createObjectNode();
        }
    }

    private CodeVerdict pairs(String program, List<Pair> pairs) {
        Optional<CodeVerdict> first = Optional.empty();
        int passed = 0;
        for (int i = 0; i < pairs.size(); i++) {
            Execution run = begun(SandboxJob.of(interpreter, program, pairs.get(i).input()));
            Optional<CodeVerdict> wrong = wrong(run, pairs.get(i), "test %s: ".formatted(i + 1));
            passed += wrong.isEmpty() ? 1 : 0;
            first = first.or(() -> wrong);
        }
        int all = passed;
        return first.map(wrong -> new CodeVerdict(wrong.outcome(), all, pairs.size(), wrong.detail()))
                .orElse(new CodeVerdict(Outcome.PASSED, all, pairs.size(), ""));
    }

    private static Optional<CodeVerdict> wrong(Execution run, Pair pair, String place) {
        Optional<Outcome> ending = outcome(run.ending());
        if (ending.isPresent()) {
            String said = ended(run);
            Outcome kind = said.contains(": ModuleNotFoundError:") ? Outcome.MISSING_MODULE : ending.get();
            return Optional.of(new CodeVerdict(kind, 0, 1, place + said));
        }
        if (run.output().bytes() > run.output().text().getBytes(StandardCharsets.UTF_8).length + 8L) {
            return Optional.of(new CodeVerdict(Outcome.OUTPUT, 0, 1, place
                    + "%s bytes of output, of which 65536 are read".formatted(run.output().bytes())));
        }
        return Outputs.difference(pair.expected(), run.output().text())
                .map(difference -> new CodeVerdict(Outcome.WRONG, 0, 1, place + difference));
    }

    /// @return what is said of an ending that is not exit status 0
    private static Optional<Outcome> outcome(Ending ending) {
        return switch (ending) {
            case Ending.OutOfTime ignored -> Optional.of(Outcome.TIMEOUT);
            case Ending.TooMuchOutput ignored -> Optional.of(Outcome.OUTPUT);
            case Ending.Exited exited when exited.outOfTime() -> Optional.of(Outcome.TIMEOUT);
            case Ending.Exited exited when exited.bySignal() -> Optional.of(Outcome.CRASHED);
            case Ending.Exited exited -> exited.code() == 0 ? Optional.empty() : Optional.of(Outcome.ERROR);
            case Ending.NotStarted not -> throw new IllegalStateException(not.why());
        };
    }

    private static String ended(Execution run) {
        return switch (run.ending()) {
            case Ending.OutOfTime ignored -> "did not end";
            case Ending.TooMuchOutput ignored -> "wrote without end";
            case Ending.Exited exited when exited.outOfTime() -> "used up its processor time";
            case Ending.Exited exited when exited.bySignal() -> "ended by signal " + exited.signal();
            case Ending.Exited exited -> "ended with status %s%s".formatted(exited.code(), lastLine(run));
            case Ending.NotStarted not -> not.why();
        };
    }

    private static String lastLine(Execution run) {
        return run.errors().text().lines().filter(line -> !line.isBlank()).reduce((first, second) -> second)
                .map(line -> ": " + shortened(ADDRESS.matcher(line.strip()).replaceAll("0x..."))).orElse("");
    }

    private static String shortened(String line) {
        return line.length() > 200 ? line.substring(0, 200) + "..." : line;
    }

    private Execution begun(SandboxJob job) {
        Execution run = sandbox.run(job);
        if (run.ending() instanceof Ending.NotStarted not) {
            throw new RetryLaterException("sandbox", "to begin a program", not.why(),
                    "run the same command again: everything else is kept");
        }
        return run;
    }

    private static String runner() {
        try (InputStream in = CodeJudge.class.getResourceAsStream("run_tests.py")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
