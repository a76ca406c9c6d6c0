package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CopiesTest {
    private record Limits(int least, int most, Optional<String> name) {
        Limits {
            if (least > most) {
                throw new IllegalArgumentException("least: at most %s; got %s; write less".formatted(most, least));
            }
        }
    }

    private final Limits limits = new Limits(1, 5, Optional.of("tokens"));

    @Test
    void changesWhatIsNamedAndKeepsTheRest() {
        assertEquals(new Limits(2, 5, Optional.of("tokens")), Copies.with(limits, Map.of("least", 2)));
        assertEquals(new Limits(1, 5, Optional.empty()), Copies.with(limits, Map.of("name", Optional.empty())));
        assertEquals(new Limits(1, 5, Optional.of("tokens")), limits);
    }

    @Test
    void refusesAnUnknownComponent() {
        var refused = assertThrows(IllegalArgumentException.class, () -> Copies.with(limits, Map.of("middle", 2)));

        assertEquals("a component of Limits; got [middle]", refused.getMessage());
    }

    @Test
    void isCheckedByTheConstructor() {
        var refused = assertThrows(IllegalArgumentException.class, () -> Copies.with(limits, Map.of("least", 6)));

        assertEquals("least: at most 5; got 6; write less", refused.getMessage());
    }

    @Test
    void holdsANewListAsItIs() {
        record Names(List<String> names) {}

        assertEquals(new Names(List.of("b")), Copies.with(new Names(List.of("a")), Map.of("names", List.of("b"))));
    }
}
