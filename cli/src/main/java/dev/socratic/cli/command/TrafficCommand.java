package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.config.PiiKind;
import dev.socratic.curator.config.StepConfig.Pii;
import dev.socratic.curator.pii.PiiStep;
import dev.socratic.datasets.format.Format;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowWriter;
import dev.socratic.generator.traffic.ImportedTraffic;
import dev.socratic.generator.traffic.RecordedTraffic;
import dev.socratic.generator.traffic.TrafficFilter;
import dev.socratic.generator.traffic.TrafficRows;
import dev.socratic.generator.traffic.TrafficSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Training rows of recorded traffic, and of what others logged.
@Command(
        name = "traffic",
        description = {
            "Makes training rows of recorded calls and of the logs and exports of others.",
            "Sources are folders of 'socratic record', and files: batches and stored completions of OpenAI, batches "
                    + "of Anthropic, conversations.json of ChatGPT and Claude, logs of LiteLLM and Langfuse. Personal "
                    + "data and keys are masked. Without --to nothing is written and what there is is counted.",
        },
        mixinStandardHelpOptions = true)
final class TrafficCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "SOURCE", arity = "1..*", description = "Folders of 'record', files of logs and exports.")
    private List<Path> sources = new ArrayList<>();

    @Option(names = "--to", paramLabel = "FILE", description = "Where rows go: .jsonl, .json, .csv or .parquet.")
    private Optional<Path> to = Optional.empty();

    @Option(names = "--requests", paramLabel = "FILE", description =
            "What was asked, for results of batches, which do not repeat it; repeatable.")
    private List<Path> requests = new ArrayList<>();

    @Option(names = "--model", paramLabel = "PATTERN", description =
            "Calls of these models, * for any text; repeatable.")
    private List<String> models = new ArrayList<>();

    @Option(names = "--where", paramLabel = "NAME=PATTERN", description =
            "Calls with this metadata, * for any text; of several all must fit.")
    private Map<String, String> metadata = new LinkedHashMap<>();

    @Option(names = "--since", paramLabel = "DATE", description =
            "Calls from then on: 2026-12-01, or with a time in UTC.")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "DATE", description = "Calls before then.")
    private Optional<String> until = Optional.empty();

    @Option(names = "--text", paramLabel = "REGEX", description = "Calls in which something fitting is said.")
    private Optional<String> text = Optional.empty();

    @Option(names = "--status", paramLabel = "N", split = ",", description = "HTTP statuses (default: 200 to 299).")
    private Set<Integer> status = new LinkedHashSet<>();

    @Option(names = "--label", paramLabel = "LABEL", description = "Calls with one of these labels; repeatable.")
    private Set<String> labels = new LinkedHashSet<>();

    @Option(names = "--min-score", paramLabel = "X", description = "Calls whose mean score is at least X.")
    private Optional<Double> leastScore = Optional.empty();

    @Option(names = "--truncated", description = "Also answers that were cut at their limit.")
    private boolean truncated;

    @Option(names = "--every-turn", description =
            "A row for every call (default: of a conversation that was sent again with each turn, the longest).")
    private boolean everyTurn;

    @Option(names = "--regions", paramLabel = "CODE", split = ",", description =
            "Regions whose national telephone numbers are masked (default: US); numbers with + always are.")
    private List<String> regions = List.of("US");

    @Option(names = "--keep-personal-data", description = "Masks nothing.")
    private boolean unmasked;

    @Option(names = "--json", description = "The counts as one JSON object.")
    private boolean json;

    TrafficCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        PiiStep pii = new PiiStep(new Pii(Pii.Action.MASK, List.of(PiiKind.values()), regions));
        UnaryOperator<ObjectNode> mask = unmasked ? UnaryOperator.identity() : pii::masked;
        List<TrafficSource> all = new ArrayList<>();
        sources.forEach(source -> all.add(Files.isDirectory(source) ? new RecordedTraffic(source)
                : new ImportedTraffic(source, requests)));
        TrafficRows rows = new TrafficRows(all, filter(), everyTurn, mask);
        TrafficRows.Report report;
        if (to.isPresent()) {
            try (RowWriter writer = RowFiles.writer(to.get(), Format.of(to.get()))) {
                report = rows.write(writer::write);
                writer.commit();
            }
        } else {
            report = rows.write(row -> { });
        }
        tell(report, unmasked ? Optional.empty() : Optional.of(pii.facts().get("rows_with")));
        return ExitCode.DONE;
    }

    private TrafficFilter filter() {
        return new TrafficFilter(models, metadata, since.map(at -> moment("--since", at)),
                until.map(at -> moment("--until", at)), text.map(TrafficCommand::pattern), status, labels, leastScore,
                truncated);
    }

    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException broken) {
            throw new ConfigException("--text", "a regular expression", "'%s' (%s)".formatted(regex,
                    broken.getDescription()), "write \\Q...\\E around what is meant as it stands", broken);
        }
    }

    private static Instant moment(String option, String text) {
        try {
            return text.length() == 10 ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : Instant.parse(text.endsWith("Z") ? text : text + "Z");
        } catch (DateTimeParseException no) {
            throw new ConfigException(option, "a date, or a date and a time in UTC", "'%s'".formatted(text),
                    "write 2026-12-01 or 2026-12-01T08:30:00", no);
        }
    }

    private void tell(TrafficRows.Report report, Optional<Object> masked) {
        report.notes().forEach(console::talk);
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("answers", report.answers());
            all.put("rows", report.rows());
            all.put("dropped", report.dropped());
            all.put("examples", report.examples());
            all.put("models", report.models());
            masked.ifPresent(kinds -> all.put("rows_masked_by_kind", kinds));
            all.put("notes", report.notes());
            console.json(all);
            return;
        }
        console.data("%s answers = %s rows + %s left out".formatted(report.answers(), report.rows(),
                report.dropped().values().stream().mapToLong(Long::longValue).sum()));
        report.dropped().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(one ->
                console.data("  %s %s, the first: %s".formatted(one.getValue(), one.getKey(),
                        report.examples().get(one.getKey()))));
        report.models().forEach((model, n) -> console.data("  %s rows of %s".formatted(n, model.isEmpty()
                ? "a model that is not named" : model)));
        masked.ifPresent(kinds -> console.data("rows in which something was masked, by kind: " + kinds));
        to.ifPresent(file -> console.talk("socratic: written to " + file));
    }
}
