package dev.socratic.review.index;

import java.io.IOException;
import java.util.function.LongPredicate;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.ConstantScoreScorer;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TwoPhaseIterator;
import org.apache.lucene.search.Weight;

/// Rows of which something outside the index is true. It may change from one search to the next, so nothing is cached.
final class KeyQuery extends Query {
    private final String said;
    private final LongPredicate keys;

    /// @param said as it was written
    KeyQuery(String said, LongPredicate keys) {
        this.said = said;
        this.keys = keys;
    }

    @Override
    public Weight createWeight(IndexSearcher searcher, ScoreMode mode, float boost) {
        return new ConstantScoreWeight(this, boost) {
            @Override
            public ScorerSupplier scorerSupplier(LeafReaderContext leaf) throws IOException {
                NumericDocValues values = leaf.reader().getNumericDocValues(RowDocument.KEY);
                if (values == null) {
                    return null; // Lucene's way to say that nothing matches here
                }
                TwoPhaseIterator matches = new TwoPhaseIterator(values) {
                    @Override
                    public boolean matches() throws IOException {
                        return keys.test(values.longValue());
                    }

                    @Override
                    public float matchCost() {
                        return 20;
                    }
                };
                return new DefaultScorerSupplier(new ConstantScoreScorer(score(), mode, matches));
            }

            @Override
            public boolean isCacheable(LeafReaderContext leaf) {
                return false;
            }
        };
    }

    @Override
    public void visit(QueryVisitor visitor) {
        visitor.visitLeaf(this);
    }

    @Override
    public String toString(String field) {
        return said;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
