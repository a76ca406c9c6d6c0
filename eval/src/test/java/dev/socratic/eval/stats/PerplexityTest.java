package dev.socratic.eval.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.text.TextScore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PerplexityTest {
    private static Perplexity.Document document(String text, TextScore.Window... windows) {
        return new Perplexity.Document(text, new TextScore(List.of(windows)));
    }

    /// Two documents of 2 and 4 tokens, 3 and 3 nats: 1 nat a token; residuals 1 and -1.
    @Test
    void byHand() {
        Perplexity found = Perplexity.of(List.of(document("two words", new TextScore.Window(-3, 2)),
                document("d\u00e9j\u00e0  vu", new TextScore.Window(-1, 1), new TextScore.Window(-2, 3)),
                document("x")));
        assertEquals(2, found.documents());
        assertEquals(6, found.tokens());
        assertEquals(4, found.words());
        assertEquals(9 + 10, found.bytes());
        assertEquals(1, found.nll(), 1e-12);
        assertEquals(Math.E, found.byToken(), 1e-12);
        assertEquals(Math.exp(1.5), found.byWord(), 1e-12);
        assertEquals(Math.exp(6 / 19.0), found.byByte(), 1e-12);
        assertEquals(6 / 19.0 / Math.log(2), found.bitsPerByte(), 1e-12);
        assertEquals(Math.sqrt(2 * 2) / 6, found.error().orElseThrow(), 1e-12);
        assertEquals(Perplexity.Samples.DOCUMENTS, found.samples());
        assertEquals(Math.exp(1 + Interval.Z95 / 3), found.ci95().orElseThrow().high(), 1e-9);
    }

    @Test
    void aSingleTextHasTheErrorOfItsWindowsAndASingleWindowHasNone() {
        Perplexity some = Perplexity.of(List.of(
                document("a b", new TextScore.Window(-3, 2), new TextScore.Window(-3, 4))));
        assertEquals(Perplexity.Samples.WINDOWS, some.samples());
        assertEquals(1 / 3.0, some.error().orElseThrow(), 1e-12);
        assertEquals(Optional.empty(), Perplexity.of(List.of(document("a b", new TextScore.Window(-3, 2)))).error());
        assertThrows(IllegalArgumentException.class, () -> Perplexity.of(List.of(document("a"))));
    }
}
