package dev.socratic.datasets.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.Row;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.source.FieldPath;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Compares two fields of every row of a file: a gold answer and a model's text.
///
/// @param gold   where the gold answer stands, alone or at the end of a solution
/// @param answer where the model's text stands
/// @param check  how answers are found and compared
public record Verification(FieldPath gold, FieldPath answer, AnswerCheck check) {
    public static Verification of(String gold, String answer) {
        return new Verification(FieldPath.of(gold), FieldPath.of(answer), AnswerCheck.STANDARD);
    }

    /// One row judged; as JSON `{"row","gold","answer","extracted","equal","why"}`.
    ///
    /// @param row       where it stood ([Row#line])
    /// @param gold      the gold answer as it was compared
    /// @param answer    the model's text
    /// @param extracted the answer found in it; empty if none
    /// @param equal     whether it is right
    /// @param why       one line
    public record Judged(long row, String gold, String answer, Optional<String> extracted, boolean equal, String why) {}

    /// `rows = equal + different + without_answer + unreadable`.
    ///
    /// @param equal         right answers
    /// @param different     wrong ones, and ones that could not be judged
    /// @param withoutAnswer texts in which no answer was found
    /// @param unreadable    rows that are no JSON or lack a field; they are in the quarantine
    public record Summary(long rows, long equal, long different, long withoutAnswer, long unreadable) {}

    /// @param each is given every row that could be judged, in the order of the file
    public Summary run(Path file, Quarantine quarantine, Consumer<Judged> each) {
        long before = quarantine.count();
        long equal = 0;
        long different = 0;
        long without = 0;
        try (RowReader rows = RowFiles.read(file, quarantine)) {
            while (rows.hasNext()) {
                Row row = rows.next();
                Optional<String> wanted = text(gold, row, quarantine);
                Optional<String> given = wanted.isEmpty() ? wanted : text(answer, row, quarantine);
                if (given.isEmpty()) {
                    continue;
                }
                AnswerCheck.Result result = check.check(wanted.orElseThrow(), given.get());
                Optional<String> extracted = result.extracted().map(Extracted::answer);
                equal += result.equal() ? 1 : 0;
                without += extracted.isEmpty() ? 1 : 0;
                different += extracted.isPresent() && !result.equal() ? 1 : 0;
                each.accept(new Judged(row.line(), result.gold(), given.get(), extracted, result.equal(), result.why()));
            }
        }
        long unreadable = quarantine.count() - before;
        return new Summary(equal + different + without + unreadable, equal, different, without, unreadable);
    }

    private static Optional<String> text(FieldPath path, Row row, Quarantine quarantine) {
        Optional<String> text = path.textIn(row.json());
        if (text.isEmpty()) {
            ObjectNode json = row.json();
            String got = String.join(", ", json.properties().stream().map(f -> f.getKey()).limit(12).toList());
            quarantine.add(new BadRow(row.file(), row.line(), "a text or a number at %s; got the fields %s".formatted(path, got), json.toString()));
        }
        return text;
    }
}
