package dev.socratic.trainer.data.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DetokenizedTextTest {
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void textIsThatOfTheBytesHoweverTheyAreCut() {
        Random random = new Random(1);
        String text = "naïve 日本語 👍🏽 = 5\u0000";
        String bytes = bytes(text);
        for (int draw = 0; draw < 50; draw++) {
            List<String> tokens = new ArrayList<>();
            for (int at = 0; at < bytes.length(); ) {
                int behind = Math.min(bytes.length(), at + random.nextInt(4));
                tokens.add(bytes.substring(at, behind));
                at = behind;
            }
            DetokenizedText spelled = DetokenizedText.of(tokens);
            assertEquals(text, spelled.text());
            assertEquals(text.length(), spelled.ends()[tokens.size() - 1]);
        }
    }

    @Test
    void aPartOfACharacterHasThePlaceOfAllOfIt() {
        String thumb = bytes("👍");
        DetokenizedText spelled =
                DetokenizedText.of(List.of("a", thumb.substring(0, 1), thumb.substring(1) + "b", "", "c"));
        assertEquals("a👍bc", spelled.text());
        assertArrayEquals(new int[] {0, 1, 1, 4, 4}, spelled.starts());
        assertArrayEquals(new int[] {1, 3, 4, 4, 5}, spelled.ends());
    }

    @Test
    void bytesThatAreNoTextBecomeOneReplacementEach() {
        // A lone continuation, a lone lead, an overlong slash, half a surrogate, a character beyond the last, a
        // character cut off.
        assertEquals("\uFFFD", DetokenizedText.of(List.of("\u0080")).text());
        assertEquals("\uFFFDa", DetokenizedText.of(List.of("\u00E4a")).text());
        assertEquals("\uFFFD\uFFFD", DetokenizedText.of(List.of("\u00C0\u00AF")).text());
        assertEquals("\uFFFD\uFFFD\uFFFD", DetokenizedText.of(List.of("\u00ED\u00A0\u0080")).text());
        assertEquals("\uFFFD".repeat(4), DetokenizedText.of(List.of("\u00F4\u0090\u0080\u0080")).text());
        assertEquals("\uFFFD\uFFFD", DetokenizedText.of(List.of("\u00E6\u0097")).text());
        assertEquals("", DetokenizedText.of(List.of()).text());
    }
}
