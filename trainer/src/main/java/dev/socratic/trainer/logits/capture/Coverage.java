package dev.socratic.trainer.logits.capture;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Codec;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What can be said of a store of the most likely tokens where nothing else is known of the teacher: how much of its
/// mass they have. How far the rest of the store is from the rest of the teacher, nobody here can know.
///
/// @param positions      distributions read
/// @param mass           mean mass of the k most likely, by k
/// @param teacherEce     expected calibration error of the teacher's most likely token against the labels
/// @param bytesAPosition on disk, without the table
public record Coverage(long positions, SortedMap<Integer, Double> mass, double teacherEce,
        @JsonProperty("bytes_a_position") double bytesAPosition) {
    private static final int[] USUAL = {1, 2, 5, 10, 20, 50, 100};

    /// @param most   rows at most, from the beginning
    /// @param config of a capture that sees the most likely alone
    /// @throws dev.socratic.core.error.DataException if none of the rows has a loss position
    public static Coverage measure(TeacherSource source, ExampleSource data, int most, CaptureConfig config,
            Compute compute) throws InterruptedException {
        try (DistributionReader teacher = DistributionReader.open(source, config, compute)) {
            List<TokenRow> rows = Fidelity.rows(data, most, config, teacher.encoder());
            Codec codec = new Codec(config.encoding(), teacher.vocab());
            Sums sums = new Sums(codec.keptTokens());
            teacher.read(rows, slice -> {
                if (slice.predicted() instanceof DistributionReader.Predicted.TopK named) {
                    sums.add(named, slice.labels());
                    sums.bytes += named.encode(codec).stream().mapToLong(position -> position.length).sum();
                }
            });
            if (sums.positions == 0) {
                throw Fidelity.nothing();
            }
            return sums.coverage();
        }
    }

    private static final class Sums {
        private final double[] upTo;
        private final Calibration own = new Calibration();
        private long positions;
        private long bytes;

        Sums(int k) {
            this.upTo = new double[k + 1];
        }

        void add(DistributionReader.Predicted.TopK named, long[] labels) {
            for (int i = 0; i < labels.length; i++) {
                double sum = 0;
                for (int j = 0; j < named.width(); j++) {
                    sum += Math.exp(named.logProbs()[i * named.width() + j]);
                    upTo[j + 1] += sum;
                }
                own.add((float) Math.min(1, Math.exp(named.logProbs()[i * named.width()])),
                        named.ids()[i * named.width()] == labels[i]);
                positions++;
            }
        }

        Coverage coverage() {
            SortedMap<Integer, Double> mass = new TreeMap<>();
            int k = upTo.length - 1;
            IntStream.concat(IntStream.of(USUAL).filter(usual -> usual < k), IntStream.of(k))
                    .forEach(each -> mass.put(each, upTo[each] / positions));
            return new Coverage(positions, mass, own.error(), (double) bytes / positions);
        }
    }
}
