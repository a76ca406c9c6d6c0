package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.socratic.core.run.StagePlan;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "student", "Qwen-0.5B_SFT", "Base", "llama-3.2", "schüler", "学生", "ученик_2", "run 3", "a+b@c=1~", "7", "_x",
                "हिन्दी", "e\u0301tude"
    })
    void aSensibleNameIsAllowedAndNamesAStage(String name) {
        assertEquals(name, FileName.checked("name", name));
        assertEquals("train/" + name,
                StagePlan.of("train/" + name, JsonNodeFactory.instance.objectNode(), Map.of(), "1", 1).stage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "../x", "a/b", "a\\b", ".hidden", "-rf", "a:b", "a*", "ends.", "ends ",
            "a\nb", "a\u0000b", "\u202ea", "a;b", "\"q\""})
    void anotherIsRefusedWithANameThatIsAllowed(String name) {
        assertFalse(FileName.fits(name));
        String message = assertThrows(IllegalArgumentException.class, () -> FileName.checked("name", name))
                .getMessage();
        String remedy = message.substring(message.lastIndexOf("write '") + 7, message.length() - 1);
        assertTrue(FileName.fits(remedy), message);
    }

    @Test
    void theMessageSaysWhatIsAllowedWhatStoodThereAndWhatToWrite() {
        assertEquals(
                "name: letters, digits and _ . - + @ = ~, at most 150 bytes, for it names a file or folder; got "
                        + "'a/b'; write 'a_b'",
                assertThrows(IllegalArgumentException.class, () -> FileName.checked("name", "a/b")).getMessage());
    }

    @Test
    void whateverIsWrittenTheNameThatIsOfferedIsAllowed() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder name = new StringBuilder();
            random.ints(random.nextInt(60), 1, 0x3000).filter(Character::isValidCodePoint)
                    .forEach(name::appendCodePoint);
            String mended = FileName.mended(name.toString());
            assertTrue(FileName.fits(mended), () -> name + " -> " + mended);
        }
        assertTrue(FileName.fits(FileName.mended("学".repeat(300))));
        assertFalse(FileName.fits("学".repeat(51)));
    }
}
