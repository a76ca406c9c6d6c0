package dev.socratic.trainer.step;

import static dev.socratic.trainer.step.Hand.*;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.objective.Pairing;
import dev.socratic.trainer.plan.Plan;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Presets that look inside the two bodies, each as its paper writes it, for a student of 2 layers and a teacher of
/// 4: equal segments pair student layer 0 with teacher layer 1, and 1 with 3.
///
/// @param teacher  what the teacher says
/// @param student  what the student says
/// @param learned  learned maps by name
/// @param plan     for what is drawn at random
/// @param progress share of the budget used
record WorkedBodies(Seen teacher, Seen student, Map<String, NDArray> learned, Plan plan, double progress) {
    private static final int[][] SEGMENTS = {{0, 1}, {1, 3}};

    /// A loss by hand.
    interface Formula {
        double of(WorkedBodies seen);
    }

    /// A loss of one pair of layers.
    private interface Layers {
        double of(int student, int teacher);
    }

    static Map<String, Formula> all() {
        Map<String, Formula> all = new TreeMap<>();
        all.put("distilbert", seen -> 5 * 4 * seen.kl(2) + 2 * seen.ce() + seen.finalCosine());
        all.put("pkd",
                seen -> 100 * seen.lastStates(1, (s, t) -> mse(unit(s), unit(t))) + 0.5 * 100 * seen.kl(10)
                        + 0.5 * seen.ce());
        all.put("fitnets",
                seen -> seen.progress < 0.3 ? seen.hidden(0, 1, "1") : 0.5 * 4 * seen.kl(2) + 0.5 * seen.ce());
        all.put("tiny_bert", seen -> seen.progress < 0.7
                ? seen.embedding() + segments((s, t) -> seen.hidden(s, t, "all"))
                        + segments(seen::scoreGaps) : seen.kl(1));
        all.put("mini_lm", seen -> seen.attention(1, 3) + seen.relations(new Tap.Values(1), new Tap.Values(3), 2));
        all.put("mini_lm_v2",
                seen -> seen.relations(new Tap.Queries(1), new Tap.Queries(3), 8)
                        + seen.relations(new Tap.Keys(1), new Tap.Keys(3), 8)
                + seen.relations(new Tap.Values(1), new Tap.Values(3), 8));
        all.put("mobile_bert",
                seen -> 0.5 * seen.unlocked((s, t) -> seen.hidden(s, t, "") + seen.attention(s, t), 0.1)
                        + (seen.progress < 0.7 ? 0 : seen.ce()));
        all.put("sid",
                seen -> seen.unlocked((s, t) -> seen.attention(s, t) + seen.lastState(s, t, (a, b) -> 1 - cosine(a, b)))
                        + (seen.progress < 0.7 ? 0 : seen.kl(1)));
        all.put("attention_transfer", seen -> 100 * segments(seen.samples()::energies) + seen.ce());
        all.put("similarity_preserving", seen -> 10 * segments(seen.samples()::similarities) + seen.ce());
        all.put("rkd", seen -> 25 * seen.samples().distances() + 50 * seen.samples().angles() + seen.ce());
        all.put("cka", seen -> segments(seen.samples()::alignment) + seen.ce());
        all.put("nst", seen -> 50 * segments(seen.samples()::discrepancy) + seen.ce());
        all.put("co_dir", seen -> 0.1 * seen.contrast() + seen.kl(1) + seen.ce());
        all.put("dual_space", seen -> 0.5 * seen.throughTheTeachersHead() + 0.5 * seen.kl(1) + 0.5 * seen.ce());
        all.put("alp_kd", seen -> seen.attendedLast() + 0.7 * seen.kl(20) + 0.1 * seen.ce());
        all.put("universal_kd", seen -> 0.5 * seen.attendedMeans() + 0.5 * seen.kl(1));
        all.put("rail_kd", seen -> 0.333 * (seen.drawn() + 100 * seen.kl(10) + seen.ce()));
        all.put("ckd",
                seen -> segments(seen::cosinesBefore) + 10 * segments(seen::anglesBefore) + seen.layerCosines()
                        + 10 * seen.layerAngles()
                + 0.9 * seen.kl(3) + 0.1 * seen.ce());
        return all;
    }

    private static double segments(Layers each) {
        return Arrays.stream(SEGMENTS).mapToDouble(pair -> each.of(pair[0], pair[1])).sum();
    }

    /// The lowest pair first, both from 0.35 on.
    private double unlocked(Layers each) {
        return unlocked(each, 1);
    }

    /// @param passed factor on the layers before the newest
    private double unlocked(Layers each, double passed) {
        return progress < 0.35 ? each.of(0, 1) : progress < 0.7
                ? passed * each.of(0, 1) + each.of(1, 3) : segments(each);
    }

    private double kl(double tau) {
        double[][] t = teacher.logits();
        double[][] s = student.logits();
        return mean(t.length, i -> soft(t[i], s[i], tau));
    }

