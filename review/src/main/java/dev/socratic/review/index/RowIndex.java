package dev.socratic.review.index;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.review.rows.LinePlace;
import dev.socratic.review.rows.ReviewRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/// The index over the rows: made of the files and nothing else, so it may be thrown away at any time. Lies on the disk
/// beside what people decided; in memory about 50 bytes a row.
///
/// Written by one thread, searched by any number.
public final class RowIndex implements AutoCloseable {
    /// Of what [RowDocument] writes; an index of another is made anew.
    static final int FORMAT = 2;
    private static final double BUFFER_MIB = 48;

    private final Directory directory;
    private final Analyzer analyzer = new StandardAnalyzer();
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final Map<String, String> kept;
    private final AtomicLong version = new AtomicLong(1);
    private KeyTable times = new KeyTable();
    private long order;
    private long repeated;

    private RowIndex(Directory directory, Map<String, String> kept, boolean anew) throws IOException {
        this.directory = directory;
        this.kept = new HashMap<>(kept);
        IndexWriterConfig config = new IndexWriterConfig(analyzer);
        config.setOpenMode(anew ? IndexWriterConfig.OpenMode.CREATE : IndexWriterConfig.OpenMode.CREATE_OR_APPEND);
        config.setRAMBufferSizeMB(BUFFER_MIB);
        config.setMergePolicy(new LogDocMergePolicy()); // rows keep the order they came in
        config.setCommitOnClose(false);
        this.writer = new IndexWriter(directory, config);
        this.searchers = new SearcherManager(writer, null);
        count();
    }

    /// @param notices is told where an index of another version, or a damaged one, is made anew
    public static RowIndex open(Path folder, Consumer<String> notices) {
        try {
            Files.createDirectories(folder);
            Directory directory = FSDirectory.open(folder);
            Map<String, String> kept = Map.of();
            Optional<String> problem = Optional.empty();
            if (DirectoryReader.indexExists(directory)) {
                try {
                    kept = SegmentInfos.readLatestCommit(directory).getUserData();
                    String format = kept.getOrDefault("format", "none");
                    problem = format.equals("" + FORMAT) ? Optional.empty() : Optional.of("version " + format);
                } catch (IOException | IllegalArgumentException damaged) {
                    problem = Optional.of(FirstLine.of(damaged));
                }
            }
            if (problem.isPresent()) {
                return anew(directory, notices, folder, problem.get());
            }
            try {
                return new RowIndex(directory, kept, false);
            } catch (IOException | IllegalArgumentException damaged) {
                return anew(directory, notices, folder, FirstLine.of(damaged));
            }
        } catch (IOException e) {
            throw IoProblems.writing(folder, e);
        }
    }

    private static RowIndex anew(Directory directory, Consumer<String> notices, Path folder, String got)
            throws IOException {
        for (String file : directory.listAll()) {
            if (!file.equals(IndexWriter.WRITE_LOCK_NAME)) {
                directory.deleteFile(file);
            }
        }
        notices.accept("%s: an index of version %s; got %s; it is made anew from the rows, decisions are not touched"
                .formatted(folder, FORMAT, got));
        return new RowIndex(directory, Map.of(), true);
    }

    /// @return what was kept with the last commit, by name
    public <T> Optional<T> kept(String name, TypeReference<T> type) {
        return Optional.ofNullable(kept.get(name)).map(text -> {
            try {
                return Json.mapper().readValue(text, type);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void count() throws IOException {
        times = new KeyTable();
        repeated = 0;
        searchers.maybeRefreshBlocking();
        IndexSearcher searcher = searchers.acquire();
        try {
            for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
                NumericDocValues keys = leaf.reader().getNumericDocValues(RowDocument.KEY);
                var live = leaf.reader().getLiveDocs();
                var orders = leaf.reader().getSortedNumericDocValues(RowDocument.ORDER);
                for (int doc = 0; keys != null && doc < leaf.reader().maxDoc(); doc++) {
                    if ((live == null || live.get(doc)) && keys.advanceExact(doc) && orders.advanceExact(doc)) {
                        times.put(new KeyTable.Key(keys.longValue(), 0), 1);
                        order = Math.max(order, orders.nextValue() + 1);
                    }
                }
            }
        } finally {
            searchers.release(searcher);
        }
    }

    /// @param place    of the row
    /// @param decision of the line that says what was decided
    public void add(ReviewRow row, LinePlace place, LinePlace decision) {
        String id = row.id().length() <= RowDocument.LONGEST_TERM ? row.id() : "long_" + Hashes.sha256(row.id());
        KeyTable.Key key = new KeyTable.Key(RowDocument.key(id), 0);
        int before = Math.max(0, times.get(key));
        times.put(key, before + 1);
        if (before > 0) {
            repeated++;
            id = id + "~" + (before + 1);
            times.put(new KeyTable.Key(RowDocument.key(id), 0), 1);
        }
        try {
            writer.addDocument(RowDocument.of(row, id, order++, place, decision));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Forgets the rows of a feed.
    public void remove(String feed) {
        try {
            writer.deleteDocuments(new TermQuery(new Term(RowDocument.FEED, feed)));
            count();
            version.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return rows that have the id of an earlier row; shown as `ID~2`
    public long repeated() {
        return repeated;
    }

    /// Makes what was added be found.
    public void refresh() {
        try {
            searchers.maybeRefresh();
            version.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes what was added survive this process.
    ///
    /// @param marks how far files were read
    public void commit(Map<String, ?> marks) {
        Map<String, String> data = new HashMap<>();
        marks.forEach((name, value) -> data.put(name, Json.line(value)));
        data.put("format", "" + FORMAT);
        try {
            writer.setLiveCommitData(data.entrySet());
            writer.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return grows with every change
    public long version() {
        return version.get();
    }

    /// What is done with a searcher.
    @FunctionalInterface
    public interface Search<T> {
        T on(IndexSearcher searcher) throws IOException;
    }

    /// @param search may keep nothing of the searcher
    public <T> T search(Search<T> search) {
        try {
            IndexSearcher searcher = searchers.acquire();
            try {
                return search.on(searcher);
            } finally {
                searchers.release(searcher);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Analyzer analyzer() {
        return analyzer;
    }

    /// @return names of numbers that rows have
    public TreeSet<String> numbers() {
        return search(searcher -> {
            TreeSet<String> names = new TreeSet<>();
            for (FieldInfo field : FieldInfos.getMergedFieldInfos(searcher.getIndexReader())) {
                if (field.name.startsWith(RowDocument.NUMBER)) {
                    names.add(field.name.substring(RowDocument.NUMBER.length()));
                }
            }
            return names;
        });
    }

    @Override
    public void close() {
        try (directory; analyzer; writer; searchers) {
            version.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
