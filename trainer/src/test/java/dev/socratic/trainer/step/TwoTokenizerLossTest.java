package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.trainer.data.LengthBuckets;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TeacherRow;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.data.align.AlignedSpans;
import dev.socratic.trainer.data.align.TokenAlignment;
import dev.socratic.trainer.data.align.TokenOffsets;
import dev.socratic.trainer.data.align.VocabularyAlignment;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Explanation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Losses of a student whose teacher reads the same text as other tokens.
class TwoTokenizerLossTest {
    private static final List<String> PARTS = List.of("embed_tokens", "lm_head", "layers.0.self_attn.v_proj",
            "layers.1.mlp.down_proj", "objective.projection");

    /// Half of the entries agree, the teacher's in reverse order.
    private static VocabularyAlignment vocabulary() {
        List<String> mine = IntStream.range(0, TinyPair.VOCAB).mapToObj(i -> "token" + i).toList();
        List<String> theirs = new ArrayList<>(IntStream.range(40, 40 + TinyPair.VOCAB).mapToObj(i -> "token" + i)
                .toList());
        java.util.Collections.reverse(theirs);
        return VocabularyAlignment.of(mine, theirs, Optional.empty());
    }

    private static VocabularyAlignment same() {
        List<String> names = IntStream.range(0, TinyPair.VOCAB).mapToObj(i -> "token" + i).toList();
        return VocabularyAlignment.of(names, names, Optional.empty());
    }

    /// The rows of the tiny pair, whose counting tokens are two characters each; the teacher's are cut at random.
    private static List<TokenRow> rows() {
        Random random = new Random(4);
        return TinyPair.rows().stream().map(row -> {
            int tokens = row.lossTokens();
            TreeSet<Integer> cuts = new TreeSet<>(List.of(2 * tokens));
            random.ints(tokens, 1, 2 * tokens).forEach(cuts::add);
            int[] ends = cuts.stream().mapToInt(Integer::intValue).toArray();
            int[] starts = IntStream.range(0, ends.length).map(i -> i == 0 ? 0 : ends[i - 1]).toArray();
            int[] mine = IntStream.range(0, tokens).map(i -> 2 * i).toArray();
            AlignedSpans spans =
                    AlignedSpans.of(new TokenOffsets(mine, IntStream.range(0, tokens).map(i -> 2 * i + 2).toArray()),
                    new TokenOffsets(starts, ends));
            int[] place = IntStream.range(0, tokens).map(i -> i < ends.length ? i : AlignedSpans.NONE).toArray();
            int[] warped = IntStream.range(0, tokens)
                    .map(i -> i % 3 == 1 ? AlignedSpans.NONE : Math.min(i, ends.length - 1))
                    .toArray();
            boolean[] counts = new boolean[ends.length + 2];
            java.util.Arrays.fill(counts, 2, counts.length, true);
            TokenRow theirs = new TokenRow(random.ints(counts.length, 0, TinyPair.VOCAB).toArray(), counts);
            return row.withTeacherRow(
                    new TeacherRow(theirs,
                            new TokenAlignment(spans.student(), spans.teacher(), spans.count(), place, warped)));
        }).toList();
    }

    private static List<TokenRow> twinsOfThemselves() {
        return TinyPair.rows().stream().map(row -> {
            int[] each = IntStream.range(0, row.lossTokens()).toArray();
            return row.withTeacherRow(new TeacherRow(row, new TokenAlignment(each, each, each.length, each, each)));
        }).toList();
    }

    private static TinyPair pair(String objective, VocabularyAlignment vocabulary) {
        return new TinyPair(Objective.named(objective), TinyPair.NARROW, Optional.of(vocabulary));
    }

    /// Parts of distributions are small numbers, and so are their slopes.
    private static final String LOUD_GOLD = """
            name: loud
            terms:
              - {views: [softmax, spans, matched], distance: jsd, weight: 100}
              - {views: [softmax, spans, unmatched, sort], distance: {l1: {reduce: sum}}, weight: 100}
            """;