    private double ce() {
        double[][] s = student.logits();
        return mean(s.length, i -> crossEntropy(s[i], student.label(i)));
    }

    private WorkedSamples samples() {
        return new WorkedSamples(teacher, student);
    }

    private double finalCosine() {
        double[][] t = teacher.states();
        double[][] s = student.states();
        return mean(t.length, i -> 1 - cosine(t[i], s[i]));
    }

    private double[][] map(String name) {
        return Seen.rows(learned.get("objective.projection." + name));
    }

    /// @param name of the learned map, empty for none
    private double hidden(int mine, int theirs, String name) {
        return gaps(student.counting(new Tap.Hidden(mine)), teacher.counting(new Tap.Hidden(theirs)),
                name.equals("1") ? "0." + mine : name);
    }

    private double embedding() {
        return gaps(student.counting(new Tap.Embedding()), teacher.counting(new Tap.Embedding()), "all");
    }

    private double gaps(double[][] s, double[][] t, String name) {
        return mean(s.length, i -> mse(name.isEmpty() ? s[i] : mapped(map(name + ".student"), s[i]), t[i]));
    }

    /// A measure of two states.
    private interface Pair {
        double of(double[] student, double[] teacher);
    }

    /// Over the last counting position of each sample.
    private double lastState(int mine, int theirs, Pair each) {
        double[][] s = student.counting(new Tap.Hidden(mine));
        double[][] t = teacher.counting(new Tap.Hidden(theirs));
        int[][] samples = student.samples();
        return mean(samples.length, i -> each.of(s[last(samples[i])], t[last(samples[i])]));
    }

    /// The same without the highest pairs.
    private double lastStates(int pairs, Pair each) {
        return sum(pairs, i -> lastState(SEGMENTS[i][0], SEGMENTS[i][1], each));
    }

    private static int last(int[] tokens) {
        return tokens[tokens.length - 1];
    }

    /// Attention distributions of every head over what each counting position can see.
    private double attention(int mine, int theirs) {
        return rows(student.heads(new Tap.Scores(mine)), teacher.heads(new Tap.Scores(theirs)),
                (s, t) -> soft(t, s, 1));
    }

    private double scoreGaps(int mine, int theirs) {
        return rows(student.heads(new Tap.Scores(mine)), teacher.heads(new Tap.Scores(theirs)), (s, t) -> mse(s, t));
    }

    private double rows(double[][][] s, double[][][] t, Pair each) {
        return mean(s.length, head -> mean(student.tokens(), i -> {
            int place = (int) student.batch.lossPositions()[i];
            int seen = student.place(i) + 1;
            return each.of(Arrays.copyOf(s[head][place], seen), Arrays.copyOf(t[head][place], seen));
        }));
    }

    /// Scaled dot products of every position with those up to it, after all heads are laid side by side and cut into
    /// `heads`.
    private double relations(Tap mine, Tap theirs, int heads) {
        return rows(dots(student, mine, heads), dots(teacher, theirs, heads), (s, t) -> soft(t, s, 1));
    }

    private static double[][][] dots(Seen seen, Tap tap, int heads) {
        double[][][] own = seen.heads(tap);
        int seq = seen.batch.seq();
        int dim = own.length * own[0][0].length / heads;
        return IntStream.range(0, heads).mapToObj(head -> {
            double[][] x = IntStream.range(0, own[0].length)
                    .mapToObj(place -> IntStream.range(head * dim, (head + 1) * dim)
                            .mapToDouble(c -> own[c / own[0][0].length][place][c % own[0][0].length]).toArray())
                    .toArray(double[][]::new);
            return IntStream.range(0, x.length)
                    .mapToObj(place -> IntStream.range(0, seq)
                            .mapToDouble(j -> dot(x[place], x[place / seq * seq + j]) / Math.sqrt(dim)).toArray())
                    .toArray(double[][]::new);
        }).toArray(double[][][]::new);
    }

    /// Each sample's mapped mean state must pick its own teacher's among all.
    private double contrast() {
        double[][] s = Arrays.stream(WorkedSamples.pooled(student, student.states()))
                .map(x -> unit(mapped(map("0.1.student"), x))).toArray(double[][]::new);
        double[][] t = Arrays.stream(WorkedSamples.pooled(teacher, teacher.states())).map(Hand::unit)
                .toArray(double[][]::new);
        // The second step has the first one's items in its bank, which are the same: the teacher's, of the same rows.
        double[][] known = progress < 0.5
                ? t
                : java.util.stream.Stream.of(t, t).flatMap(Arrays::stream).toArray(double[][]::new);
        return mean(s.length, i -> crossEntropy(scaled(WorkedSamples.against(known, s[i]), 10), i));
    }

