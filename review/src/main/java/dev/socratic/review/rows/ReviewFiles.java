package dev.socratic.review.rows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Format;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What is reviewed: the folder of a run, or files of rows.
///
/// @param name  as it was given
/// @param root  the run's folder; empty for files
/// @param state the folder that holds what people decided, and the index
/// @param feeds where rows come from
public record ReviewFiles(String name, Optional<Path> root, Path state, List<RowFeed> feeds,
        Optional<QuestionFile> questions) {
    /// Name of the state's folder in a run, and what is added to a file's name.
    public static final String STATE = "review";

    /// @param given  one folder of a run, or files
    /// @param files  that stay open
    /// @param notices what a person should know
    /// @throws DataException if there is nothing to review
    public static ReviewFiles of(List<Path> given, OpenFiles files, Clock clock, Consumer<String> notices) {
        Path first = given.getFirst();
        if (!Files.exists(first)) {
            throw new DataException(first.toString(), "a run's folder or a file of rows", "nothing there",
                    "check the name");
        }
        if (Files.isDirectory(first)) {
            if (given.size() > 1) {
                throw new DataException(given.get(1).toString(), "one run alone, or files of rows",
                        "a folder and more", "review one run at a time");
            }
            return run(first.toString(), run(first), files, clock, notices);
        }
        return files(given, files, clock, notices);
    }

    /// A stage's own folder means its run.
    private static Path run(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        String name = String.valueOf(absolute.getFileName());
        return (name.equals("curate") || name.equals("generate")) && !Files.isDirectory(absolute.resolve("curate"))
                && !Files.isDirectory(absolute.resolve("generate")) ? absolute.getParent() : absolute;
    }

    private static ReviewFiles run(String name, Path root, OpenFiles files, Clock clock, Consumer<String> notices) {
        if (!Files.isDirectory(root.resolve("curate")) && !Files.isDirectory(root.resolve("generate"))) {
            throw new DataException(name, "a run's folder, with generate or curate in it", "a folder without them",
                    "name a run's folder, or files of rows");
        }
        QuestionFile questions = new QuestionFile(root.resolve("generate/questions.jsonl"), files, clock);
        List<RowFeed> feeds = new ArrayList<>();
        feeds.add(new RowFeed("curate", List.of(
                lane(root, "curate/train.jsonl", RowStatus.KEPT, RowFeed.Kind.ROW, files, clock),
                lane(root, "curate/rejected.jsonl", RowStatus.DROPPED, RowFeed.Kind.ROW, files, clock),
                lane(root, "curate/quarantine.jsonl", RowStatus.BROKEN, RowFeed.Kind.QUARANTINED, files, clock)),
                Optional.of(new TailedFile(root.resolve("curate/decisions.jsonl"), files, clock)), questions::text,
                notices));
        feeds.add(new RowFeed("generate", List.of(
                lane(root, "generate/rejected.jsonl", RowStatus.DROPPED, RowFeed.Kind.ROW, files, clock),
                lane(root, "generate/failed.jsonl", RowStatus.FAILED, RowFeed.Kind.ROW, files, clock)),
                Optional.empty(), questions::text, notices));
        feeds.add(new RowFeed(ANSWERS, List.of(
                lane(root, "generate/answers.jsonl", RowStatus.KEPT, RowFeed.Kind.ROW, files, clock)),
                Optional.empty(), questions::text, notices));
        return new ReviewFiles(name, Optional.of(root), root.resolve(STATE), feeds, Optional.of(questions));
    }

    /// The feed of answers that nothing has curated yet.
    public static final String ANSWERS = "generate.answers";

    private static RowFeed.Lane lane(Path root, String name, RowStatus status, RowFeed.Kind kind, OpenFiles files,
            Clock clock) {
        return new RowFeed.Lane(new TailedFile(root.resolve(name), files, clock), status, kind, name);
    }

    private static ReviewFiles files(List<Path> given, OpenFiles files, Clock clock, Consumer<String> notices) {
        Path state = given.getFirst().resolveSibling(given.getFirst().getFileName() + "." + STATE);
        List<RowFeed> feeds = new ArrayList<>();
        for (Path file : given) {
            if (Files.isDirectory(file)) {
                throw new DataException(file.toString(), "a file of rows beside the others", "a folder",
                        "review one run at a time");
            }
            Format.of(file);
            String shown = file.getFileName().toString();
            boolean lines = RowFiles.isLines(file);
            Path read = lines ? file : unpacked(file, state.resolve("rows-" + feeds.size() + ".jsonl"));
            feeds.add(new RowFeed(feeds.isEmpty() ? shown : shown + "#" + feeds.size(), List.of(
                    new RowFeed.Lane(new TailedFile(read, files, clock), RowStatus.KEPT,
                            lines ? RowFeed.Kind.ROW : RowFeed.Kind.WRAPPED, shown)),
                    Optional.empty(), id -> Optional.empty(), notices));
        }
        return new ReviewFiles(String.join(", ", given.stream().map(Path::toString).toList()), Optional.empty(), state,
                feeds, Optional.empty());
    }

    /// Rows that have no line of their own, one a line; kept for the next time as long as the file stays as it is.
    private static Path unpacked(Path file, Path into) {
        try {
            Files.createDirectories(into.getParent());
            if (Files.exists(into) && Files.getLastModifiedTime(into).compareTo(Files.getLastModifiedTime(file)) > 0) {
                return into;
            }
        } catch (IOException e) {
            throw IoProblems.writing(into, e);
        }
        RowFiles.write(into, out -> {
            Quarantine bad = new Quarantine() {
                private long count;

                @Override
                public void add(BadRow row) {
                    count++;
                    out.write(row.json());
                }

                @Override
                public long count() {
                    return count;
                }

                @Override
                public void close() {}
            };
            try (RowReader rows = RowFiles.read(file, bad)) {
                rows.forEachRemaining(row -> {
                    ObjectNode wrapped = JsonNodeFactory.instance.objectNode().put("line", row.line());
                    wrapped.set("row", row.json());
                    out.write(wrapped);
                });
            }
        });
        return into;
    }
}