    @ParameterizedTest
    @ValueSource(strings = {"uld", "gold", "min_edit", "dskd_cma"})
    void theGradientIsTheSlopeOfTheLossInEveryPartOfTheModelAndInTheMaps(String objective) {
        Objective read = objective.equals("gold")
                ? ConfigReader.read(LOUD_GOLD, "loud.yaml", Objective.class)
                : Objective.named(objective);
        try (TinyPair pair = new TinyPair(read, TinyPair.NARROW, Optional.of(vocabulary()))) {
            List<MicroBatch> batches = List.of(MicroBatch.of(rows()));
            pair.look(batches, 0);
            Map<String, float[]> gradients = new LinkedHashMap<>();
            try (NDManager scope = pair.manager.newSubManager()) {
                pair.gradients(scope).forEach((name, gradient) -> gradients.put(name, gradient.toFloatArray()));
            }
            gradients.keySet().removeIf(name -> PARTS.stream().noneMatch(name::contains));
            gradients.keySet().removeIf(name -> given(objective, name));
            gradients.forEach((name, gradient) -> steepest(pair, batches, name, gradient));
        }
    }

    /// DSKD takes the teacher's states in the student's space, the student's head there and all embeddings as given:
    /// moving them moves the loss, and nothing is learned by it.
    private static boolean given(String objective, String name) {
        return objective.equals("dskd_cma")
                && (name.contains("embed_tokens") || name.contains("lm_head") || name.contains("t2s")
                        || name.contains("query"));
    }

    /// The map and the queries that DSKD learns by the labels alone; student and teacher are given there.
    @Test
    void theMapIntoTheStudentsSpaceLearnsTheLabelsAndTheStudentDoesNot() {
        Objective objective = ConfigReader.read(
                "name: x\nterms: [{tap: {student_space: {pair: attention}}, against: labels, distance: kl}]", "x.yaml",
                Objective.class);
        try (TinyPair pair = new TinyPair(objective, TinyPair.NARROW, Optional.of(vocabulary()))) {
            List<MicroBatch> batches = List.of(MicroBatch.of(rows()));
            pair.look(batches, 0);
            Map<String, float[]> gradients = new LinkedHashMap<>();
            try (NDManager scope = pair.manager.newSubManager()) {
                pair.gradients(scope).forEach((name, gradient) -> gradients.put(name, gradient.toFloatArray()));
            }
            gradients.forEach((name, gradient) -> {
                if (name.startsWith("objective.projection")) {
                    steepest(pair, batches, name, gradient);
                } else {
                    assertEquals(0,
                            IntStream.range(0, gradient.length).mapToDouble(i -> Math.abs(gradient[i])).max()
                                    .orElse(0), name);
                }
            });
        }
    }

