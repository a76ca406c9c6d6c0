package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EquivalenceTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            18              | 18.0
            18              | $18.00
            1800            | 1,800
            1800            | 1 800
            1800            | $1,800.00
            18              | 18 apples
            18 dollars      | $18
            18              | +18
            0.5             | 1/2
            0.5             | \\frac{1}{2}
            0.5             | .5
            1.5             | 1 1/2
            1.5             | 1\\frac{1}{2}
            1/3             | 2/6
            1/3             | 0.333333
            28%             | 28
            28%             | 0.28
            28 percent      | 28\\%
            -3              | \u22123
            1.5e3           | 1500
            3 \\times 10^2  | 300
            2 million       | 2,000,000
            120             | 5!
            2^{10}          | 1024
            11              | x = 5 + 6 = 11
            x = 11          | 11
            \\sqrt{8}       | 2\\sqrt{2}
            \\sqrt{17}      | 4.12310562561766
            \\sqrt[3]{8}    | 2
            \\pi/2          | \\frac12 \\pi
            (1, 2)          | (1,2.0)
            \\{1, 2\\}      | 2, 1
            1, 2 and 3      | 3, 2, 1
            [0, 1)          | 0 \\le x < 1
            x > 3           | 3 < x
            x \\le 2        | -2x \\ge -4
            2x + 4y = 3     | y = \\frac{3}{4} - \\frac{x}{2}
            (x+1)^2         | x^2 + 2x + 1
            \\sin^2 x       | 1 - \\cos^2 x
            \\pm 3          | 3, -3
            \\text{Evelyn}  | Evelyn
            (C)             | \\text{C}
            7:32            | 14:64
            10 hours        | 10 hrs
            5 square cms    | 5 cm^2
            90^\\circ       | 90 degrees
            \\binom{5}{2}   | 10
            """)
    void theseSayTheSame(String gold, String answer) {
        assertTrue(judge(gold, answer).equal(), judge(gold, answer).why());
        assertTrue(judge(answer, gold).equal() || gold.contains("="), "the other way round: " + judge(answer, gold)
                .why());
    }

    @ParameterizedTest(name = "{0} is not {1}")
    @CsvSource(delimiter = '|', textBlock = """
            18              | 17.9999999
            18              | 1.8
            18              | -18
            12              | 1 2
            1/3             | 0.33
            1/3             | 0.34
            0.000001        | 0.000002
            1/2004!         | 1/2006!
            1/400!          | 1/402!
            1/2^{99}        | 1/2^{98}
            1 - 1/e         | 1 + 1/e
            3x - y + 13 = 0 | 3x - y + 14 = 0
            2x + z = 1      | 1
            a^2 + b = 0     | 0
            7 = 11a + c     | 11a + c
            x = 3           | y = 3
            x > 5           | x < 5
            x \\ge 5        | x > 5
            [0, 1)          | (0, 1)
            [0, 1)          | [0, 1]
            (1, 2)          | (2, 1)
            \\{1, 2\\}      | \\{1, 2, 3\\}
            \\pm 3          | 3
            12:00           | 1:00
            32349           | 32, 349
            5 hours         | 5 minutes
            1 km            | 1000 m
            204_5           | 54
            Evelyn          | Carla
            \\sqrt{x^2}     | x
            x               | 2x/2 + 0.0001
            18              | 18 or 19
            18              | not 18
            18              | I do not know
            5 apples        | 5 + apples
            1e400           | 2e400
            """)
    void theseDoNot(String gold, String answer) {
        assertFalse(judge(gold, answer).equal(), judge(gold, answer).why());
        assertFalse(judge(answer, gold).equal(), "the other way round: " + judge(answer, gold).why());
    }

    @Test
    void theReasonIsOneLineThatSaysWhatWasCompared() {
        assertEquals("the same value: 1,800", judge("1,800", "1800.0").why());
        assertEquals("another value: 19, not 18", judge("18", "19").why());
        assertEquals("answer cannot be read or judged: the units h and min, which are not converted",
                judge("5 hours", "300 minutes").why());
        assertEquals("answer cannot be read or judged: 'so' where the answer should have ended", judge("5", "(5) ] so")
                .why().replace("']'", "'so'"));
        assertEquals("answer is empty", judge("5", " . ").why());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "9999999999^9999999999", "2^{2^{2^{2^{9}}}}", "100000000!", "((((3!)!)!)!)!", "1/0", "0^{-1}", "\\sqrt{-1}",
                    "1e999999999",
            "\\frac{1}{1-1}", "\\frac", "{", "\\boxed{", "$$$$", "\\begin{pmatrix}1&2", "\\sqrt[0]{2}",
                    "\\binom{400}{200}\\binom{400}{200}^{99}"})
    void hostileAnswersAreRefusedAtOnce(String answer) {
        assertQuick(answer, () -> assertFalse(judge("7", answer).equal()));
    }

    /// A guard against what never ends, not a measure of speed: each takes milliseconds. Processor time and not time on
    /// the clock, so that a busy machine makes no difference.
    private static void assertQuick(String what, Runnable work) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.run();
        long millis = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1_000_000;
        assertTrue(millis < 30_000,
                () -> "%s ms for %s".formatted(millis, what.substring(0, Math.min(40, what.length()))));
    }

    @Test
    void manyThreadsGiveTheSameVerdicts() {
        List<Boolean> verdicts = IntStream.range(0, 2_000).parallel()
                .mapToObj(i -> judge("\\frac{%s}{7}".formatted(i), "%s/14".formatted(2 * i)).equal()).distinct()
                        .toList();
        assertEquals(List.of(true), verdicts);
    }

    private static Equivalence.Verdict judge(String gold, String answer) {
        return Equivalence.STANDARD.judge(gold, answer);
    }
}
