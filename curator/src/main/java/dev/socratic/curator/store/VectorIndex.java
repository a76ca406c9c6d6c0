package dev.socratic.curator.store;

import dev.socratic.core.error.RetryLaterException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/// Vectors of length 1 on disk, by number and by nearness: Lucene's HNSW graph (Malkov and Yashunin 2016,
/// arXiv:1603.09320; 16 links a vector, 100 candidates while it is built). Neighbours are found approximately, their
/// cosines are exact.
///
/// First all vectors are added, then [#finish] is called, then it is asked. Memory: 8 bytes a vector and what Lucene
/// holds while a part of the graph is written (64 MB).
public final class VectorIndex implements AutoCloseable {
    private static final String FIELD = "vector";
    private static final double BUFFER_MB = 64;

    private final Path folder;
    private final Directory directory;
    private final IndexWriter writer;
    private int[] numbers = new int[64]; // of each vector: what it was added as
    private int[] placesPlusOne = new int[64]; // of each number: where its vector is
    private int size;
    private Optional<Reading> opened = Optional.empty();

    private record Reading(DirectoryReader reader, IndexSearcher searcher, FloatVectorValues values) {}

    /// A vector of the index.
    ///
    /// @param number what it was added as
    /// @param cosine with the one that was asked for, in [-1, 1]
    public record Near(int number, double cosine) {}

    /// @param folder for the index, which is written anew; whoever owns it deletes it
    public VectorIndex(Path folder) {
        this.folder = folder;
        try {
            this.directory = FSDirectory.open(folder);
            IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
            config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
            config.setMergePolicy(new LogDocMergePolicy()); // keeps the vectors in order
            config.setMergeScheduler(new SerialMergeScheduler());
            config.setRAMBufferSizeMB(BUFFER_MB);
            this.writer = new IndexWriter(directory, config);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// @param number at least 0, each once
    /// @param unit   of length 1
    public void add(int number, float[] unit) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        if (number >= placesPlusOne.length) {
            placesPlusOne = Arrays.copyOf(placesPlusOne, Math.max(2 * placesPlusOne.length, number + 1));
        }
        numbers[size++] = number;
        placesPlusOne[number] = size;
        Document document = new Document();
        document.add(new KnnFloatVectorField(FIELD, unit, VectorSimilarityFunction.DOT_PRODUCT));
        try {
            writer.addDocument(document);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Ends adding.
    public void finish() {
        if (size == 0) {
            return;
        }
        try {
            writer.forceMerge(1);
            writer.commit();
            DirectoryReader reader = DirectoryReader.open(directory);
            IndexSearcher searcher = new IndexSearcher(reader);
            searcher.setQueryCache(null);
            opened = Optional.of(new Reading(reader, searcher,
                    reader.leaves().getFirst().reader().getFloatVectorValues(FIELD)));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// @param unit of length 1
    /// @return the `most` nearest, the nearest first
    public List<Near> nearest(float[] unit, int most) {
        if (opened.isEmpty()) {
            return List.of();
        }
        Reading reading = opened.get();
        try {
            List<Near> near = new ArrayList<>();
            for (ScoreDoc found : reading.searcher().search(new KnnFloatVectorQuery(FIELD, unit, most), most)
                    .scoreDocs) {
                near.add(new Near(numbers[found.doc], dot(unit, reading.values().vectorValue(found.doc))));
            }
            return near;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// @return whether a vector was added as this number
    public boolean has(int number) {
        return number < placesPlusOne.length && placesPlusOne[number] > 0;
    }

    /// @return a copy of the vector that was added as this number
    public float[] get(int number) {
        try {
            return opened.orElseThrow().values().vectorValue(placesPlusOne[number] - 1).clone();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// @return the cosine of two vectors of length 1
    public static double dot(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
        }
        return dot;
    }

    public int size() {
        return size;
    }

    private RetryLaterException failed(IOException e) {
        return new RetryLaterException(
                folder.toString(), "a temporary folder that can be written and read", e.toString(),
                "check free space, then run the same command again", e);
    }

    @Override
    public void close() {
        try {
            if (opened.isPresent()) {
                opened.get().reader().close();
            }
            writer.close();
            directory.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
