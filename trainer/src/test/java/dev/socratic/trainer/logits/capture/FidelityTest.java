package dev.socratic.trainer.logits.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.Bos;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FidelityTest {
    /// Rows the embedded teacher was not trained on.
    private static final ExampleSource HELD_OUT = new ExampleSource.WordProblems(Split.HELD_OUT_NUMBERS, 12, 5,
            new Form.Worked("Think step by step."));

    @Test
    void theEmbeddedTeachersReportOrdersTheEncodings() {
        List<Encoding> encodings = List.of(
                new Encoding.Dense(Width.FLOAT), new Encoding.Dense(Width.HALF), new Encoding.Sampled(50),
                new Encoding.Sampled(255),
                new Encoding.TopK(3, Tail.RENORMALISE), new Encoding.TopK(3, Tail.RESIDUAL),
                new Encoding.TopK(3, Tail.BUCKET),
                new Encoding.TopK(12, Tail.RENORMALISE), new Encoding.TopK(12, Tail.BUCKET));
        // Hot enough that a teacher of small numbers has a tail.
        CaptureConfig config = new CaptureConfig(
                encodings.getFirst(), 3, 1, Optional.of(200), dev.socratic.trainer.config.TooLong.DROP, Bos.TOKENIZER,
                        dev.socratic.trainer.config.LossOn.ASSISTANT, 2048, 64);
        List<FidelityReport> reports = Fidelity.measure(StoreFixture.EMBEDDED, HELD_OUT, 12, config, encodings,
                Compute.CPU);
        FidelityReport exact = reports.get(0);
        assertEquals(0, exact.kl(), 1e-5);
        assertEquals(0, exact.reverseKl(), 1e-5);
        assertEquals(1, exact.recoveredMass(), 1e-5);
        assertEquals(exact.teacherEce(), exact.ece(), 1e-5);
        assertEquals(4 * 1024, exact.bytesAPosition());
        assertEquals(0, reports.get(1).kl(), 1e-4);
        assertEquals("{sampled:{draws:50}}", reports.get(2).encoding());

        FidelityReport top = reports.get(4);
        assertTrue(reports.get(3).kl() < reports.get(2).kl(), "more draws are nearer");
        assertTrue(reports.get(7).kl() < top.kl(), "more of the likeliest are nearer");
        assertTrue(reports.get(6).kl() < top.kl(), "a bucket is nearer than nothing");
        assertTrue(reports.get(2).bias() < top.bias(),
                String.format(Locale.ROOT, "draws %.4f, likeliest alone %.4f", reports.get(2).bias(), top.bias()));
        assertEquals(top.recoveredMass(), reports.get(6).recoveredMass(), 1e-6);
        assertTrue(top.reverseKl() > 0 && Math.abs(top.reverseKl() + meanLog(top)) < 0.5, top.toString());
    }

    /// KL(p / sum || p) = -log sum, which for a mean over positions lies near the logarithm of the mean.
    private static double meanLog(FidelityReport report) {
        return Math.log(report.recoveredMass());
    }

    @Test
    void calibrationIsZeroForAGuessThatIsRightAsOftenAsItSays() {
        Calibration calibration = new Calibration();
        for (int i = 0; i < 100; i++) {
            calibration.add(0.75f, i < 75);
        }
        assertEquals(0, calibration.error(), 1e-9);
        for (int i = 0; i < 100; i++) {
            calibration.add(0.25f, false);
        }
        assertEquals(0.125, calibration.error(), 1e-9);
    }
}
