package dev.socratic.cli.recipe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.RowStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether a file of rows is there and its first rows are what they are taken for.
///
/// The first row that is tells; a file without any among its first [#MOST_BAD] is taken for another kind of file or
/// another layout.
final class RowsCheck {
    /// Rows that are none, after which a file is given up.
    private static final int MOST_BAD = 200;
    private static final int MOST_COLUMNS = 12;
    private static final int MOST_BESIDE = 1_000;
    /// What rows of questions are called in messages.
    static final String QUESTION = "question";
    /// Questions that are looked at for a gold answer.
    private static final int MOST_GOOD = 200;

    private final Findings findings;

    RowsCheck(Findings findings) {
        this.findings = findings;
    }

    /// @return whether there is a regular file that can be read
    boolean file(String path, Path file, String wanted) {
        Optional<IoProblems.Instead> instead = IoProblems.notThere(file, wanted);
        instead.ifPresent(there -> findings.problem(path, there.expected(), there.at(file), remedy(there, file)));
        if (instead.isEmpty() && !Files.isRegularFile(file)) {
            findings.problem(path, wanted, "'%s', which is no regular file".formatted(file), "give a file");
            return false;
        }
        if (instead.isEmpty() && !Files.isReadable(file)) {
            findings.problem(path, wanted + " that this user may read", "'%s'".formatted(file),
                    "change its permissions or owner");
            return false;
        }
        return instead.isEmpty();
    }

    /// @return what to do about a path where nothing is: a name beside it that was probably meant
    static String remedy(IoProblems.Instead there, Path path) {
        Path folder = path.toAbsolutePath().getParent();
        if (Files.exists(path) || folder == null || !Files.isDirectory(folder)) {
            return there.remedy();
        }
        try (Stream<Path> beside = Files.list(folder)) {
            List<String> names = beside.limit(MOST_BESIDE).map(one -> one.getFileName().toString()).sorted().toList();
            return Spelling.nearest(path.getFileName().toString(), names)
                    .map(name -> "write '" + name + "', which is there").orElse(there.remedy());
        } catch (IOException | UncheckedIOException unreadable) {
            return there.remedy();
        }
    }

    /// @param what  what its rows are to be: "question"
    /// @param rows  opens it
    /// @return the first rows that are, at most `most`; none where a problem was found
    <T> List<T> first(String path, String what, int most, Function<Quarantine, RowStream<T>> rows) {
        Few bad = new Few();
        List<T> good = new ArrayList<>();
        try (RowStream<T> stream = rows.apply(bad)) {
            Iterator<T> all = stream.iterator();
            while (good.size() < most && all.hasNext()) {
                good.add(all.next());
            }
        } catch (Enough enough) {
            // Told below.
        } catch (SocraticException refused) {
            findings.problem(path, refused);
            return List.of();
        }
        if (good.isEmpty()) {
            findings.problem(path, "at least one %s".formatted(what), bad.said(), bad.remedy(what));
        } else if (bad.count > good.size()) {
            findings.warn(path, "%s of the first %s rows are no %s; the first: %s".formatted(bad.count,
                    bad.count + good.size(), what, bad.firstReason()));
        }
        return good;
    }

    /// @return the first question that has a gold answer; a problem where none has
    Optional<Question> withGold(String path, Function<Quarantine, RowStream<Question>> rows) {
        List<Question> questions = first(path, QUESTION, MOST_GOOD, rows);
        Optional<Question> gold = questions.stream().filter(question -> question.answer().isPresent()).findFirst();
        if (gold.isEmpty() && !questions.isEmpty()) {
            String columns = questions.getFirst().extra().keySet().stream().limit(12).collect(Collectors.joining(", "));
            findings.problem(path, "questions with a gold answer", "none among the first %s%s".formatted(
                    questions.size(), columns.isEmpty() ? "" : "; besides, rows have " + columns),
                    "say which field holds it: fields: {question: ..., answer: ...}");
        }
        return gold;
    }

    /// Ends the reading of a file that is something else.
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Enough() {
            super(null, null, false, false);
        }
    }

    /// Remembers the first bad row and how many there were.
    private static final class Few implements Quarantine {
        private Optional<BadRow> first = Optional.empty();
        private long count;

        @Override
        public void add(BadRow row) {
            first = first.or(() -> Optional.of(row));
            if (++count >= MOST_BAD) {
                throw new Enough();
            }
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public void close() {}

        String firstReason() {
            return first.map(row -> row.file() + ":" + row.line() + ": " + row.reason()).orElse("none");
        }

        /// @return how many rows are none, and what is wrong with the first
        String said() {
            return first.isEmpty() ? "an empty file"
                    : (count < MOST_BAD ? "none among its %s rows; %s" : "none among its first %s rows; %s")
                            .formatted(count, firstReason());
        }

        String remedy(String what) {
            if (first.isEmpty()) {
                return "give a file with rows";
            }
            SequencedMap<String, Integer> columns = columns(first.get().raw());
            if (columns.isEmpty()) {
                return "mend the file, or give another";
            }
            String longest = columns.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey)
                    .orElseThrow();
            String quoted = longest.matches("[A-Za-z_][A-Za-z0-9_ ]*") ? longest : '"' + longest.replace("\"", "\\\"")
                    + '"';
            String fields = what.equals(QUESTION) ? "{question: %s, answer: ...}" : "{user: ..., assistant: ...}";
            return "the columns there are %s: say which holds what, such as fields: %s".formatted(
                    String.join(", ", columns.sequencedKeySet()), fields.formatted(quoted));
        }

        /// @param raw a row, perhaps cut
        /// @return the fields of the row itself and how long their texts are
        private static SequencedMap<String, Integer> columns(String raw) {
            SequencedMap<String, Integer> columns = new LinkedHashMap<>();
            try (JsonParser parser = Json.mapper().createParser(raw)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return columns;
                }
                while (columns.size() < MOST_COLUMNS && parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    columns.put(name, 0);
                    columns.put(name, parser.nextToken() == JsonToken.VALUE_STRING ? parser.getTextLength() : 0);
                    parser.skipChildren();
                }
            } catch (IOException cut) {
                // What was read before is known.
            }
            return columns;
        }
    }
}
