package dev.socratic.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.duplicate.ExactDuplicatesStep;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/// A curation as a Spark job: the steps of a single machine, row by row in every part of the corpus, and steps that
/// compare rows where those rows meet ([Meetings], [NearGroups]). What stays, what goes, why and with what evidence is
/// what [dev.socratic.curator.CurateStage] says of the same rows.
///
/// Files under the folder: `train` (JSONL or Parquet), `rejected`, `decisions`, `quarantine` (JSONL), each a folder of
/// parts in the order of the corpus, and `report` (one part).
public final class SparkCuration {
    private static final int SAMPLE = 1_000;
    private static final int MOST_BAD_IN_SAMPLE = 3_000;
    /// Rows of a file; more than any has.
    private static final int FILE_BITS = 40;

    private final SparkSession session;
    private final Job job;
    private final List<StepConfig> steps;

    private SparkCuration(SparkSession session, Job job) {
        this.session = session;
        this.job = job;
        this.steps = job.steps();
    }

    /// @param config what stands under `curate:` in a recipe; its steps are those of one row, `exact_duplicates`,
    ///               `near_duplicates` and `select`
    /// @param name   of the config, for messages
    /// @param base   folder that its paths are relative to
    /// @param files  `.jsonl`, `.jsonl.gz` or `.parquet`, wherever Spark can read
    /// @param out    a folder that is not there yet, wherever Spark can write
    /// @param parquet whether `train` is Parquet
    /// @throws ConfigException if a step or a file is none of those
    public static Counts run(SparkSession session, String config, String name, String base, List<String> files,
            String out, boolean parquet) {
        Job unsampled = new Job(config, name, base, List.of());
        unsampled.steps();
        CurateConfig curate = unsampled.curate();
        List<InputRows> inputs = new ArrayList<>();
        List<String> sample = new ArrayList<>();
        for (int file = 0; file < files.size(); file++) {
            InputRows input = InputRows.of(session, files.get(file), curate, (long) file << FILE_BITS);
            sample.addAll(input.sample(SAMPLE, MOST_BAD_IN_SAMPLE));
            inputs.add(input);
        }
        return new SparkCuration(session, new Job(config, name, base, sample)).run(inputs, out, parquet);
    }

    private Counts run(List<InputRows> inputs, String out, boolean parquet) {
        Job told = job;
        JavaRDD<Fate> read = inputs.stream().map(InputRows::read).reduce(JavaRDD::union).orElseThrow()
                .persist(StorageLevel.DISK_ONLY());
        JavaRDD<Fate> alive = read.filter(Fate::isAlive);
        List<JavaRDD<Fate>> gone = new ArrayList<>(); // by passes over the corpus, as a single machine makes them
        gone.add(empty());
        for (int from = 0, to; from < steps.size(); from = to) {
            to = from + 1;
            JavaRDD<Fate> judged;
            if (comparesRows(steps.get(from))) {
                judged = together(alive, from);
            } else {
                while (to < steps.size() && !comparesRows(steps.get(to))) {
                    to++;
                }
                int first = from;
                int last = to;
                judged = alive.mapPartitions(part -> {
                    TaskSteps all = new TaskSteps(told, first, last);
                    return new Mapped<>(part, all::judge);
                });
            }
            judged = judged.persist(StorageLevel.DISK_ONLY());
            if (looksAhead(steps.get(from))) {
                gone.add(empty());
            }
            gone.set(gone.size() - 1, gone.getLast().union(judged.filter(row -> !row.isAlive())));
            alive = judged.filter(Fate::isAlive);
        }
        return write(read.filter(row -> row.step() == Fate.BAD), alive, gone, out, parquet);
    }

    private JavaRDD<Fate> empty() {
        return session.emptyDataset(Encoders.STRING()).toJavaRDD().map(none -> Fate.alive(0, none));
    }

    private static boolean comparesRows(StepConfig step) {
        return step instanceof StepConfig.ExactDuplicates || step instanceof StepConfig.NearDuplicates
                || step instanceof StepConfig.Select;
    }

    /// @return as [dev.socratic.curator.step.Step#looksAhead], which decides in which order rows are written
    private static boolean looksAhead(StepConfig step) {
        return step instanceof StepConfig.NearDuplicates || step instanceof StepConfig.Select
                || step instanceof StepConfig.ExactDuplicates exact && !exact.keep().spelled().equals("first");
    }

    private JavaRDD<Fate> together(JavaRDD<Fate> alive, int number) {
        Job told = job;
        StepConfig step = steps.get(number);
        JavaPairRDD<Meetings.Meeting, Fate> meetings = step instanceof StepConfig.NearDuplicates
                ? NearGroups.of(alive, told, number)
                : alive.mapPartitionsToPair(part -> grouped(part, told, number));
        return Meetings.judged(meetings, told, number);
    }

