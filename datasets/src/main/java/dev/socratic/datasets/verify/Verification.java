package dev.socratic.datasets.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.answer.Choices;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.Row;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.source.FieldPath;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Compares two fields of every row of a file: a gold answer and a model's text. Options of a multiple choice are read
/// from the row's `choices` or `options`, or from its `question` ([Choices]).
///
/// @param gold   where the gold answer stands, alone or at the end of a solution
/// @param answer where the model's text stands
/// @param label  where somebody's verdict on the answer stands: the first of these fields that a row has
/// @param kind   where the kind of the row stands, if that is of interest
/// @param check  how answers are found and compared
public record Verification(
        FieldPath gold, FieldPath answer, List<FieldPath> label, Optional<FieldPath> kind, AnswerCheck check) {
    private static final Set<String> YES = Set.of("true", "1", "1.0", "yes", "right", "correct", "equal");
    private static final Set<String> NO = Set.of("false", "0", "0.0", "no", "wrong", "incorrect", "different");

    public Verification {
        label = List.copyOf(label);
    }

    public static Verification of(String gold, String answer) {
        return of(gold, answer, List.of(), Optional.empty());
    }

    public static Verification of(String gold, String answer, List<String> label, Optional<String> kind) {
        return new Verification(FieldPath.of(gold), FieldPath.of(answer), label.stream().map(FieldPath::of).toList(),
                kind.map(FieldPath::of), AnswerCheck.STANDARD);
    }

    /// @return whether a row has the fields that are compared
    public boolean fits(ObjectNode row) {
        return gold.textIn(row).isPresent() && answer.textIn(row).isPresent();
    }

    /// One row judged; as JSON `{"row","gold","answer","extracted","equal","why"}`.
    ///
    /// @param row       where it stood ([Row#line])
    /// @param gold      the gold answer as it was compared
    /// @param answer    the model's text
    /// @param extracted the answer found in it; empty if none
    /// @param equal     whether it is right
    /// @param why       one line
    /// @param label     what somebody says it is; empty if nobody does
    /// @param kind      what kind of row it is; empty if that is not asked, or not said
    public record Judged(
            long row, String gold, String answer, Optional<String> extracted, boolean equal, String why,
            Optional<Boolean> label, Optional<String> kind) {}

    /// `rows = equal + different + without_answer + unreadable`.
    ///
    /// @param equal         right answers
    /// @param different     wrong ones, and ones that could not be judged
    /// @param withoutAnswer texts in which no answer was found
    /// @param unreadable    rows that are no JSON or lack a field; they are in the quarantine
    public record Summary(long rows, long equal, long different, long withoutAnswer, long unreadable) {
        /// @return of both files
        public Summary plus(Summary other) {
            return new Summary(rows + other.rows, equal + other.equal, different + other.different,
                    withoutAnswer + other.withoutAnswer, unreadable + other.unreadable);
        }
    }

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
                Optional<Boolean> labelled;
                try {
                    labelled = label(row.json());
                } catch (IllegalArgumentException e) {
                    quarantine.add(new BadRow(row.file(), row.line(), e.getMessage(), row.json().toString()));
                    continue;
                }
                AnswerCheck.Result result = check.check(wanted.orElseThrow(), given.get(), choices(row.json()));
                Optional<String> extracted = result.extracted().map(Extracted::answer);
                equal += result.equal() ? 1 : 0;
                without += extracted.isEmpty() ? 1 : 0;
                different += extracted.isPresent() && !result.equal() ? 1 : 0;
                each.accept(new Judged(row.line(), result.gold(), given.get(), extracted, result.equal(), result.why(),
                        labelled, kind.flatMap(k -> k.textIn(row.json()))));
            }
        }
        long unreadable = quarantine.count() - before;
        return new Summary(equal + different + without + unreadable, equal, different, without, unreadable);
    }

    private static Choices choices(ObjectNode row) {
        Map<String, JsonNode> fields = new HashMap<>();
        Choices.FIELDS.stream().filter(row::hasNonNull).forEach(name -> fields.put(name, row.get(name)));
        return Choices.of(fields, row.path("question").asText(""));
    }

    private Optional<Boolean> label(ObjectNode row) {
        for (FieldPath path : label) {
            Optional<JsonNode> value = path.in(row);
            if (value.isPresent()) {
                String text = value.get().asText().toLowerCase(Locale.ROOT).strip();
                if (YES.contains(text) || NO.contains(text)) {
                    return Optional.of(YES.contains(text));
                }
                throw new IllegalArgumentException(
                        "%s: true or false, right or wrong, 1 or 0; got %s".formatted(path, value.get()));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> text(FieldPath path, Row row, Quarantine quarantine) {
        Optional<String> text = path.textIn(row.json());
        if (text.isEmpty()) {
            ObjectNode json = row.json();
            String got = String.join(", ", json.properties().stream().map(f -> f.getKey()).limit(12).toList());
            quarantine.add(new BadRow(row.file(), row.line(),
                    "a text or a number at %s; got the fields %s".formatted(path, got), json.toString()));
        }
        return text;
    }
}
