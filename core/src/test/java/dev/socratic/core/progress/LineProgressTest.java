package dev.socratic.core.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LineProgressTest {
    private final StringBuilder out = new StringBuilder();
    private final Ticking clock = new Ticking();

    @Test
    void oneLineSaysHowFarHowFastHowLongHowDear() {
        LineProgress progress = new LineProgress(out, "generate", new Look.Log(), clock);
        progress.total(7_473);
        clock.pass(5_000);
        progress.done(200);
        progress.failed(3);
        progress.spent(new Usage(1_000_000, 234_567, 0.419));
        assertEquals("", out.toString(), "a log gets a line every ten seconds");
        clock.pass(5_000);
        progress.done(212);
        assertEquals("generate  412/7,473 5 %  41.2/s  ETA 2m52s  1.2M tokens  $0.42  3 failed\n", out.toString());
    }

    @Test
    void theItemsHaveANameAndTheWorkSaysHowItGoes() {
        LineProgress progress = new LineProgress(out, "train/small", new Look.Log(), clock);
        progress.unit("rows");
        progress.total(1_850);
        progress.state("loss 2.3456  lr 1.00e-04  3,100 tokens/s");
        clock.pass(10_000);
        progress.done(185);
        assertEquals("train/small  185/1,850 rows 10 %  18.5 rows/s  ETA 1m30s  loss 2.3456  lr 1.00e-04  3,100 "
                + "tokens/s\n",
                out.toString());
    }

    @Test
    void aTerminalsLineIsDrawnOverAtMostTenTimesASecond() {
        LineProgress progress = new LineProgress(out, "eval", new Look.Terminal(80, false), clock);
        progress.total(10_000);
        for (int i = 0; i < 1_000; i++) {
            clock.pass(1);
            progress.done(1);
        }
        assertEquals(1 + 10, out.chars().filter(c -> c == '\r').count());
        assertTrue(out.toString().endsWith("\reval  1,000/10,000 10 %  1000.0/s  ETA 9s"), out.toString());
    }

    @Test
    void aShorterLineLeavesNothingOfTheLongerOne() {
        LineProgress progress = new LineProgress(out, "eval", new Look.Terminal(80, false), clock);
        progress.total(1);
        progress.note("x");
        assertEquals("\reval  0/1 0 %\rx            \n\reval  0/1 0 %", out.toString());
    }

    @Test
    void aLineNeverBreaksOnANarrowTerminal() {
        LineProgress progress = new LineProgress(out, "generate", new Look.Terminal(12, false), clock);
        progress.total(1_000_000);
        assertEquals("\rgenerate  0", out.toString());
    }

    @Test
    void failuresAreRedOnlyWhereColourIsWanted() {
        for (boolean colour : new boolean[] {true, false}) {
            out.setLength(0);
            LineProgress progress = new LineProgress(out, "eval", new Look.Terminal(80, colour), clock);
            progress.failed(2);
            assertEquals(colour ? "\reval  0  \u001b[31m2 failed\u001b[0m" : "\reval  0  2 failed", out.toString());
        }
    }

    @Test
    void theLastLineTellsTheAverageAndTheTime() {
        LineProgress progress = new LineProgress(out, "curate", new Look.Log(), clock);
        progress.total(400);
        clock.pass(9_000);
        progress.done(400);
        progress.close();
        progress.close();
        assertEquals("curate  400/400 100 %  44.4/s  in 9s\n", out.toString());
    }

    @Test
    void aStageThatSaidNothingLeavesNoLine() {
        LineProgress progress = new LineProgress(out, "curate", new Look.Log(), clock);
        progress.note("curate: skipped, nothing has changed");
        progress.close();
        assertEquals("curate: skipped, nothing has changed\n", out.toString());
    }

    @Test
    void nobodyReadingIsNoReasonToStop() {
        Appendable gone = new Appendable() {
            @Override
            public Appendable append(CharSequence text) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public Appendable append(CharSequence text, int start, int end) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public Appendable append(char c) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        try (LineProgress progress = new LineProgress(gone, "curate", new Look.Terminal(80, true), clock)) {
            progress.total(3);
            progress.note("still here");
        }
    }

    @Test
    void amountsAndTimesAreShort() {
        assertEquals("999", LineProgress.amount(999));
        assertEquals("1.0k", LineProgress.amount(1_000));
        assertEquals("1.0M", LineProgress.amount(999_999));
        assertEquals("3.4G", LineProgress.amount(3_400_000_000L));
        assertEquals("59s", LineProgress.duration(59));
        assertEquals("1m00s", LineProgress.duration(60));
        assertEquals("3h05m", LineProgress.duration(3 * 3600 + 5 * 60 + 59));
        assertEquals("2d04h", LineProgress.duration(52 * 3600));
    }

    private static final class Ticking extends Clock {
        private long millis = 1_700_000_000_000L;

        void pass(long more) {
            millis += more;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }
    }
}
