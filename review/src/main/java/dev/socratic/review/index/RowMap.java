package dev.socratic.review.index;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.NumericUtils;

/// Where the rows of a query lie on the map of the corpus, for the rows that the step `clusters` has placed.
///
/// @param rows     that are on it
/// @param missing  rows of the query that are not
/// @param clusters by their numbers
/// @param points   some of the rows, the same for the same query: those whose keys' hashes are least
public record RowMap(long rows, long missing, SortedMap<Integer, Cluster> clusters, List<Point> points) {
    /// A cluster, as far as the query finds it.
    ///
    /// @param rows of it
    /// @param x    mean of theirs
    /// @param y    mean of theirs
    public record Cluster(long rows, double x, double y) {
        private Cluster with(double moreX, double moreY) {
            return new Cluster(rows + 1, x + (moreX - x) / (rows + 1), y + (moreY - y) / (rows + 1));
        }
    }

    /// A row, at its place in the unit square.
    public record Point(float x, float y, int cluster) {}

    private record Drawn(long lot, Point point) {}

    /// @param most points
    public static RowMap of(RowSearch rows, String q, int most) {
        Query query = rows.query(q);
        return rows.index().search(searcher -> {
            Sums sums = new Sums(most);
            FacetCounts.each(searcher, query, (leaf, found) -> {
                SortedNumericDocValues x = number(leaf.reader(), RowDocument.MAP_X);
                SortedNumericDocValues y = number(leaf.reader(), RowDocument.MAP_Y);
                SortedNumericDocValues cluster = number(leaf.reader(), RowDocument.CLUSTER);
                NumericDocValues keys = leaf.reader().getNumericDocValues(RowDocument.KEY);
                DocIdSetIterator docs = new BitSetIterator(found, 0);
                for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
                    if (x != null && y != null && cluster != null && x.advanceExact(doc) && y.advanceExact(doc)
                            && cluster.advanceExact(doc) && keys.advanceExact(doc)) {
                        sums.add(value(x), value(y), (int) value(cluster), keys.longValue());
                    } else {
                        sums.missing++;
                    }
                }
            });
            return new RowMap(sums.rows, sums.missing, sums.clusters, sums.points.stream()
                    .sorted(Comparator.comparingLong(Drawn::lot)).map(Drawn::point).toList());
        });
    }

    private static SortedNumericDocValues number(LeafReader reader, String name)
            throws IOException {
        return reader.getSortedNumericDocValues(RowDocument.NUMBER + name);
    }

    private static double value(SortedNumericDocValues values) throws IOException {
        return NumericUtils.sortableLongToDouble(values.nextValue());
    }

    private static final class Sums {
        private final TreeMap<Integer, Cluster> clusters = new TreeMap<>();
        private final PriorityQueue<Drawn> points = new PriorityQueue<>(
                Comparator.comparingLong(Drawn::lot).reversed());
        private final int most;
        private long rows;
        private long missing;

        Sums(int most) {
            this.most = most;
        }

        void add(double x, double y, int cluster, long key) {
            rows++;
            clusters.put(cluster, clusters.getOrDefault(cluster, new Cluster(0, 0, 0)).with(x, y));
            long lot = key * 0x9E3779B97F4A7C15L;
            if (points.size() < most || lot < points.peek().lot()) {
                points.add(new Drawn(lot, new Point((float) x, (float) y, cluster)));
                if (points.size() > most) {
                    points.poll();
                }
            }
        }
    }
}
