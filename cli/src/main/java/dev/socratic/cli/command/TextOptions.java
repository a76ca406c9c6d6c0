package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.Layout;
import dev.socratic.datasets.source.RowStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Texts that a command reads: the rows of a file, or a file that is one text.
final class TextOptions {
    @Option(names = "--data", paramLabel = "FILE", required = true, description = {
        "A file of rows with a text each (JSON lines, CSV, Parquet ...), or a .txt file, which is one text."})
    private Path data;

    @Option(names = "--field", paramLabel = "NAME", description = "Where in a row its text stands (default: text).")
    private Optional<String> field = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "Rows at most, from the beginning.")
    private Optional<Long> limit = Optional.empty();

    /// A text of the file.
    ///
    /// @param id the row's own, or its number from 0
    record Named(String id, String text) {}

    String place() {
        return data.toString();
    }

    /// @return all of them; rows that cannot be read are told
    /// @throws DataException if a row is a conversation, or there is none
    List<Named> read(Console console) {
        if (data.toString().endsWith(".txt")) {
            try {
                return List.of(new Named("0", Files.readString(data)));
            } catch (IOException failed) {
                throw IoProblems.reading(data, failed);
            }
        }
        ExampleSource source = new ExampleSource.File(data, Layout.AUTO,
                field.map(name -> Map.of("text", name)).orElse(Map.of()), limit);
        List<Named> texts = new ArrayList<>();
        try (Quarantine quarantine = Quarantine.list(); RowStream<Example> rows = source.open(quarantine, 0)) {
            for (Iterator<Example> each = rows.iterator(); each.hasNext();) {
                texts.add(named(each.next(), texts.size()));
            }
            quarantine.report().forEach(console::talk);
        }
        if (texts.isEmpty()) {
            throw new DataException(place(), "at least one text", "none", "give rows with a text");
        }
        return texts;
    }

    private Named named(Example row, int number) {
        return switch (row) {
            case Example.Text text -> new Named(text.id().isEmpty() ? "" + number : text.id(), text.text());
            case Example.Chat ignored -> throw conversation(number);
            case Example.Pair ignored -> throw conversation(number);
        };
    }

    private DataException conversation(int number) {
        return new DataException(place(), "rows of text", "a conversation in row " + number,
                "name the field that is to be read: --field NAME");
    }
}
