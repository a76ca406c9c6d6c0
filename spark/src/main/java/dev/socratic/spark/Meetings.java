package dev.socratic.spark;

import dev.socratic.curator.Passage;
import dev.socratic.curator.step.Step;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/// A step that compares rows, over a corpus in many parts: rows that may be compared meet in one part, in the order of
/// the corpus, and there the step of a single machine looks at them all and judges them all.
final class Meetings {
    private Meetings() {}

    /// @param group equal for rows that are compared
    record Meeting(long group, long place) implements Serializable {}

    /// In the order of the corpus.
    private static final class ByPlace implements Comparator<Meeting>, Serializable {
        @Override
        public int compare(Meeting a, Meeting b) {
            return Long.compare(a.place(), b.place());
        }
    }

    private static final class ByGroup extends Partitioner {
        private final int parts;

        ByGroup(int parts) {
            this.parts = parts;
        }

        @Override
        public int numPartitions() {
            return parts;
        }

        @Override
        public int getPartition(Object key) {
            return Math.floorMod(Long.hashCode(((Meeting) key).group() * 0x9E3779B97F4A7C15L), parts);
        }
    }

    /// @param rows   that are alive, each with its meeting
    /// @param number of the step
    /// @return what became of each
    static JavaRDD<Fate> judged(JavaPairRDD<Meeting, Fate> rows, Job job, int number) {
        return rows.repartitionAndSortWithinPartitions(new ByGroup(Math.max(1, rows.getNumPartitions())),
                new ByPlace()).mapPartitions(part -> judged(part, job, number));
    }

    private static Iterator<Fate> judged(Iterator<Tuple2<Meeting, Fate>> part, Job job, int number)
            throws InterruptedException, IOException {
        TaskSteps steps = new TaskSteps(job, number, number + 1);
        Step step = steps.steps().getFirst();
        Iterator<Fate> rows = new Mapped<>(part, Tuple2::_2);
        if (step.looksAhead()) {
            Path spill = steps.scratch().resolve("rows");
            try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(spill)))) {
                while (rows.hasNext()) {
                    Fate row = rows.next();
                    Passage passage = steps.passage(row.passage());
                    step.look(passage.row(), passage.scores());
                    byte[] bytes = row.passage().getBytes(StandardCharsets.UTF_8);
                    out.writeLong(row.place());
                    out.writeInt(bytes.length);
                    out.write(bytes);
                }
                out.writeLong(Spilled.END);
            }
            step.looked();
            rows = new Spilled(spill);
        }
        return new Mapped<>(rows, steps::judge);
    }

    /// The rows of a part, read again.
    private static final class Spilled implements Iterator<Fate> {
        static final long END = -1;

        private final DataInputStream in;
        private long place;

        Spilled(Path file) throws IOException {
            this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
            this.place = in.readLong();
        }

        @Override
        public boolean hasNext() {
            return place != END;
        }

        @Override
        public Fate next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no more rows");
            }
            try {
                Fate row = Fate.alive(place, new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
                place = in.readLong();
                if (place == END) {
                    in.close();
                }
                return row;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
