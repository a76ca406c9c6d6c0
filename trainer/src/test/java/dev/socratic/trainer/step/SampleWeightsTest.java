package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.data.LengthBuckets;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.teacher.TeacherOutput;
import dev.socratic.trainer.teacher.TeacherSide;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Teachers that are weighed sample by sample, against the formulas written out over the models' own logits.
class SampleWeightsTest {
    private static Objective objective(String teachers) {
        return ConfigReader.read("name: x\nterms: [{against: {teachers: %s}, distance: kl}]".formatted(teachers), "x",
                Objective.class);
    }

    private static double loss(Objective objective, List<MicroBatch> batches) {
        try (TinyPair pair = new TinyPair(objective, TinyPair.NARROW)) {
            return pair.look(batches, 0).loss();
        }
    }

    /// Log probabilities at the counting positions of a row alone.
    private static double[][] logs(Decoder decoder, MicroBatch row, NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray states = decoder.forward(scope.create(row.ids(), new Shape(1, row.seq())), Set.of(), false).states()
                    .stopGradient();
            states.attach(scope);
            NDArray head = decoder.head().stopGradient();
            head.attach(scope);
            float[] all = states.reshape(row.seq(), -1).matMul(head.transpose()).logSoftmax(1).toFloatArray();
            return IntStream.range(0, row.lossTokens())
                    .mapToObj(i -> IntStream.range(0, TinyPair.VOCAB)
                            .mapToDouble(id -> all[(int) row.lossPositions()[i] * TinyPair.VOCAB + id]).toArray())
                    .toArray(double[][]::new);
        }
    }

    private static double kl(double[] p, double[] q) {
        return IntStream.range(0, p.length).mapToDouble(i -> Math.exp(p[i]) * (p[i] - q[i])).sum();
    }

    private static double entropy(double[] p) {
        return -java.util.Arrays.stream(p).map(log -> Math.exp(log) * log).sum() / Math.log(p.length);
    }

    /// Rows in turn for the one and the other.
    private static List<TokenRow> tagged() {
        List<TokenRow> rows = TinyPair.rows();
        return IntStream.range(0, rows.size()).mapToObj(i -> rows.get(i).withTeacher(i % 2)).toList();
    }

    @Test
    void aRowLearnsFromTheTeacherThatItsTagNamesAlone() {
        Objective byTag = objective("{weigh: tag}");
        double sum = 0;
        long tokens = 0;
        try (TinyPair pair = new TinyPair(byTag, TinyPair.NARROW)) {
            for (TokenRow one : tagged()) {
                MicroBatch row = MicroBatch.of(List.of(one));
                double[][] q = logs(pair.student, row, pair.manager);
                double[][] p = logs(one.teacher() == 0 ? pair.teacher : pair.assistant.orElseThrow(), row,
                        pair.manager);
                sum += IntStream.range(0, row.lossTokens()).mapToDouble(i -> kl(p[i], q[i])).sum();
                tokens += row.lossTokens();
            }
        }
        assertEquals(sum / tokens, loss(byTag, List.of(MicroBatch.of(tagged()))), 2e-6);
        assertEquals(sum / tokens, loss(byTag, LengthBuckets.of(tagged(), 40, 1)), 2e-6);
    }

    /// @return of each teacher, whether it was run
    private static List<Boolean> asked(TinyPair pair, MicroBatch batch) {
        try (NDManager scope = pair.manager.newSubManager()) {
            return TeacherSide.of(pair.plan, List.of(pair.teacher, pair.assistant.orElseThrow()), Optional.empty(),
                            pair.vocabulary::select).forward(batch, TeacherSide.Asked.states(false), scope)
                            .outputs().stream()
                    .map(output -> output instanceof TeacherOutput.States).toList();
        }
    }

    @Test
    void aTeacherThatNoRowOfAMicroBatchNamesIsNotAskedUnlessAnotherTermReadsIt() {
        MicroBatch small = MicroBatch.of(tagged().stream().filter(row -> row.teacher() == 1).toList());
        Objective alone = objective("{weigh: tag}");
        Objective beside =
                ConfigReader.read("name: x\nterms: [{against: {teachers: {weigh: tag}}, distance: kl}, {distance: kl}]",
                        "x", Objective.class);
        try (TinyPair pair = new TinyPair(alone, TinyPair.NARROW);
                TinyPair other = new TinyPair(beside, TinyPair.NARROW)) {
            assertEquals(List.of(false, true), asked(pair, small));
            assertEquals(List.of(true, true), asked(other, small));
            pair.teacher.weights().values().forEach(weight -> weight.muli(Float.NaN)); // asking it would show
            assertTrue(Double.isFinite(pair.look(List.of(small), 0).loss()));
            pair.clear();
            assertTrue(Double.isNaN(pair.look(List.of(MicroBatch.of(tagged())), 0).loss()));
        }
    }

    /// @param label whether by what the teachers give the label, else by how unsure the student is
    private static double byHand(boolean label) {
        double sum = 0;
        long tokens = 0;
        try (TinyPair pair = new TinyPair(objective("{weigh: mean}"), TinyPair.NARROW)) {
            for (TokenRow one : TinyPair.rows()) {
                MicroBatch row = MicroBatch.of(List.of(one));
                double[][] q = logs(pair.student, row, pair.manager);
                double[][] large = logs(pair.teacher, row, pair.manager);
                double[][] small = logs(pair.assistant.orElseThrow(), row, pair.manager);
                int n = row.lossTokens();
                double u = IntStream.range(0, n).mapToDouble(i -> entropy(q[i])).average().orElseThrow();
                for (double[][] p : List.of(large, small)) {
                    double surprise = IntStream.range(0, n).mapToDouble(i -> -p[i][(int) row.labels()[i]]).average()
                            .orElseThrow();
                    double weight = label ? 1 / (1 + surprise) : p == large ? 1 - u : u; // of two teachers
                    sum += weight * IntStream.range(0, n).mapToDouble(i -> kl(p[i], q[i])).sum();
                }
                tokens += n;
            }
        }
        return sum / tokens;
    }

    @Test
    void aTeacherCountsOnASampleAsFarAsItIsRightOnItsLabels() {
        assertEquals(byHand(true), loss(objective("{weigh: label, per: sample}"), TinyPair.whole()), 2e-6);
    }

    @Test
    void aStudentThatIsUnsureOfASampleListensToTheSmallerTeacher() {
        assertEquals(byHand(false), loss(objective("{weigh: uncertainty, per: sample}"), TinyPair.whole()), 2e-6);
    }

    @Test
    void samplesWeighTheSameInWhateverMicroBatchAndChunkTheyAre() {
        for (String weigh : List.of("label", "uncertainty")) {
            Objective bySample = objective("{weigh: %s, per: sample}".formatted(weigh));
            double whole = loss(bySample, TinyPair.whole());
            assertEquals(whole, loss(bySample, TinyPair.parts()), 2e-6);
        }
        double bySample = loss(objective("{weigh: label, per: sample}"), TinyPair.whole());
        double byToken = loss(objective("{weigh: label}"), TinyPair.whole());
        assertTrue(Math.abs(bySample - byToken) > 1e-4, "%s and %s".formatted(bySample, byToken));
    }

    /// While its term counts for nothing, a policy chooses nothing and learns nothing.
    @Test
    void aPolicyIsIdleUntilItsTermCounts() {
        try (TinyPair pair = new TinyPair(Objective.named("rl_kd"), TinyPair.NARROW)) {
            pair.look(TinyPair.whole(), 0.1);
            assertEquals(0, pair.objective.kept().values().iterator().next().toFloatArray()[6],
                    "nothing is remembered");
            pair.look(TinyPair.parts(), 0.5);
            assertEquals(1, pair.objective.kept().values().iterator().next().toFloatArray()[6]);
        }
    }
}
