package dev.socratic.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Distance.Direction;
import dev.socratic.trainer.objective.Distance.Kl;
import dev.socratic.trainer.objective.Distance.Reduce;
import dev.socratic.trainer.objective.Kind;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.View;
import dev.socratic.trainer.objective.View.Measure;
import dev.socratic.trainer.plan.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Our kernels beside the authors' own code, run by `bench/peers/objectives/golden.py`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeerParityTest {
    private static final Kl FORWARD = new Kl(Direction.FORWARD, 0, false);

    private final Tensors t = new Tensors();
    private JsonNode golden;

    @BeforeAll
    void read() throws IOException {
        try (InputStream in =
                PeerParityTest.class.getResourceAsStream("/dev/socratic/trainer/objectives_golden.json")) {
            golden = Json.mapper().readTree(in);
        }
    }

    @AfterAll
    void close() {
        t.close();
    }

    private NDArray rows(String name) {
        return t.rows(Json.mapper().convertValue(golden.get(name), float[][].class));
    }

    private void same(String name, double value) {
        double expected = golden.get("values").get(name).doubleValue();
        assertEquals(expected, value, 2e-6 * Math.max(1, Math.abs(expected)), name);
    }

    private static double mean(float[] values) {
        return Tensors.sum(values) / values.length;
    }

    private double logits(Distance distance, View... views) {
        long[] labels = Json.mapper().convertValue(golden.get("labels"), long[].class);
        return mean(t.distances.between(
                distance, t.seen(List.of(views), Kind.LOGITS, rows("student"), rows("teacher"), t.labels(labels)))
                        .toFloatArray());
    }

    private double states(Distance distance, View... views) {
        return mean(t.distances.between(
                distance, t.seen(List.of(views), Kind.VECTORS, rows("ours"), rows("theirs"), t.labels()))
                        .toFloatArray());
    }

    @Test
    void distillm() {
        same("distillm forward_kl less the entropy", logits(FORWARD));
        same("distillm reverse_kl", logits(new Kl(Direction.REVERSE, 0, false)));
        same("distillm tv_distance", logits(new Distance.TotalVariation()));
        same("distillm skewed_forward_kl 0.1 less the entropy", logits(new Kl(Direction.FORWARD, 0.1, false)));
        same("distillm skewed_reverse_kl 0.1", logits(new Kl(Direction.REVERSE, 0.1, false)));
    }

    /// Their letter counts the student's share, ours the teacher's.
    @Test
    void distillmsShareIsTheOtherSides() {
        same("distillm js_distance 0.9", logits(new Distance.Jsd(0.1)));
    }

    @Test
    void trlsJsdHasOurBetaAndNoSquaredTemperature() {
        same("trl generalized_jsd 0.1", logits(new Distance.Jsd(0.1)));
        same("trl generalized_jsd 0.5 at temperature 2", logits(new Distance.Jsd(0.5), new View.Temperature(2, false)));
    }

    @Test
    void dskd() {
        same("dskd adaptive_kl 0.5", logits(new Distance.Akl(0.5)));
        same("dskd js_divergence", logits(new Distance.Jsd(0.5)));
    }

    @Test
    void decoupledPartsCarryTheSquareOfTheirTemperature() {
        same("dkd target at temperature 4", 16 * logits(FORWARD, new View.Temperature(4, true), new View.Target()));
        same("dkd non_target at temperature 4",
                16 * logits(FORWARD, new View.Temperature(4, true), new View.NonTarget()));
        same("standardised kl at temperature 2",
                4 * logits(FORWARD, new View.Standardise(), new View.Temperature(2, true)));
    }

    @Test
    void bild() {
        for (View.Chooser chooser : View.Chooser.values()) {
            same("bild %s-led".formatted(chooser.name().toLowerCase(java.util.Locale.ROOT)), logits(FORWARD,
                    new View.Temperature(3, false), new View.TopK(5, View.Tail.RENORMALISE, chooser),
                    new View.Differences()));
        }
    }

    /// The blend at one share, and how shares follow losses.
    @Test
    void taid() {
        NDArray blend = t.kernel.call(
                "blended", Arg.of(rows("student")), Arg.of(rows("teacher")), Arg.of(0.7));
        same("taid at 0.7", mean(t.between(FORWARD, Kind.LOGITS, rows("student"), blend)));
        Objective taid =
                ConfigReader.read(
                        "name: x\nterms: [{against: {blend: {teacher_weight: {adaptive: {rate: 0.5, momentum: 0.5}}}}, "
                                + "distance: kl}]", "x", Objective.class);
        try (Blending blending = new Blending(t.manager, new Plan(taid, 9))) {
            for (float[] step : Json.mapper().convertValue(golden.get("taid"), float[][].class)) {
                blending.step(List.of((double) step[1]), step[0]);
                assertEquals(step[2], blending.share(0, (Against.Blend) taid.terms().getFirst().against(), 1), 2e-6,
                        "after a loss of " + step[1]);
            }
        }
    }

    @Test
    void relationsBetweenSamples() {
        Distance smooth = new Distance.SmoothL1(1, Reduce.MEAN);
        same("rkd distance", states(smooth, new View.Relation(Measure.EUCLIDEAN, 0, 2)));
        same("rkd angle", states(smooth, new View.Relation(Measure.ANGLE, 0, 2)));
        same("sp", states(new Distance.Mse(Reduce.MEAN), new View.Relation(Measure.DOT, 0, 2), new View.AsVectors(),
                new View.Unit()));
    }

    @Test
    void channelsAndEnergy() {
        same("nst", states(new Distance.Mmd(), new View.Transpose(), new View.Unit()));
        ViewContext four = new ViewContext(0, Optional.empty(),
                Optional.of(Positions.of(new long[] {0, 1, 2, 3}, 4, t.manager)),
                Optional.empty(), Optional.empty());
        Sides seen = t.seen(List.of(new View.Energy(), new View.Unit()), Kind.VECTORS, rows("ours").reshape(1, 1, 4, 6),
                rows("theirs").reshape(1, 1, 4, 6), four);
        same("at", mean(t.distances.between(new Distance.Mse(Reduce.MEAN), seen).toFloatArray()));
    }

    /// Every position of a micro-batch, none hidden: their encoders see both ways.
    private ViewContext everywhere(int rows, int seq) {
        long[] places = java.util.stream.LongStream.range(0, (long) rows * seq).toArray();
        return new ViewContext(0, Optional.empty(), Optional.of(Positions.of(places, seq, t.manager)), Optional.empty(),
                Optional.empty());
    }

    private double compared(Distance distance, List<View> views, Kind kind, NDArray student, NDArray teacher,
            ViewContext setting) {
        return mean(t.distances.between(distance, t.seen(views, kind, student, teacher, setting)).toFloatArray());
    }

    @Test
    void tinyBert() {
        Distance mse = new Distance.Mse(Reduce.MEAN);
        same("tinybert attention", compared(mse, List.of(), Kind.LOGITS,
                rows("our_scores").reshape(2, 2, 3, 3), rows("their_scores").reshape(2, 2, 3, 3), everywhere(2, 3)));
        same("tinybert states", 3 * compared(mse, List.of(), Kind.VECTORS,
                rows("our_layers").reshape(6, 1, 4, 6), rows("their_narrow").reshape(6, 1, 4, 6), everywhere(6, 4)));
    }

    @Test
    void miniLmV2() {
        NDArray student = t.kernel.call("dots",
                t.kernel.call("regrouped", rows("our_layers").reshape(6, 1, 4, 6), 2));
        NDArray teacher = t.kernel.call("dots",
                t.kernel.call("regrouped", rows("their_layers").reshape(6, 1, 4, 8), 2));
        same("minilmv2 relations", 3 * compared(FORWARD, List.of(), Kind.LOGITS, student, teacher, everywhere(6, 4)));
    }

    /// Two samples of six positions, the second one short by two; then four samples of two positions.
    @Test
    void mgskd() {
        Distance smooth = new Distance.SmoothL1(1, Reduce.MEAN);
        NDArray student = rows("our_states").reshape(2, 1, 6, 8);
        NDArray teacher = rows("their_states").reshape(2, 1, 6, 12);
        Positions places = Positions.of(new long[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 6, t.manager);
        ViewContext setting = new ViewContext(0, Optional.empty(), Optional.of(places), Optional.empty(),
                Optional.empty());
        same("mgskd triplets",
                compared(smooth, List.of(new View.Salient(3, 2)), Kind.VECTORS, student, teacher, setting));
        View angle = new View.Relation(Measure.ANGLE, 2, 2);
        same("mgskd samples", compared(smooth, List.of(new View.Pool(View.PoolBy.MEAN), angle), Kind.VECTORS,
                student.get(":, :, :4").reshape(4, 1, 2, 8), teacher.get(":, :, :4")
                        .reshape(4, 1, 2, 12), everywhere(4, 2)));
    }

    @Test
    void lrcBert() {
        same("lrc_bert", states(new Distance.CosNce()));
    }

    /// Rows are positions, and what is compared within each are its layers.
    @Test
    void layersOfAPosition() {
        NDArray student = rows("our_layers").reshape(3, 8, 6).transpose(1, 0, 2);
        NDArray teacher = rows("their_layers").reshape(3, 8, 8).transpose(1, 0, 2);
        same("ckd across layers, angle", compared(
                new Distance.Mse(Reduce.MEAN), List.of(new View.Relation(Measure.ANGLE, 0, 2)), Kind.VECTORS, student,
                teacher, everywhere(2, 4)));
    }
}
