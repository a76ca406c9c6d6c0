package dev.socratic.review.index;

import dev.socratic.core.config.Spelling;
import java.util.Arrays;
import java.util.Set;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.NumericUtils;

/// How a number is spread over the rows that a query finds.
///
/// @param count   rows that have it
/// @param missing rows that have it not
/// @param bins    rows in each of equally wide ranges from `min` to `max`, the last with its upper end
public record NumberHistogram(String field, long count, long missing, double min, double max, double mean,
        long[] bins) {

    /// @param field a name of [RowIndex#numbers]
    /// @throws QueryProblem if there is no such number
    public static NumberHistogram of(RowSearch rows, String q, String field, int bins) {
        Set<String> numbers = rows.index().numbers();
        if (!numbers.contains(field)) {
            throw new QueryProblem("unknown_field", "field: a number of the rows; got '%s'; %s".formatted(field,
                    Spelling.remedy(field, numbers)));
        }
        Query query = rows.query(q);
        return rows.index().search(searcher -> {
            Sums sums = new Sums();
            FacetCounts.each(searcher, query, (leaf, found) -> {
                sums.rows += found.cardinality();
                SortedNumericDocValues values = leaf.reader().getSortedNumericDocValues(RowDocument.NUMBER + field);
                if (values != null) {
                    DocIdSetIterator docs = new BitSetIterator(found, 0);
                    for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
                        if (values.advanceExact(doc)) {
                            sums.add(NumericUtils.sortableLongToDouble(values.nextValue()));
                        }
                    }
                }
            });
            return sums.histogram(field, bins);
        });
    }

    /// Values are kept, so that the rows are walked over once: eight bytes a row.
    private static final class Sums {
        private double[] values = new double[1024];
        private int count;
        private long rows;
        private double sum;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;

        void add(double value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
            sum += value;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }

        NumberHistogram histogram(String field, int bins) {
            if (count == 0) {
                return new NumberHistogram(field, 0, rows, 0, 0, 0, new long[0]);
            }
            int wanted = min == max ? 1 : bins;
            long[] counts = new long[wanted];
            double width = (max - min) / wanted;
            for (int i = 0; i < count; i++) {
                counts[width == 0 ? 0 : Math.min(wanted - 1, (int) ((values[i] - min) / width))]++;
            }
            return new NumberHistogram(field, count, rows - count, min, max, sum / count, counts);
        }
    }
}
