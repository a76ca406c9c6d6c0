package dev.socratic.spark;

import dev.socratic.curator.config.StepConfig.NearDuplicates;
import dev.socratic.curator.duplicate.NearTexts;
import dev.socratic.curator.text.Shingles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/// Which rows `near_duplicates` has to compare: the connected components of alike texts, by the signatures, buckets and
/// similarity of a single machine. Inside of a component the step itself finds clusters and decides; so what this has
/// to get right is that no two alike texts are in two components.
///
/// Shuffled are, of each text, its bands (16 bytes each) once and its shingles (8 bytes each) once for each pair it is
/// in; never all shingles for every band.
final class NearGroups {
    private NearGroups() {}

    /// @return the rows, each under the least place of its component, or its own
    static JavaPairRDD<Meetings.Meeting, Fate> of(JavaRDD<Fate> rows, Job job, int number) {
        JavaPairRDD<String, Fate> byMember = rows.mapPartitionsToPair(part -> named(part, job, number));
        JavaPairRDD<String, Long> members = byMember.mapToPair(row -> new Tuple2<>(row._1(), row._2().place()))
                .reduceByKey(Math::min).persist(StorageLevel.DISK_ONLY());
        JavaPairRDD<Long, long[]> texts = byMember.mapToPair(row -> new Tuple2<>(row._2().place(), row._2()))
                .join(members.mapToPair(member -> new Tuple2<>(member._2(), true)))
                .mapPartitionsToPair(part -> shingles(part, job, number)).persist(StorageLevel.DISK_ONLY());
        JavaPairRDD<Long, Long> components = Components.of(edges(texts, job, number));
        JavaPairRDD<String, Long> groups = members.mapToPair(Tuple2::swap).leftOuterJoin(components)
                .mapToPair(one -> new Tuple2<>(one._2()._1(), one._2()._2().orElse(one._1())));
        return byMember.join(groups).mapToPair(one -> new Tuple2<>(
                new Meetings.Meeting(one._2()._2(), one._2()._1().place()), one._2()._1()));
    }

    private static NearDuplicates config(Job job, int number) {
        return (NearDuplicates) job.steps().get(number);
    }

    private static Iterator<Tuple2<String, Fate>> named(Iterator<Fate> part, Job job, int number) {
        NearTexts texts = new NearTexts(config(job, number));
        TaskSteps steps = new TaskSteps(job, 0, 0);
        return new Mapped<>(part, row -> new Tuple2<>(texts.member(steps.passage(row.passage()).row())
                .orElse(Long.toString(row.place())), row));
    }

    private static Iterator<Tuple2<Long, long[]>> shingles(Iterator<Tuple2<Long, Tuple2<Fate, Boolean>>> part,
            Job job, int number) {
        NearTexts texts = new NearTexts(config(job, number));
        TaskSteps steps = new TaskSteps(job, 0, 0);
        return new Mapped<>(part, row -> new Tuple2<>(row._1(),
                texts.shingles(steps.passage(row._2()._1().passage()).row()).hashes()));
    }

    private static JavaPairRDD<Long, Long> edges(JavaPairRDD<Long, long[]> texts, Job job, int number) {
        JavaPairRDD<Long, Long> contents = texts.filter(text -> text._2().length > 0)
                .mapToPair(text -> new Tuple2<>(new Shingles(text._2()).hash(), text._1()));
        JavaPairRDD<Long, Long> firsts = contents.reduceByKey(Math::min).persist(StorageLevel.DISK_ONLY());
        JavaPairRDD<Long, Long> copies = contents.join(firsts).values().mapToPair(pair -> pair)
                .filter(pair -> !pair._1().equals(pair._2()));
        JavaPairRDD<Long, Long> pairs = firsts.mapToPair(Tuple2::swap).join(texts)
                .mapPartitionsToPair(part -> bands(part, job, number)).groupByKey()
                .flatMapToPair(bucket -> pairs(bucket._2())).distinct();
        JavaPairRDD<Long, Long> alike = pairs.join(texts)
                .mapToPair(one -> new Tuple2<>(one._2()._1(), new Tuple2<>(one._1(), one._2()._2())))
                .join(texts).mapPartitionsToPair(part -> alike(part, job, number));
        return copies.union(alike);
    }

    private static Iterator<Tuple2<Long, Tuple2<Long, Long>>> bands(
            Iterator<Tuple2<Long, Tuple2<Long, long[]>>> part, Job job, int number) {
        NearTexts texts = new NearTexts(config(job, number));
        List<Tuple2<Long, Tuple2<Long, Long>>> all = new ArrayList<>();
        while (part.hasNext()) {
            Tuple2<Long, Tuple2<Long, long[]>> text = part.next();
            int[] bands = texts.bands(new Shingles(text._2()._2()));
            for (int band = 0; band < bands.length; band++) {
                all.add(new Tuple2<>((long) band << 32 | bands[band] & 0xFFFFFFFFL,
                        new Tuple2<>(text._2()._1(), text._1())));
            }
        }
        return all.iterator();
    }

    /// @param bucket content and place of each text
    private static Iterator<Tuple2<Long, Long>> pairs(Iterable<Tuple2<Long, Long>> bucket) {
        long[] byContent = StreamSupport.stream(bucket.spliterator(), false)
                .sorted(Comparator.comparing((Tuple2<Long, Long> text) -> text._1()).thenComparing(Tuple2::_2))
                .mapToLong(Tuple2::_2).toArray();
        List<Tuple2<Long, Long>> pairs = new ArrayList<>();
        NearTexts.pairs(byContent, (a, b) -> pairs.add(new Tuple2<>(a, b)));
        return pairs.iterator();
    }

    private static Iterator<Tuple2<Long, Long>> alike(
            Iterator<Tuple2<Long, Tuple2<Tuple2<Long, long[]>, long[]>>> part, Job job, int number) {
        NearTexts texts = new NearTexts(config(job, number));
        List<Tuple2<Long, Long>> alike = new ArrayList<>();
        while (part.hasNext()) {
            Tuple2<Long, Tuple2<Tuple2<Long, long[]>, long[]>> pair = part.next();
            if (texts.alike(new Shingles(pair._2()._1()._2()), new Shingles(pair._2()._2()))) {
                alike.add(new Tuple2<>(pair._1(), pair._2()._1()._1()));
            }
        }
        return alike.iterator();
    }
}