    private static Iterator<Tuple2<Meetings.Meeting, Fate>> grouped(Iterator<Fate> part, Job job, int number) {
        StepConfig step = job.steps().get(number);
        TaskSteps steps = new TaskSteps(job, 0, 0);
        return new Mapped<>(part, row -> {
            var candidate = steps.passage(row.passage()).row();
            String group = step instanceof StepConfig.ExactDuplicates exact
                    ? ExactDuplicatesStep.group(candidate, exact.on()) : candidate.questionId();
            return new Tuple2<>(new Meetings.Meeting(longHash(group), row.place()), row);
        });
    }

    private static long longHash(String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }

    private Counts write(JavaRDD<Fate> bad, JavaRDD<Fate> alive, List<JavaRDD<Fate>> gone, String out,
            boolean parquet) {
        Job told = job;
        JavaRDD<Fate> kept = alive.mapPartitions(part -> {
            TaskSteps texts = new TaskSteps(told, 0, 0);
            return new Mapped<>(part, row -> {
                var passage = texts.passage(row.passage());
                return new Fate(row.place(), Json.line(passage.row().json()), Fate.ALIVE, "",
                        Json.line(passage.kept()), "");
            });
        }).persist(StorageLevel.DISK_ONLY());
        JavaRDD<String> train = inOrder(kept).map(Fate::passage);
        if (parquet) {
            session.read().json(session.createDataset(train.rdd(), Encoders.STRING())).write().parquet(out + "/train");
        } else {
            train.saveAsTextFile(out + "/train");
        }
        JavaRDD<String> rejected = empty().map(Fate::rejected);
        JavaRDD<String> decisions = empty().map(Fate::decision);
        for (int pass = 0; pass < gone.size(); pass++) {
            rejected = rejected.union(inOrder(gone.get(pass)).map(Fate::rejected));
            JavaRDD<Fate> decided = pass + 1 == gone.size() ? gone.get(pass).union(kept) : gone.get(pass);
            decisions = decisions.union(inOrder(decided).map(Fate::decision));
        }
        rejected.saveAsTextFile(out + "/rejected");
        decisions.saveAsTextFile(out + "/decisions");
        inOrder(bad).map(Fate::rejected).saveAsTextFile(out + "/quarantine");
        return report(bad, kept, gone.stream().reduce(JavaRDD::union).orElseThrow(), out);
    }

    private static JavaRDD<Fate> inOrder(JavaRDD<Fate> rows) {
        return rows.sortBy(Fate::place, true, Math.max(1, rows.getNumPartitions()));
    }

    private Counts report(JavaRDD<Fate> bad, JavaRDD<Fate> kept, JavaRDD<Fate> gone, String out) {
        Map<Tuple2<Integer, String>, Long> dropped = gone.mapToPair(row ->
                new Tuple2<>(new Tuple2<>(row.step(), row.reason()), 1L)).reduceByKey(Long::sum).collectAsMap();
        Map<Tuple2<String, String>, Long> edited = kept.union(gone).map(Fate::decision)
                .flatMapToPair(SparkCuration::edits).reduceByKey(Long::sum).collectAsMap();
        long stayed = kept.count();
        TreeMap<String, Long> reasons = new TreeMap<>();
        dropped.forEach((where, n) -> reasons.merge(where._2(), n, Long::sum));
        long left = stayed + reasons.values().stream().mapToLong(Long::longValue).sum();
        long failed = bad.count();
        Counts counts = new Counts(left + failed, stayed, reasons, failed);
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        ObjectNode all = report.putObject("counts").put("in", counts.in()).put("kept", counts.kept());
        counts.dropped().forEach(all.putObject("dropped")::put);
        all.put("failed", counts.failed());
        ArrayNode list = report.putArray("steps");
        try (TaskSteps made = new TaskSteps(job, 0, steps.size())) {
            for (int i = 0; i < steps.size(); i++) {
                int number = i;
                String name = made.steps().get(i).name();
                TreeMap<String, Long> here = new TreeMap<>();
                dropped.forEach((where, n) -> {
                    if (where._1() == number) {
                        here.put(where._2(), n);
                    }
                });
                ObjectNode step = list.addObject().put("step", name).put("in", left);
                left -= here.values().stream().mapToLong(Long::longValue).sum();
                here.forEach(step.put("out", left).putObject("dropped")::put);
                TreeMap<String, Long> changed = edited.entrySet().stream()
                        .filter(one -> one.getKey()._1().equals(name)).collect(Collectors.toMap(
                                one -> one.getKey()._2(), Map.Entry::getValue, Long::sum, TreeMap::new));
                if (!changed.isEmpty()) {
                    changed.forEach(step.putObject("edited")::put);
                }
            }
        }
        JavaSparkContext.fromSparkContext(session.sparkContext())
                .parallelize(List.of(Json.line(report)), 1).saveAsTextFile(out + "/report");
        return counts;
    }

    private static Iterator<Tuple2<Tuple2<String, String>, Long>> edits(String decision) {
        List<Tuple2<Tuple2<String, String>, Long>> edits = new ArrayList<>();
        if (decision.contains("\"edits\"")) {
            for (JsonNode edit : Json.read(decision, ObjectNode.class, "a decision").path("edits")) {
                edits.add(new Tuple2<>(new Tuple2<>(edit.path("step").asText(), edit.path("reason").asText()), 1L));
            }
        }
        return edits.iterator();
    }
}
