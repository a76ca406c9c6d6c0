package dev.socratic.review.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.NumericUtils;

/// How near a row's numbers come to limits: the least distance, as a share of the limit, so that numbers of different
/// scales can be compared. Rows without any of the numbers are farthest.
final class NearLimits extends DoubleValuesSource {
    private final Map<String, Double> limits;

    /// @param limits by the number's name
    NearLimits(Map<String, Double> limits) {
        this.limits = Map.copyOf(limits);
    }

    /// A number's values and its limit.
    private record Limited(SortedNumericDocValues values, double limit) {}

    @Override
    public DoubleValues getValues(LeafReaderContext leaf, DoubleValues scores) throws IOException {
        List<Limited> all = new ArrayList<>();
        for (Map.Entry<String, Double> one : limits.entrySet()) {
            all.add(new Limited(DocValues.getSortedNumeric(leaf.reader(), RowDocument.NUMBER + one.getKey()),
                    one.getValue()));
        }
        double[] nearest = new double[1];
        return new DoubleValues() {
            @Override
            public double doubleValue() {
                return nearest[0];
            }

            @Override
            public boolean advanceExact(int doc) throws IOException {
                nearest[0] = Double.MAX_VALUE;
                for (Limited one : all) {
                    if (one.values().advanceExact(doc)) {
                        double value = NumericUtils.sortableLongToDouble(one.values().nextValue());
                        nearest[0] = Math.min(nearest[0],
                                Math.abs(value - one.limit()) / Math.max(1e-9, Math.abs(one.limit())));
                    }
                }
                return true;
            }
        };
    }

    @Override
    public boolean needsScores() {
        return false;
    }

    @Override
    public boolean isCacheable(LeafReaderContext leaf) {
        return true;
    }

    @Override
    public DoubleValuesSource rewrite(IndexSearcher searcher) {
        return this;
    }

    @Override
    public int hashCode() {
        return limits.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NearLimits same && same.limits.equals(limits);
    }

    @Override
    public String toString() {
        return "near " + limits;
    }
}
