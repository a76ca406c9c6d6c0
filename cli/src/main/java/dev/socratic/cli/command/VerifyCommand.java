package dev.socratic.cli.command;

import dev.socratic.cli.Console;
import dev.socratic.cli.ExitCode;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.Row;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.source.FieldPath;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
    public Integer call() throws Exception {
        FieldPath goldField = FieldPath.of(gold);
        FieldPath answerField = FieldPath.of(answer);
        long rows = 0;
        long equal = 0;
        long unreadable = 0;
        try (Quarantine.Listed quarantine = Quarantine.list();
                RowReader reader = RowFiles.read(file, quarantine)) {
            while (reader.hasNext()) {
                Row row = reader.next();
                Verdict verdict = judge(rows, goldField.textIn(row.json()), answerField.textIn(row.json()));
                rows++;
                equal += verdict.equal() ? 1 : 0;
                show(verdict);
            }
            unreadable = quarantine.count();
            quarantine.rows().stream().limit(5).forEach(bad -> console.talk("socratic: %s:%d: %s".formatted(bad.file(), bad.line(), bad.reason())));
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("rows", rows);
        summary.put("equal", equal);
        summary.put("different", rows - equal);
        summary.put("unreadable", unreadable);
        if (json) {
            console.jsonLine(Map.of("summary", summary));
        } else {
            console.data("%d rows: %d equal, %d different, %d unreadable".formatted(rows, equal, rows - equal, unreadable));
        }
        return unreadable > 0 ? ExitCode.REJECTED : ExitCode.DONE;
    }

    private static Verdict judge(long row, Optional<String> gold, Optional<String> answer) {
        if (gold.isEmpty() || answer.isEmpty()) {
            String why = gold.isEmpty() ? "the row has no gold answer" : "the row has no answer";
            return new Verdict(row, gold.orElse(""), answer.orElse(""), Optional.empty(), false, why);
        }
        AnswerCheck.Result result = AnswerCheck.STANDARD.check(gold.get(), answer.get());
        return new Verdict(
                row, result.gold(), answer.get(), result.extracted().map(AnswerExtractor.Extracted::answer), result.equal(), result.why());
    }

    private void show(Verdict verdict) {
        if (json) {
            console.jsonLine(verdict);
        } else if (!verdict.equal()) {
            console.data("row %d: gold '%s', answer '%s': %s".formatted(
                    verdict.row(), verdict.gold(), verdict.extracted().orElse("none found"), verdict.why()));
        }
    }

    /// One line of the output.
    ///
    /// @param row       number of the row, from 0
    /// @param gold      the gold answer compared with
    /// @param answer    the whole text judged
    /// @param extracted the final answer found in it
    record Verdict(long row, String gold, String answer, Optional<String> extracted, boolean equal, String why) {}
}
