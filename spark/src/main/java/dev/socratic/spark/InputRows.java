package dev.socratic.spark;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.curator.Passage;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.Row;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.Exchange;
import dev.socratic.datasets.source.Exchanges;
import dev.socratic.datasets.source.Layout;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/// One file of a corpus: its rows with their places, read as a single machine reads them, whatever part they are in.
///
/// Lines come as bytes, so that what is no UTF-8 is found and quarantined; of Parquet each row is written as JSON, with
/// its columns that hold nothing left out.
///
/// @param file   as it was named
/// @param lines  bytes of a row and its number in the file, from 0
/// @param source how rows are read, its layout found out
/// @param first  place of the first row
record InputRows(String file, JavaPairRDD<byte[], Long> lines, ExampleSource.File source, long first) {
    private static final String NUMBER = "__row";
    private static final Fate BLANK = Fate.bad(-1, "");

    /// @param curate says how rows name things
    static InputRows of(SparkSession session, String file, CurateConfig curate, long first) {
        JavaPairRDD<byte[], Long> lines;
        if (file.endsWith(".parquet")) {
            Dataset<org.apache.spark.sql.Row> rows = session.read().parquet(file);
            Column all = functions.struct(Arrays.stream(rows.columns())
                    .map(name -> functions.col("`" + name.replace("`", "``") + "`")).toArray(Column[]::new));
            lines = rows.select(functions.to_json(all), functions.col("_metadata.row_index").as(NUMBER)).toJavaRDD()
                    .mapToPair(row -> new Tuple2<>(row.getString(0).getBytes(StandardCharsets.UTF_8),
                            row.getLong(1)));
        } else if (file.endsWith(".jsonl") || file.endsWith(".jsonl.gz")) {
            lines = session.read().format("text").option("lineSep", "\n").load(file)
                    .select(functions.col("value").cast("binary")).toJavaRDD().map(row -> (byte[]) row.get(0))
                    .zipWithIndex();
        } else {
            throw new ConfigException(file, "a file .jsonl, .jsonl.gz or .parquet", "another ending",
                    "convert it first, or use 'socratic curate', which reads more formats");
        }
        ExampleSource.File source = new ExampleSource.File(Path.of(file), curate.layout(), curate.fields(),
                Optional.empty());
        return new InputRows(file, lines, source, first).found();
    }

    private InputRows found() {
        List<Row> rows = new ArrayList<>();
        beginning(100).forEach(line -> line(file, line).ifPresent(rows::add));
        return new InputRows(file, lines, Exchanges.found(source, rows), first);
    }

    private List<Tuple2<byte[], Long>> beginning(int most) {
        return lines.filter(line -> line._2() < most).takeOrdered(most, new ByNumber());
    }

    private static Optional<Row> line(String file, Tuple2<byte[], Long> line) {
        return RowFiles.row(file, line._2() + 1, line._1(), Quarantine.list());
    }

    /// @return the first good rows, as JSON
    List<String> sample(int most, int mostBad) {
        List<String> rows = new ArrayList<>();
        try (TaskSteps steps = new TaskSteps(Job.NONE, 0, 0)) {
            for (Tuple2<byte[], Long> line : beginning(most + mostBad)) {
                if (rows.size() < most) {
                    line(file, line).flatMap(row -> exchange(source, row))
                            .ifPresent(exchange -> rows.add(Json.line(passage(steps, source, exchange).row().json())));
                }
            }
        }
        return rows;
    }

    private static Optional<Exchange> exchange(ExampleSource.File source, Row row) {
        try {
            return Optional.of(Exchanges.of(source, row));
        } catch (DataException e) {
            return Optional.empty();
        }
    }

    private static Passage passage(TaskSteps steps, ExampleSource.File source, Exchange exchange) {
        return Passage.of(source.fields().isEmpty() ? steps.texts().row(exchange) : steps.texts().mapped(exchange));
    }

    /// @return every row, alive or bad; no blank lines
    JavaRDD<Fate> read() {
        String name = file;
        long start = first;
        String layout = source.layout().name();
        Map<String, String> fields = new HashMap<>(source.fields());
        return lines.mapPartitions(part -> {
            ExampleSource.File told = new ExampleSource.File(Path.of(name), Layout.valueOf(layout), fields,
                    Optional.empty());
            TaskSteps steps = new TaskSteps(Job.NONE, 0, 0);
            return new Mapped<>(part, line -> fate(line, told, start, steps));
        }).filter(row -> !row.equals(BLANK));
    }

    private static Fate fate(Tuple2<byte[], Long> line, ExampleSource.File source, long first, TaskSteps steps) {
        long place = first + line._2();
        String file = source.path().toString();
        Quarantine.Listed bad = Quarantine.list();
        Optional<Row> row = RowFiles.row(file, line._2() + 1, line._1(), bad);
        if (row.isEmpty()) {
            return bad.rows().isEmpty() ? BLANK : Fate.bad(place, Json.line(bad.rows().getFirst().json()));
        }
        try {
            Passage passage = passage(steps, source, Exchanges.of(source, row.get()));
            return Fate.alive(place, Json.line(passage.spilled()));
        } catch (DataException e) {
            return Fate.bad(place, Json.line(new BadRow(file, line._2() + 1, e.getMessage(),
                    row.get().json().toString()).json()));
        }
    }

    private static final class ByNumber implements Comparator<Tuple2<byte[], Long>>, Serializable {
        @Override
        public int compare(Tuple2<byte[], Long> a, Tuple2<byte[], Long> b) {
            return Long.compare(a._2(), b._2());
        }
    }
}
