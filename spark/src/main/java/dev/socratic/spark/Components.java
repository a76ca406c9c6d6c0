package dev.socratic.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/// Connected components of a graph in parts: large-star and small-star by turns (Kiveris et al. 2014, Connected
/// Components in MapReduce and Beyond), until every node points at the least of its component. Rounds grow with the
/// logarithm of the nodes, and no part holds more than the neighbours of one node.
final class Components {
    private Components() {}

    /// @param edges pairs of nodes, in any order
    /// @return of every node but the least of its component: that least
    static JavaPairRDD<Long, Long> of(JavaPairRDD<Long, Long> edges) {
        JavaPairRDD<Long, Long> now = small(edges).persist(StorageLevel.DISK_ONLY());
        long before = 0;
        for (long sum = sum(now); sum != before; sum = sum(now)) {
            before = sum;
            JavaPairRDD<Long, Long> next = small(large(now)).persist(StorageLevel.DISK_ONLY());
            next.count();
            now.unpersist();
            now = next;
        }
        return now;
    }

    /// What is larger than a node is joined with the least that the node knows.
    private static JavaPairRDD<Long, Long> large(JavaPairRDD<Long, Long> edges) {
        return edges.flatMapToPair(edge -> List.of(edge, edge.swap()).iterator()).groupByKey()
                .flatMapToPair(star -> {
                    long node = star._1();
                    long least = least(star);
                    List<Tuple2<Long, Long>> joined = new ArrayList<>();
                    for (long other : star._2()) {
                        if (other > node) {
                            joined.add(new Tuple2<>(other, least));
                        }
                    }
                    return joined.iterator();
                });
    }

    /// A node and what is smaller is joined with the least that the node knows.
    private static JavaPairRDD<Long, Long> small(JavaPairRDD<Long, Long> edges) {
        return edges.mapToPair(edge -> edge._1() >= edge._2() ? edge : edge.swap()).groupByKey()
                .flatMapToPair(star -> {
                    long least = least(star);
                    List<Tuple2<Long, Long>> joined = new ArrayList<>();
                    if (star._1() != least) {
                        joined.add(new Tuple2<>(star._1(), least));
                    }
                    for (long other : star._2()) {
                        if (other != least) {
                            joined.add(new Tuple2<>(other, least));
                        }
                    }
                    return joined.iterator();
                }).distinct();
    }

    private static long least(Tuple2<Long, Iterable<Long>> star) {
        long least = star._1();
        for (long other : star._2()) {
            least = Math.min(least, other);
        }
        return least;
    }

    /// @return a hash of all edges whatever their order
    private static long sum(JavaPairRDD<Long, Long> edges) {
        return edges.aggregate(1L, (sum, edge) -> sum + mixed(edge._1() * 0x9E3779B97F4A7C15L + edge._2()),
                Long::sum);
    }

    private static long mixed(long x) {
        long h = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
        return h ^ (h >>> 27);
    }
}
