package dev.socratic.datasets.wordproblems;

import dev.socratic.core.config.Default;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.core.seed.Seeds;
import dev.socratic.datasets.row.Question;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.Random;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A set of word problems: the same record always gives the same set, and a longer set of one seed begins with the
/// shorter one.
///
/// @param split where the problems belong
/// @param count how many, at least 1; no text comes twice
/// @param seed  another seed, other problems of the same split
/// @param form  what [#rows] look like; problems and questions are the same for every form
/// @param stories whole ones, or composed of parts
public record WordProblems(
        @Default("train") Split split, @Default("1000") int count, @Default("0") long seed,
        @Default("worked") Form form, @Default("templates") Stories stories) {
    /// Of whole stories.
    public WordProblems(Split split, int count, long seed, Form form) {
        this(split, count, seed, form, Stories.TEMPLATES);
    }

    public WordProblems {
        Objects.requireNonNull(split);
        Objects.requireNonNull(form);
        if (count < 1) {
            throw new IllegalArgumentException("count: at least 1; got %s; 1000 is the default".formatted(count));
        }
    }

    /// @return the problems, made one by one as they are asked for
    /// @throws dev.socratic.core.error.ConfigException while it runs, if `count` is more than the stories can tell
    ///         apart
    public Stream<WordProblem> problems() {
        return stream(DistinctProblems.of(this, StoryBook.builtin()));
    }

    /// @return the problems as rows to ask a teacher
    public Stream<Question> questions() {
        return problems().map(WordProblem::toQuestion);
    }

    /// @return `count` rows to train on
    public Stream<TrainingRow> rows() {
        return switch (form) {
            case Form.OfProblems ofProblems -> problems().map(problem -> TrainingRow.of(problem, ofProblems));
            case Form.Arithmetic arithmetic -> {
                ArithmeticLines lines = new ArithmeticLines(new Random(Seeds.derive(seed, "arithmetic_lines")));
                yield texts(() -> lines.row(arithmetic.lines()));
            }
            case Form.Lists lists -> {
                NumberLists lines = new NumberLists(new Random(Seeds.derive(seed, "number_lists")));
                yield texts(() -> lines.row(lists.lines()));
            }
        };
    }

    /// Writes [#rows] as JSON lines.
    public void writeRows(Path file) {
        AtomicFiles.write(file, out -> {
            for (Iterator<TrainingRow> rows = rows().iterator(); rows.hasNext(); ) {
                out.write((Json.line(rows.next()) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private Stream<TrainingRow> texts(Supplier<String> text) {
        return Stream.<TrainingRow>generate(() -> new TrainingRow.Text(text.get())).limit(count);
    }

    private static <T> Stream<T> stream(Iterator<T> iterator) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }
}
