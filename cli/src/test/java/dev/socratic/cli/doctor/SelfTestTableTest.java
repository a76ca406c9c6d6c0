package dev.socratic.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.models.engine.FloatType;
import dev.socratic.models.rehearsal.Beside.Difference;
import dev.socratic.models.rehearsal.Pace;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestTableTest {
    private static SelfTest.Result result(FloatType type, double apart, double pace, List<String> faults) {
        return new SelfTest.Result(type, 120, new Difference("p", "states", apart, 0, true, 9), faults, 0.0012,
                "30 of 31", 1234.4, new Pace(100 * pace, 20 * pace, 50 * pace), 3.5);
    }

    @Test
    void aColumnATypeWithItsLimitsAndWhatToTake() {
        SelfTestTable table = new SelfTestTable("cpu", List.of(result(FloatType.FLOAT32, 0, 1, List.of()),
                result(FloatType.BFLOAT16, 0.1234, 1.5, List.of())), 12.34e9);
        assertEquals("""
                self-test on cpu               float32             bfloat16
                functions compared             120                 120
                largest difference             0                   0.123
                  of                           states              states
                loss after 8 steps, nats apart 1.2e-03             1.2e-03
                limits of both                 1.0E-4, 0.001 nats  0.25, 0.02 nats
                an answer, characters alike    30 of 31            30 of 31
                matrix product, GFLOP/s        1234                1234
                reading, tokens/s              100.0               150.0
                writing one stream, tokens/s   20.0                30.0
                writing eight, tokens/s        50.0                75.0
                training, steps/s              3.5                 3.5
                verdict                        ok                  ok
                copying memory: 12.3 GB/s
                dtype to take here: bfloat16: reads 1.5, writes one stream 1.5 and eight 1.5 times as fast""",
                String.join("\n", table.lines()));
        assertTrue(table.ok());
    }

    /// However fast it is.
    @Test
    void aTypeThatIsNotOkIsNotRecommendedAndItsFaultsAreNamed() {
        SelfTestTable table = new SelfTestTable("cuda:0", List.of(result(FloatType.FLOAT32, 0, 1, List.of()),
                result(FloatType.FLOAT16, 2, 9, List.of("program function states: 2.0 apart"))), 1e12);
        assertFalse(table.ok());
        assertTrue(table.lines().contains("dtype to take here: float32"), table.lines()::toString);
        assertEquals("float16: program function states: 2.0 apart", table.lines().getLast());
    }
}
