package dev.socratic.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.eval.harness.overlap.Bleu;
import dev.socratic.eval.harness.overlap.CharacterF;
import dev.socratic.eval.harness.overlap.EditRate;
import dev.socratic.eval.harness.overlap.Overlap;
import dev.socratic.eval.harness.overlap.Rouge;
import dev.socratic.eval.harness.score.Aggregation;
import dev.socratic.eval.harness.score.SampleValue;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Expected values are sacrebleu's 2.6, rouge_score's 0.1.2 and lm_eval's 0.4.13, of 40 texts drawn and cut about by
/// `bench/peers/eval/overlap_golden.py`.
class OverlapTest {
    private static final List<Overlap> ALL =
            List.of(Bleu.STANDARD, new CharacterF(0), new CharacterF(2), new EditRate(), Bleu.INTERNATIONAL);
    private static JsonNode golden;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = OverlapTest.class.getResourceAsStream("/harness/overlap.json")) {
            golden = Json.mapper().readTree(in);
        }
    }

    private static List<Overlap.Segment> segments(int references) {
        return golden.path("rows").valueStream().map(row -> new Overlap.Segment(row.get(0).asText(),
                references == 1 ? List.of(row.get(1).asText()) : List.of(row.get(1).asText(), row.get(2).asText())))
                .toList();
    }

    @Test
    void aSetHasTheScoresOfSacrebleuWithOneReferenceAndWithTwo() {
        for (int references = 1; references <= 2; references++) {
            for (int i = 0; i < ALL.size(); i++) {
                assertEquals(golden.at("/all/%s/%s".formatted(references - 1, i)).asDouble(),
                        ALL.get(i).of(segments(references)), 1e-9, ALL.get(i).toString());
            }
        }
    }

    @Test
    void eachTextHasItsScores() {
        for (int row = 0; row < golden.path("rows").size(); row++) {
            JsonNode texts = golden.path("rows").path(row);
            JsonNode expected = golden.path("each").path(row);
            String written = texts.get(0).asText();
            String reference = texts.get(1).asText();
            List<Overlap.Segment> one = List.of(new Overlap.Segment(written, List.of(reference)));
            assertEquals(expected.get(0).asDouble(), Bleu.STANDARD.of(one), 1e-9);
            assertEquals(expected.get(1).asDouble(), new CharacterF(0).of(one), 1e-9);
            assertEquals(expected.get(2).asDouble(), new EditRate().of(one), 1e-9, written + " / " + reference);
            String a = reference.replace(" . ", ".\n");
            String b = written.replace(" . ", ".\n");
            assertEquals(expected.get(3).asDouble(), Rouge.ofNgrams(a, b, 1), 1e-9);
            assertEquals(expected.get(4).asDouble(), Rouge.ofNgrams(a, b, 2), 1e-9);
            assertEquals(expected.get(5).asDouble(), Rouge.ofSequence(a, b), 1e-9);
            assertEquals(expected.get(6).asDouble(), Rouge.ofSentences(a, b), 1e-9, written + " / " + reference);
        }
    }

    @Test
    void aPerfectTextHasTheBestScore() {
        List<Overlap.Segment> same = List.of(new Overlap.Segment("a b c d e", List.of("a b c d e")));
        assertEquals(100, Bleu.STANDARD.of(same), 1e-9);
        assertEquals(100, new CharacterF(2).of(same), 1e-9);
        assertEquals(0, new EditRate().of(same), 1e-9);
        assertEquals(0, new EditRate().of(List.of(new Overlap.Segment("", List.of("")))), 1e-9);
        assertEquals(100, new EditRate().of(List.of(new Overlap.Segment("a", List.of("")))), 1e-9);
        // one word moved is one edit of five
        assertEquals(20, new EditRate().of(List.of(new Overlap.Segment("e a b c d", List.of("a b c d e")))), 1e-9);
    }

    @Test
    void standardErrorsAreOfAHundredDrawsAtMost() {
        List<SampleValue> values = segments(1).stream().<SampleValue>map(one ->
                new SampleValue.Pair(one.references(), one.written())).toList();
        List<String> names = List.of("bleu", "chrf", "chrf++", "ter");
        for (int i = 0; i < names.size(); i++) {
            assertEquals(golden.path("errors").path(i).asDouble(),
                    Aggregation.standardError(names.get(i), values, 100_000).orElseThrow(), 1e-9, names.get(i));
        }
    }
}
