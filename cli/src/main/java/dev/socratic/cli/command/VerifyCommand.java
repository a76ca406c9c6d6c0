package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.Console;
import dev.socratic.cli.ExitCode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.source.FieldPath;
import dev.socratic.datasets.verify.Verification;
import dev.socratic.datasets.verify.Verification.Judged;
import dev.socratic.datasets.verify.Verification.Summary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Judges the final answers in any file of rows.
@Command(
        name = "verify",
        description = "Judges final answers in a file: does the answer in one field equal the gold answer in another?",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    /// Rows in which the fields are looked for before all are judged.
    private static final int FIRST = 200;

    private final Console console;

    @Parameters(paramLabel = "FILE", description = "JSON lines (also .gz), JSON, CSV or Parquet.")
    private Path file;

    @Option(names = "--gold", required = true, paramLabel = "FIELD", description = "Field with the gold answer, nested as a.b[0].c.")
    private String gold;

    @Option(names = "--answer", required = true, paramLabel = "FIELD", description = "Field with the answer to judge, nested likewise.")
    private String answer;

    @Option(names = "--json", description = "One object a row, then a summary object.")
    private boolean json;

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<ObjectNode> first = first();
        field("--gold", gold, first);
        field("--answer", answer, first);
        Unreadable unreadable = new Unreadable();
        Summary summary = Verification.of(gold, answer).run(file, unreadable, this::show);
        if (json) {
            console.jsonLine(Map.of("summary", summary));
        } else {
            unreadable.repeated();
            console.data("%s rows: %s equal, %s different, %s without an answer, %s unreadable".formatted(
                    summary.rows(), summary.equal(), summary.different(), summary.withoutAnswer(), summary.unreadable()));
        }
        return summary.unreadable() > 0 ? ExitCode.NOT_WHOLE : ExitCode.DONE;
    }

    private List<ObjectNode> first() {
        List<ObjectNode> rows = new ArrayList<>();
        try (RowReader reader = RowFiles.read(file, Quarantine.list())) {
            while (rows.size() < FIRST && reader.hasNext()) {
                rows.add(reader.next().json());
            }
        }
        return rows;
    }

    /// A field that none of the first rows has is a mistake in its name, not in every row.
    private static void field(String option, String name, List<ObjectNode> first) {
        FieldPath path = ConfigReader.checked(option, () -> FieldPath.of(name));
        if (!first.isEmpty() && first.stream().noneMatch(row -> path.in(row).isPresent())) {
            List<String> names = first.stream().flatMap(row -> row.properties().stream()).map(Map.Entry::getKey)
                    .distinct().toList();
            throw new ConfigException(option, "a field of the rows",
                    "'%s', which none of the first %s has".formatted(name, first.size()), Spelling.remedy(name, names));
        }
    }

    private void show(Judged judged) {
        if (json) {
            ObjectNode row = (ObjectNode) Json.tree(judged);
            if (judged.extracted().isEmpty()) {
                row.putNull("extracted"); // every line has the same keys
            }
            console.jsonLine(row);
        } else if (!judged.equal()) {
            console.data("row %s: gold '%s', answer '%s': %s".formatted(
                    judged.row(), judged.gold(), judged.extracted().orElse("none found"), judged.why()));
        }
    }

    /// A row that cannot be judged is shown in its place among the others, and once for each reason: a column that is
    /// not there is not there in
    /// all of them.
    private final class Unreadable implements Quarantine {
        private final Map<String, Long> reasons = new LinkedHashMap<>();
        private long count;

        @Override
        public void add(BadRow row) {
            count++;
            if (json || reasons.merge(row.reason(), 1L, Long::sum) == 1) {
                show(new Judged(row.line(), "", "", Optional.empty(), false, row.reason()));
            }
        }

        void repeated() {
            reasons.forEach((reason, rows) -> {
                if (rows > 1) {
                    console.data("%s more row%s: %s".formatted(rows - 1, rows == 2 ? "" : "s", reason));
                }
            });
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public void close() {}
    }
}
