package dev.socratic.review.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;

/// How many of the rows that a query finds have each value of a name.
public final class FacetCounts {
    private FacetCounts() {}

    /// The values of one name.
    ///
    /// @param values   the commonest, with how many rows
    /// @param distinct how many values there are
    /// @param other    rows of the values that are not listed, a row counted once for each
    public record Facet(Map<String, Long> values, int distinct, long other) {}

    /// @param names of [RowDocument#NAMES]
    /// @param most  values of each
    public static Map<String, Facet> of(RowSearch rows, String q, List<String> names, int most) {
        Query query = rows.query(q);
        return rows.index().search(searcher -> {
            Map<String, Map<String, Long>> counts = new TreeMap<>();
            names.forEach(name -> counts.put(name, new HashMap<>()));
            boolean all = query instanceof MatchAllDocsQuery && !searcher.getIndexReader().hasDeletions();
            Query rewritten = searcher.rewrite(query);
            Weight weight = searcher.createWeight(rewritten, ScoreMode.COMPLETE_NO_SCORES, 1);
            for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
                if (all) {
                    byTerms(leaf.reader(), counts);
                } else {
                    byRows(leaf, weight, counts);
                }
            }
            Map<String, Facet> facets = new TreeMap<>();
            counts.forEach((name, values) -> facets.put(name, facet(values, most)));
            return facets;
        });
    }

    /// Of all rows the index knows the counts already.
    private static void byTerms(LeafReader reader, Map<String, Map<String, Long>> counts) throws IOException {
        for (Map.Entry<String, Map<String, Long>> one : counts.entrySet()) {
            Terms terms = reader.terms(one.getKey());
            if (terms != null) {
                TermsEnum each = terms.iterator();
                for (BytesRef term = each.next(); term != null; term = each.next()) {
                    one.getValue().merge(term.utf8ToString(), (long) each.docFreq(), Long::sum);
                }
            }
        }
    }

    private static void byRows(LeafReaderContext leaf, Weight weight, Map<String, Map<String, Long>> counts)
            throws IOException {
        Scorer scorer = weight.scorer(leaf);
        if (scorer == null) {
            return;
        }
        FixedBitSet found = matching(leaf, scorer);
        for (Map.Entry<String, Map<String, Long>> one : counts.entrySet()) {
            SortedSetDocValues values = leaf.reader().getSortedSetDocValues(one.getKey());
            if (values == null) {
                continue;
            }
            int[] byNumber = new int[(int) values.getValueCount()];
            DocIdSetIterator docs = new BitSetIterator(found, 0);
            SortedDocValues single = DocValues.unwrapSingleton(values); // of rows with one value each
            for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
                if (single != null) {
                    if (single.advanceExact(doc)) {
                        byNumber[single.ordValue()]++;
                    }
                } else if (values.advanceExact(doc)) {
                    for (int i = 0; i < values.docValueCount(); i++) {
                        byNumber[(int) values.nextOrd()]++;
                    }
                }
            }
            for (int i = 0; i < byNumber.length; i++) {
                if (byNumber[i] > 0) {
                    one.getValue().merge(values.lookupOrd(i).utf8ToString(), (long) byNumber[i], Long::sum);
                }
            }
        }
    }

    /// @return the live rows of a segment that are found
    static FixedBitSet matching(LeafReaderContext leaf, Scorer scorer) throws IOException {
        FixedBitSet found = new FixedBitSet(leaf.reader().maxDoc());
        DocIdSetIterator docs = scorer.iterator();
        var live = leaf.reader().getLiveDocs();
        for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
            if (live == null || live.get(doc)) {
                found.set(doc);
            }
        }
        return found;
    }

    /// @param values with how many rows each
    /// @param most   that are listed
    public static Facet facet(Map<String, Long> values, int most) {
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(values.entrySet());
        sorted.sort(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()));
        Map<String, Long> shown = new LinkedHashMap<>();
        sorted.stream().limit(most).forEach(one -> shown.put(one.getKey(), one.getValue()));
        return new Facet(shown, sorted.size(),
                sorted.stream().skip(most).mapToLong(Map.Entry::getValue).sum());
    }

    /// Walks over the keys of the rows that a query finds.
    static void each(IndexSearcher searcher, Query query, RowKeys keys) throws IOException {
        Weight weight = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1);
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            Scorer scorer = weight.scorer(leaf);
            if (scorer != null) {
                keys.leaf(leaf, matching(leaf, scorer));
            }
        }
    }

    /// What is done with the rows found in a segment.
    @FunctionalInterface
    interface RowKeys {
        void leaf(LeafReaderContext leaf, FixedBitSet found) throws IOException;
    }
}