    private double throughTheTeachersHead() {
        double[][] head = Seen.rows(teacher.decoder.head());
        double[][] s = student.states();
        double[][] t = teacher.logits();
        return mean(s.length, i -> soft(t[i], mapped(head, mapped(map("0.1.student"), s[i])), 1));
    }

    /// Every student layer at the last counting position with a mix of the teacher's lower three.
    private double attendedLast() {
        int[][] samples = student.samples();
        double[][][] t = lower(teacher);
        return sum(2, layer -> {
            double[][] s = student.counting(new Tap.Hidden(layer));
            return mean(samples.length,
                    i -> mse(s[last(samples[i])],
                            attended(s[last(samples[i])],
                                    Arrays.stream(t).map(one -> one[last(samples[i])]).toArray(double[][]::new))));
        });
    }

    private double attendedMeans() {
        double[][][] t = Arrays.stream(lower(teacher)).map(one -> WorkedSamples.pooled(teacher, one))
                .toArray(double[][][]::new);
        return sum(2, layer -> {
            double[][] s = WorkedSamples.pooled(student, student.counting(new Tap.Hidden(layer)));
            return mean(s.length, i -> {
                double[] mine = mapped(map("0." + layer + ".student"), s[i]);
                int sample = i;
                double[][] theirs = Arrays.stream(t).map(one -> mapped(map("0." + layer + ".teacher"), one[sample]))
                        .toArray(double[][]::new);
                return soft(attended(mine, theirs), mine, 1);
            });
        });
    }

    private static double[][][] lower(Seen teacher) {
        return IntStream.range(0, 3).mapToObj(layer -> teacher.counting(new Tap.Hidden(layer)))
                .toArray(double[][][]::new);
    }

    /// Mean states, both sides mapped to 128 numbers of unit length, at the pairs that are drawn now.
    private double drawn() {
        return plan.pairs(0, progress).stream().mapToDouble(pair -> drawn(pair)).sum();
    }

    private double drawn(Pairing.Pair pair) {
        double[][] s = WorkedSamples.pooled(student, student.counting(new Tap.Hidden(pair.student())));
        double[][] t = WorkedSamples.pooled(teacher, teacher.counting(new Tap.Hidden(pair.teacher())));
        return mean(s.length,
                i -> 128 * mse(unit(mapped(map("rail.student"), s[i])), unit(mapped(map("rail.teacher"), t[i]))));
    }

    /// A measure of what stands before a position: all states of a model, the position, how many are before it.
    private interface Before {
        double[] of(double[][] states, int place, int count);
    }

    /// @return mean over the counting positions of a measure of two lists; 0 where a position has nothing before it
    private double before(int mine, int theirs, Before look, Pair each) {
        double[][] s = student.all(new Tap.Hidden(mine));
        double[][] t = teacher.all(new Tap.Hidden(theirs));
        return mean(student.tokens(), i -> {
            int place = (int) student.batch.lossPositions()[i];
            int count = student.place(i);
            return count == 0 ? 0 : each.of(look.of(s, place, count), look.of(t, place, count));
        });
    }

    private double cosinesBefore(int mine, int theirs) {
        return before(mine, theirs,
                (x, place, count) -> IntStream.rangeClosed(1, count)
                        .mapToDouble(back -> cosine(x[place], x[place - back])).toArray(),
                (s, t) -> soft(t, s, 1));
    }

    private double anglesBefore(int mine, int theirs) {
        return before(mine, theirs, (x, place, count) -> IntStream.rangeClosed(1, count).boxed()
                .flatMapToDouble(j -> IntStream.rangeClosed(1, count)
                        .mapToDouble(k -> cosine(minus(x[place - j], x[place]), minus(x[place - k], x[place]))))
                .toArray(), Hand::mse);
    }

    /// The embedding and the paired layers of one position.
    private static double[][] stack(Seen seen, int token, int... layers) {
        return IntStream.range(0, 3)
                .mapToObj(i -> seen.counting(i == 0 ? new Tap.Embedding() : new Tap.Hidden(layers[i - 1]))[token])
                        .toArray(double[][]::new);
    }

    private double layerCosines() {
        return mean(student.tokens(), token -> {
            double[][] s = stack(student, token, 0, 1);
            double[][] t = stack(teacher, token, 1, 3);
            return mean(3, i -> soft(toOthers(t, i), toOthers(s, i), 1));
        });
    }

    private static double[] toOthers(double[][] x, int i) {
        return IntStream.range(0, x.length).filter(j -> j != i).mapToDouble(j -> cosine(x[i], x[j])).toArray();
    }

    private double layerAngles() {
        return mean(student.tokens(), token -> {
            double[][] s = stack(student, token, 0, 1);
            double[][] t = stack(teacher, token, 1, 3);
            return mean(3,
                    i -> mean(3,
                            j -> mean(3,
                                    k -> Math.pow(WorkedSamples.angle(s, i, j, k) - WorkedSamples.angle(t, i, j, k),
                                            2))));
        });
    }
}
