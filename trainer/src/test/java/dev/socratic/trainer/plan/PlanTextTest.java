package dev.socratic.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.trainer.objective.Objective;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {
    private static List<String> lines(String preset) {
        return PlanText.of(new Plan(Objective.named(preset), 80)).lines().toList();
    }

    @Test
    void severalTeachersAndTheTagsThatNameThemAreSaid() {
        String several =
                "  teachers: several, all in memory (teacher, more_teachers) or none of them (store, more_stores)";
        assertEquals(List.of("  rows: a tag each, which names its teacher (tags)", several),
                lines("by_tag").subList(3, 5));
        assertEquals(several, lines("mt_bert").getLast());
        assertTrue(lines("word_kd").stream()
                .noneMatch(line -> line.startsWith("  teachers") || line.startsWith("  rows")));
    }
}
