package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.trainer.data.align.AlignedSpans;
import dev.socratic.trainer.data.align.DynamicTimeWarping;
import dev.socratic.trainer.data.align.TokenAlignment;
import dev.socratic.trainer.data.align.TokenOffsets;
import dev.socratic.trainer.data.align.VocabularyAlignment;
import dev.socratic.trainer.loss.FeatureInputs.FinalStates;
import dev.socratic.trainer.loss.FeatureInputs.Spaces;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.step.Heads;
import dev.socratic.trainer.teacher.TeacherTarget;
import dev.socratic.trainer.teacher.TeacherTokens;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Two tokenisations beside the authors' own code, run by `bench/peers/objectives/cross_tokenizers.py`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossTokenizerParityTest {
    private final Tensors t = new Tensors();
    private JsonNode golden;

    @BeforeAll
    void read() throws IOException {
        try (InputStream in =
                CrossTokenizerParityTest.class.getResourceAsStream(
                        "/dev/socratic/trainer/cross_tokenizers_golden.json")) {
            golden = Json.mapper().readTree(in);
        }
    }

    @AfterAll
    void close() {
        t.close();
    }

    private static <T> T as(JsonNode node, Class<T> type) {
        return Json.mapper().convertValue(node, type);
    }

    private static List<String> texts(JsonNode node) {
        return Arrays.asList(as(node, String[].class));
    }

    private static void same(JsonNode expected, double value) {
        assertEquals(expected.doubleValue(), value, 3e-6 * Math.max(1, Math.abs(expected.doubleValue())));
    }

    /// The sum over tokens of the preset's first terms, each by its raw weight.
    private double sum(String terms, JsonNode node, TokenAlignment join, VocabularyAlignment vocabulary, long[] labels,
            long[] theirLabels) {
        Objective objective = ConfigReader.read("name: x\nterms: " + terms, "x.yaml", Objective.class);
        try (NDManager scope = t.manager.newSubManager();
                ObjectiveLoss loss = new ObjectiveLoss(t.manager,
                        new Plan(objective, vocabulary.studentSize(), Optional.empty(), Optional.of(vocabulary)));
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray student = scope.create(as(node.get("student"), float[][].class)).duplicate();
            NDArray teacher = scope.create(as(node.get("teacher"), float[][].class));
            TokenChunk chunk = new TokenChunk(
                    student, scope.create(labels), List.of(new TeacherTarget.Logits(teacher)),
                    Optional.of(new TeacherTokens(join, scope.create(theirLabels))), LossContext.NONE);
            return Tensors.sum(loss.at(0).lossAndGradient(chunk, 1).losses().toFloatArray());
        }
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private static int[] none(int length) {
        int[] all = new int[length];
        Arrays.fill(all, AlignedSpans.NONE);
        return all;
    }

    @Test
    void uldComparesTheTokensBothAnswersHave() {
        JsonNode uld = golden.get("uld");
        int[] mine = as(uld.get("lengths"), int[].class);
        int[] theirs = as(uld.get("their_lengths"), int[].class);
        int[] place = {0, 1, 2, AlignedSpans.NONE, theirs[0], theirs[0] + 1, theirs[0] + 2};
        TokenAlignment join = new TokenAlignment(none(7), none(8), 0, place, none(7));
        VocabularyAlignment vocabulary = VocabularyAlignment.of(names("a", 7), names("b", 9), Optional.empty());
        assertEquals(4, mine[0]);
        same(uld.get("value"),
                sum("[{views: [softmax, sort], distance: {l1: {reduce: sum}}}]", uld, join, vocabulary, new long[7],
                        new long[8]));
    }

    @Test
    void goldComparesSpansTokensSpelledAlikeDirectlyAndTheOthersSorted() {
        JsonNode gold = golden.get("gold");
        VocabularyAlignment vocabulary = VocabularyAlignment.of(texts(gold.get("entries")),
                texts(gold.get("their_entries")),
                Optional.empty());
        AlignedSpans spans = AlignedSpans.of(pieces(gold.get("offsets")), pieces(gold.get("their_offsets")));
        assertEquals(4, spans.count());
        int tokens = spans.student().length;
        TokenAlignment join = new TokenAlignment(spans.student(), spans.teacher(), spans.count(), none(tokens),
                none(tokens));
        long[] labels = as(gold.get("ids"), long[].class);
        long[] theirs = as(gold.get("their_ids"), long[].class);
        String agreeing = "{views: [softmax, spans, {matched: {share: %s}}], distance: jsd}";
        String differing = "{views: [softmax, spans, {unmatched: {share: %s}}, sort], distance: {l1: {reduce: sum}}}";
        same(gold.get("matched"),
                sum("[" + agreeing.formatted(false) + "]", gold, join, vocabulary, labels, theirs) / spans.count());
        same(gold.get("unmatched"),
                sum("[" + differing.formatted(false) + "]", gold, join, vocabulary, labels, theirs) / spans.count());
        same(gold.get("value"),
                sum("[" + agreeing.formatted(true) + ", " + differing.formatted(true) + "]", gold, join, vocabulary,
                        labels, theirs) / spans.count());
    }

    private static TokenOffsets pieces(JsonNode offsets) {
        int[][] places = as(offsets, int[][].class);
        return new TokenOffsets(Arrays.stream(places).mapToInt(place -> place[0]).toArray(),
                Arrays.stream(places).mapToInt(place -> place[1]).toArray());
    }

    @Test
    void minEditMatchesTokensAndEntriesAndTakesTheLabelWhereItFindsNone() {
        JsonNode edit = golden.get("min_edit");
        List<String> mine = texts(edit.get("entries"));
        List<String> theirs = texts(edit.get("their_entries"));
        int[] ids = as(edit.get("ids"), int[].class);
        int[] theirIds = as(edit.get("their_ids"), int[].class);
        VocabularyAlignment vocabulary = VocabularyAlignment.of(mine, theirs, Optional.empty());
        int[] nearest = vocabulary.nearest().get();
        assertArrayEquals(as(edit.get("nearest"), int[].class), nearest);
        int[] matched = DynamicTimeWarping.of(Arrays.stream(ids).mapToObj(mine::get).toList(),
                Arrays.stream(theirIds).mapToObj(theirs::get).toList());
        assertArrayEquals(as(edit.get("matches"), int[].class), matched);
        int[] warped = IntStream.range(0, ids.length)
                .map(i -> matched[i] >= 0 && nearest[theirIds[matched[i]]] == ids[i] ? matched[i] : AlignedSpans.NONE)
                        .toArray();
        TokenAlignment join = new TokenAlignment(none(6), none(6), 0, none(6), warped);
        same(edit.get("value"),
                sum("[{views: [align_vocab], distance: kl}]", edit, join, vocabulary,
                        as(edit.get("labels"), long[].class), new long[6]));
    }

    @Test
    void dskdInBothSpaces() {
        String views = "views: [{temperature: {tau: 2, squared: false}}], distance: kl}";
        JsonNode same = golden.get("dskd");
        same(same.get("t2s_ce"), space(same, "{tap: student_space, against: labels, distance: kl}"));
        same(same.get("t2s_kd"), space(same, "{tap: student_space, " + views));
        same(same.get("s2t_kd"), space(same, "{tap: teacher_space, " + views));
    }

    @Test
    void dskdAcrossTokenizersByAttention() {
        String views = "views: [{temperature: {tau: 2, squared: false}}], distance: kl}";
        JsonNode attention = golden.get("dskd_cma");
        same(attention.get("t2s_ce"),
                space(attention, "{tap: {student_space: {pair: attention}}, against: labels, distance: kl}"));
        same(attention.get("t2s_kd"),
                space(attention, "{tap: {student_space: {pair: attention, only_right: true}}, " + views));
        same(attention.get("s2t_kd"), space(attention, "{tap: {teacher_space: {pair: attention}}, " + views));
    }

    private double space(JsonNode node, String written) {
        Term term = ConfigReader.read("name: x\nterms: [" + written + "]", "x.yaml", Objective.class).terms()
                .getFirst();
        DualSpace spaces = new DualSpace(
                t.kernel, name ->
                        matrix(node.get(name.substring(name.lastIndexOf('.') + 1))),
                                new Spaces(reading(node.get("student")), reading(node.get("teacher"))));
        return Tensors.sum(spaces.loss(term, t.views, t.distances, 0).toFloatArray());
    }

    private FinalStates reading(JsonNode side) {
        return new FinalStates(
                matrix(side.get("states")), Heads.of(matrix(side.get("head")), 0, t.manager),
                matrix(side.get("before")),
                matrix(side.get("after")),
                t.manager.create(as(side.get("labels"), long[].class)),
                t.manager.create(as(side.get("row"), long[].class)));
    }

    private NDArray matrix(JsonNode rows) {
        return t.rows(as(rows, float[][].class));
    }
}