    private static void steepest(TinyPair pair, List<MicroBatch> batches, String name, float[] gradient) {
        int at = IntStream.range(0, gradient.length)
                .reduce((a, b) -> Math.abs(gradient[a]) >= Math.abs(gradient[b]) ? a : b).orElseThrow();
        NDArray weight = pair.weights.get(name);
        float step = 1e-3f;
        pair.add(weight, one(weight, at, step));
        double above = pair.look(batches, 0).loss();
        pair.add(weight, one(weight, at, -2 * step));
        double slope = (above - pair.look(batches, 0).loss()) / (2 * step);
        pair.add(weight, one(weight, at, step));
        assertEquals(slope, gradient[at], 2e-3 + 0.03 * Math.abs(slope), name);
        assertTrue(Math.abs(slope) > 1e-4, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uld", "gold", "min_edit"})
    void microBatchesAndChunksGiveTheLossOfOneLargeBatch(String objective) {
        try (TinyPair pair = pair(objective, vocabulary())) {
            Explanation whole = pair.look(List.of(MicroBatch.of(rows())), 0);
            Explanation parts = pair.look(LengthBuckets.of(rows(), 40, 1), 0);
            for (int i = 0; i < whole.lines().size(); i++) {
                assertEquals(whole.lines().get(i).mean(), parts.lines().get(i).mean(), 2e-6, "term " + i);
                assertTrue(whole.lines().get(i).mean() > 0, "term " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uld", "gold", "min_edit", "dskd_cma"})
    void aTeacherThatReadsTheSameTokensGivesTheLossOfOneTokenizer(String objective) {
        List<Double> plain;
        try (TinyPair pair = new TinyPair(Objective.named(objective), TinyPair.NARROW)) {
            plain = pair.look(List.of(MicroBatch.of(TinyPair.rows())), 0).lines().stream()
                    .map(Explanation.Line::contribution).toList();
        }
        try (TinyPair pair = pair(objective, same())) {
            List<Explanation.Line> teacherRows = pair.look(List.of(MicroBatch.of(twinsOfThemselves())), 0).lines();
            for (int i = 0; i < plain.size(); i++) {
                assertEquals(plain.get(i), teacherRows.get(i).contribution(), 1e-5, objective + " term " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uld", "gold", "min_edit", "dskd_cma"})
    void aFewStepsLowerTheLoss(String objective) {
        try (TinyPair pair = pair(objective, vocabulary())) {
            List<MicroBatch> batches = List.of(MicroBatch.of(rows()));
            double first = pair.train(batches, 0).loss();
            for (int i = 0; i < 5; i++) {
                pair.train(batches, 0);
            }
            assertTrue(pair.look(batches, 0).loss() < 0.99 * first, objective);
        }
    }

    /// By hand: the mean over answers of the mean over an answer's spans, or over its tokens that have a partner;
    /// each answer alone gives its own.
    @ParameterizedTest
    @ValueSource(strings = {"uld", "gold_off_policy"})
    void anAnswerIsTheMeanOverWhatIsComparedInIt(String objective) {
        double sum = 0;
        try (TinyPair plain = new TinyPair(ConfigReader.read(objective.equals("uld")
                        ? "name: x\nterms: [{views: [softmax, sort], distance: {l1: {reduce: sum}}}]"
                        : "name: x\nterms: [{views: [softmax, spans, matched], distance: jsd}]", "x.yaml",
                                Objective.class), TinyPair.NARROW, Optional.of(vocabulary()))) {
            for (TokenRow row : rows()) {
                TokenAlignment join = row.teacherRow().orElseThrow().alignment();
                int items = objective.equals("uld") ? join.withPosition().length : join.spans();
                sum += plain.look(List.of(MicroBatch.of(List.of(row))), 0).lines().getFirst()
                        .mean() * row.lossTokens() / Math.max(1, items);
            }
        }
        try (TinyPair pair = pair(objective, vocabulary())) {
            assertEquals(sum / rows().size(), pair.look(LengthBuckets.of(rows(), 40, 1), 0).lines().getFirst().mean(),
                    2e-6);
        }
    }

    @Test
    void tokensWithoutAnyPartnerLoseNothingButTheirLabels() {
        List<TokenRow> alone = TinyPair.rows().stream().map(row -> {
            int[] none = IntStream.range(0, row.lossTokens()).map(i -> AlignedSpans.NONE).toArray();
            return row.withTeacherRow(new TeacherRow(row, new TokenAlignment(none, none, 0, none, none)));
        }).toList();
        for (String objective : List.of("uld", "gold")) {
            try (TinyPair pair = pair(objective, vocabulary())) {
                assertEquals(0, pair.look(List.of(MicroBatch.of(alone)), 0).lines().getFirst().mean(), objective);
            }
        }
    }

    private static NDArray one(NDArray weight, int at, float value) {
        float[] values = new float[Math.toIntExact(weight.size())];
        values[at] = value;
        return weight.getManager().create(values, weight.getShape());
    }
}
