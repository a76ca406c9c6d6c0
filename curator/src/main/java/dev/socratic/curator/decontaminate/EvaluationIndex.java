package dev.socratic.curator.decontaminate;

import dev.socratic.curator.text.Shingles;
import dev.socratic.datasets.row.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;

/// The evaluation questions, searchable by runs of words and by likeness.
///
/// Likeness is Lucene's BM25 (k1 = 1.2, b = 0.75) over the words; the words are those of
/// [dev.socratic.curator.text.Words]. The index is in memory: evaluation sets are small (about 2 kB a question), and
/// Lucene's files carry random names, so that a folder that is compared byte by byte could not hold them.
final class EvaluationIndex implements AutoCloseable {
    private static final String WORDS = "words";
    private static final String ITEM = "item";
    private static final int MOST_WORDS = 256;

    private final List<Item> items;
    private final Map<Long, List<Integer>> runs = new HashMap<>();
    private final Map<String, Double> weights = new HashMap<>();
    private final double weightOfUnseen;
    private final SortedSet<Integer> runLengths = new TreeSet<>();
    private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
    private final DirectoryReader reader;
    private final IndexSearcher searcher;

    record Item(Question question, Probe probe, Vector vector) {}

    /// A text's TF-IDF vector: the weight of a word is its count times `ln((1 + N) / (1 + df)) + 1`, over the N
    /// evaluation questions.
    ///
    /// @param weights sorted by word, so that sums of floating-point numbers are always taken in the same order
    /// @param length  Euclidean
    record Vector(SortedMap<String, Double> weights, double length) {

        /// @return in [0, 1]; 0 where a text has no words
        double cosine(Vector other) {
            double dot = 0;
            for (Map.Entry<String, Double> word : weights.entrySet()) {
                dot += word.getValue() * other.weights.getOrDefault(word.getKey(), 0.0);
            }
            double lengths = length * other.length;
            return lengths == 0 ? 0 : dot / lengths;
        }
    }

    EvaluationIndex(Collection<Question> questions, int ngram) {
        List<Probe> probes = questions.stream().map(question -> Probe.of(question.question())).toList();
        this.weightOfUnseen = weigh(probes);
        this.items = new ArrayList<>();
        for (Question question : questions) {
            Probe probe = probes.get(items.size());
            runLengths.add(Math.min(ngram, probe.words().size()));
            for (long run : Shingles.of(probe.words(), ngram).hashes()) {
                runs.computeIfAbsent(run, hash -> new ArrayList<>(1)).add(items.size());
            }
            items.add(new Item(question, probe, vector(probe)));
        }
        try {
            index();
            reader = DirectoryReader.open(directory);
            searcher = new IndexSearcher(reader);
            searcher.setSimilarity(new BM25Similarity());
            searcher.setQueryCache(null);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
    }

    int size() {
        return items.size();
    }

    Item item(int number) {
        return items.get(number);
    }

    /// @return the evaluation questions that share a run of `ngram` words with this one, ascending; those with fewer
    ///         words must stand in it whole
    SortedSet<Integer> sharingARun(Probe probe) {
        SortedSet<Integer> found = new TreeSet<>();
        for (int n : runLengths.tailSet(1).headSet(probe.words().size() + 1)) {
            for (long run : Shingles.of(probe.words(), n).hashes()) {
                found.addAll(runs.getOrDefault(run, List.of()));
            }
        }
        return found;
    }

    /// A proposal of the retrieval.
    record Hit(int item, double bm25) {}

    /// @return the `top` likeliest evaluation questions, the likeliest first, the earlier of equals first
    List<Hit> like(Probe probe, int top) {
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        probe.words().stream()
                .distinct()
                .filter(weights::containsKey)
                .sorted((a, b) -> Double.compare(weights.get(b), weights.get(a)))
                .limit(MOST_WORDS)
                .forEach(word -> query.add(new TermQuery(new Term(WORDS, word)), BooleanClause.Occur.SHOULD));
        try {
            List<Hit> hits = new ArrayList<>();
            for (ScoreDoc found : searcher.search(query.build(), Math.max(1, top)).scoreDocs) {
                hits.add(new Hit(itemOf(found.doc), found.score));
            }
            return hits;
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be read", e);
        }
    }

    Vector vector(Probe probe) {
        SortedMap<String, Double> vector = new TreeMap<>();
        probe.words().forEach(word -> vector.merge(word, weights.getOrDefault(word, weightOfUnseen), Double::sum));
        return new Vector(vector, Math.sqrt(vector.values().stream().mapToDouble(weight -> weight * weight).sum()));
    }

    private double weigh(List<Probe> probes) {
        Map<String, Integer> documents = new HashMap<>();
        probes.forEach(probe -> probe.words().stream().distinct()
                .forEach(word -> documents.merge(word, 1, Integer::sum)));
        documents.forEach((word, df) -> weights.put(word, Math.log((1.0 + probes.size()) / (1 + df)) + 1));
        return Math.log(1.0 + probes.size()) + 1;
    }

    private void index() throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
        // keeps the documents in order, so that ties are broken the same way every time
        config.setMergePolicy(new LogDocMergePolicy());
        config.setSimilarity(new BM25Similarity());
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (int number = 0; number < items.size(); number++) {
                Document document = new Document();
                document.add(new TextField(WORDS, new WordStream(items.get(number).probe().words())));
                document.add(new NumericDocValuesField(ITEM, number));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
    }

    private int itemOf(int document) throws IOException {
        List<LeafReaderContext> leaves = reader.leaves();
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
        var values = leaf.reader().getNumericDocValues(ITEM);
        values.advanceExact(document - leaf.docBase);
        return Math.toIntExact(values.longValue());
    }

    @Override
    public void close() {
        try {
            reader.close();
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be closed", e);
        }
    }
}
