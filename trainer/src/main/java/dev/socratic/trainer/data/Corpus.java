package dev.socratic.trainer.data;

import dev.socratic.core.run.Progress;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Beside;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.trainer.config.Packing;
import dev.socratic.trainer.config.Tags;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Rows of a source, opened as often as a run passes over them.
///
/// @param source     where they come from
/// @param seed       for whatever the source draws
/// @param rowCount   readable rows of one pass
/// @param unreadable rows that could not be read
/// @param beside     what of a row is read beside what is learned: its tag, fields for a prompt
/// @param fields     what only a chat template can read, by name: fields of messages, variables
/// @param notes      what is to be told of rows that could not be read, and of fields that are not
public record Corpus(
        ExampleSource source, long seed, long rowCount, long unreadable, Beside beside, SortedMap<String,
        TemplateOnly> fields,
        List<String> notes) {

    /// Reads all rows once, to count them; those that cannot be read are kept with their reasons.
    ///
    /// @param quarantine file for the unreadable ones
    public static Corpus open(ExampleSource source, long seed, Path quarantine) {
        return open(source, seed, quarantine, Beside.NOTHING);
    }

    /// @param beside what of a row is read beside what is learned
    public static Corpus open(ExampleSource source, long seed, Path quarantine, Beside beside) {
        try (Quarantine bad = Quarantine.file(quarantine);
                RowStream<Example> all = source.open(bad, seed, beside)) {
            long rows = 0;
            SortedMap<String, TemplateOnly> fields = new TreeMap<>();
            for (Example row : all) {
                rows++;
                TemplateOnly.add(row, fields);
            }
            return new Corpus(source, seed, rows, bad.count(), beside, fields, bad.report());
        }
    }

    /// Says what was not read: rows with their reasons, fields of rows, and what makes no difference to the chat
    /// template.
    ///
    /// @param template asked for where rows have fields for it
    public void report(Supplier<ChatTemplate> template, Progress progress) {
        notes.forEach(progress::note);
        List<String> lost = fields.keySet().stream()
                .filter(name -> !template.get().uses(fields.get(name).first(), name)).toList();
        if (!lost.isEmpty()) {
            long most = lost.stream().mapToLong(name -> fields.get(name).rows()).max().orElseThrow();
            progress.note("%s row%s fields that the chat template does not use: %s".formatted(
                    most, most == 1 ? " has" : "s have", String.join(", ", lost)));
        }
    }

    /// @return the readable rows, from the first
    public RowStream<Example> readable() {
        return source.open(new Ignored(), seed, beside);
    }

    /// Reads all rows once: one whose tag names no teacher is found before the first step instead of hours later.
    ///
    /// @throws dev.socratic.core.error.DataException naming the first
    public void requireTags(Tags tags) {
        try (RowStream<Example> all = readable()) {
            all.iterator().forEachRemaining(tags::teacher);
        }
    }

    /// @param most rows at most
    /// @return micro-batches of the first rows that have something to learn, in a fixed order
    public static List<MicroBatch> heldOut(ExampleSource source, int most, ExampleEncoder encoder, Packing packing,
            int microTokens, long seed) {
        List<TokenRow> kept = new ArrayList<>();
        try (RowStream<Example> rows = source.open(Quarantine.list(), seed)) {
            Iterator<Example> all = rows.iterator();
            for (int i = 0; i < most && all.hasNext(); i++) {
                if (encoder.encode(all.next()) instanceof RowEncoder.Verdict.Kept one) {
                    kept.add(one.row());
                }
            }
        }
        return kept.isEmpty() ? List.of() : MicroBatches.of(packing, kept, microTokens, seed);
    }

    /// Bad rows were written down in the first epoch.
    private static final class Ignored implements Quarantine {
        private long count;

        @Override
        public void add(BadRow row) {
            count++;
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public void close() {}
    }
}
