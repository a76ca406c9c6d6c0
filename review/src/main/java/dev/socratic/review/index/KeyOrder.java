package dev.socratic.review.index;

import java.io.IOException;
import java.util.function.LongUnaryOperator;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.LongValues;
import org.apache.lucene.search.LongValuesSource;

/// Sorts rows by a number that lies outside the index.
final class KeyOrder extends LongValuesSource {
    private final LongUnaryOperator value;

    /// @param value of a row's key
    KeyOrder(LongUnaryOperator value) {
        this.value = value;
    }

    @Override
    public LongValues getValues(LeafReaderContext leaf, DoubleValues scores) throws IOException {
        NumericDocValues keys = DocValues.getNumeric(leaf.reader(), RowDocument.KEY);
        return new LongValues() {
            @Override
            public long longValue() throws IOException {
                return value.applyAsLong(keys.longValue());
            }

            @Override
            public boolean advanceExact(int doc) throws IOException {
                return keys.advanceExact(doc);
            }
        };
    }

    @Override
    public boolean isCacheable(LeafReaderContext leaf) {
        return false;
    }

    @Override
    public boolean needsScores() {
        return false;
    }

    @Override
    public LongValuesSource rewrite(IndexSearcher searcher) {
        return this;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public String toString() {
        return "by key";
    }
}
