package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.trace.CurationTrace;
import dev.socratic.cli.trace.RowTrace;
import dev.socratic.cli.trace.StudentRun;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.row.Trace;
import dev.socratic.trainer.run.log.SeenRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says where a row of a student's training came from and when it was learned.
@Command(name = "trace", mixinStandardHelpOptions = true, description = {
    "Where a row of a student's training came from, and at which steps it was learned from.",
    "Question, prompt as it was sent, teacher, sampling, verdicts, what curation did. Reads the run's folder; asks and",
    "computes nothing."})
final class TraceCommand implements Callable<Integer> {
    /// Steps that are printed; --json has all.
    private static final int STEPS = 20;

    private final Console console;

    @Parameters(paramLabel = "STUDENT", description = "A student's folder in its run, <run>/train/<name>.")
    private Path student;

    @Parameters(paramLabel = "ROW", description =
            "A row of its data: its id, its line, or a piece of its text; or the id of a row that the run dropped.")
    private String row;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    TraceCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        RowTrace trace = RowTrace.of(StudentRun.of(student), row);
        if (json) {
            console.json(tree(trace));
        } else {
            show(trace);
        }
        return ExitCode.DONE;
    }

    private static JsonNode tree(RowTrace trace) {
        ObjectNode all = (ObjectNode) Json.tree(trace);
        trace.answer().ifPresent(answer -> all.set("answer", RowMapper.json(answer)));
        return all;
    }

    private void show(RowTrace trace) {
        line("row", "%s%s: %s".formatted(trace.id().isEmpty() ? "" : trace.id() + ", ",
                trace.place().orElse(trace.number().map(n -> "number " + (n + 1)).orElse("not in the data")),
                trace.outcome()));
        trace.question().ifPresentOrElse(this::question, () -> line("question", "not asked in this run"));
        trace.prompt().forEach(message -> line("prompt, " + message.role(), message.content()));
        trace.answer().ifPresentOrElse(this::answer, () -> line("answer", "written by no teacher of this run"));
        trace.curation().ifPresent(this::curation);
        trace.dropped().ifPresent(gone -> line("curation", "dropped by %s: %s, %s".formatted(
                gone.step(), gone.reason(), gone.evidence())));
        line("student", "%s, objective %s%s".formatted(trace.student(), trace.objective(),
                trace.teachers().isEmpty() ? "" : ", distributions of " + String.join(", ", trace.teachers())));
        steps(trace.seen());
    }

    private void question(JsonNode question) {
        line("question", question.path("question").asText());
        line("question's own", "id %s, source %s%s%s".formatted(question.path("id").asText(),
                question.path("source").asText(),
                question.hasNonNull("answer") ? ", answer " + question.path("answer").asText() : "",
                question.hasNonNull("licence") ? ", licence " + question.path("licence").asText() : ""));
    }

    private void answer(Trace answer) {
        line("answer", answer.messages().getLast().content());
        line("teacher", "%s, %s%s".formatted(answer.teacher().name(), answer.teacher().place(),
                answer.teacher().revision().isEmpty() ? "" : ", revision " + answer.teacher().revision()));
        line("template", "%s, version %s, sha256 %s".formatted(answer.prompt().template(), answer.prompt().version(),
                answer.prompt().hash()));
        line("sampling", String.format(Locale.ROOT,
                "temperature %s, top_p %s%s, at most %d tokens, seed %d, sample %d; ended by %s after %d tokens",
                answer.sampling().sampling().temperature(), answer.sampling().sampling().topP(),
                answer.sampling().sampling().further().isEmpty() ? ""
                        : ", " + Json.canonical(answer.sampling().sampling().further()),
                answer.sampling().maxTokens(), answer.sampling().seed(), answer.sampling().index(),
                answer.finishReason().name().toLowerCase(Locale.ROOT), answer.usage().completionTokens()));
        line("verdicts", answer.verdicts().isEmpty() ? "none" : answer.verdicts().stream()
                .map(verdict -> "%s %s%s".formatted(verdict.check(), verdict.passed() ? "passed" : "failed",
                        verdict.detail().isEmpty() ? "" : " (" + verdict.detail() + ")"))
                .collect(Collectors.joining(", ")));
    }

    private void curation(CurationTrace curation) {
        line("curation", "stayed through " + curation.stayed().stream()
                .map(step -> "%s (%s of %s)".formatted(step.path("step").asText(), step.path("out").asText(),
                        step.path("in").asText())).collect(Collectors.joining(", ")));
        curation.decision().ifPresent(decision -> {
            if (!decision.path("scores").isEmpty()) {
                line("measured", Json.canonical(decision.path("scores")));
            }
            decision.path("edits").forEach(edit -> line("changed", Json.canonical(edit)));
        });
        curation.droppedFor().forEach(gone -> line("gone for it",
                "%s by %s: %s".formatted(gone.id(), gone.step(), gone.evidence())));
    }

    private void steps(List<SeenRows.Seen> seen) {
        line("steps", seen.isEmpty() ? "none" : "%s: %s%s".formatted(seen.size(), seen.stream().limit(STEPS)
                .map(TraceCommand::step).collect(Collectors.joining(", ")),
                seen.size() > STEPS ? ", ... (all of them: --json)" : ""));
    }

    private static String step(SeenRows.Seen seen) {
        return seen.step() + (seen.written() ? " (answered anew)" : "")
                + seen.skipped().map(why -> " (skipped: " + why + ")").orElse("");
    }

    private void line(String name, String value) {
        List<String> lines = value.lines().toList();
        console.data(String.format(Locale.ROOT, "%-16s %s", name, lines.isEmpty() ? "" : lines.getFirst()));
        lines.stream().skip(1).forEach(more -> console.data(" ".repeat(17) + more));
    }
}
