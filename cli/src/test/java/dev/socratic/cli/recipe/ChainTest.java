package dev.socratic.cli.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What stands on what, from the recipe alone.
class ChainTest {
    private static final String ROWS = "data: {word_problems: {count: 8, seed: 3}}, budget: {steps: 1}";

    private static Recipe read(String logits, String... students) {
        String train = String.join("",
                java.util.Arrays.stream(students).map(student -> "  - {%s, %s}\n".formatted(student, ROWS)).toList());
        return ConfigReader.read("name: x\nlogits: [%s]\ntrain:\n%s".formatted(logits, train), "x", Recipe.class);
    }

    private static String refused(String logits, String... students) {
        String message = assertThrows(ConfigException.class, () -> read(logits, students)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message.replaceFirst("^x:[0-9]+:[0-9]+: ", "");
    }

    private static String store(String name, String teacher) {
        return "{name: %s, teacher: %s, data: {word_problems: {count: 8, seed: 3}}}".formatted(name, teacher);
    }

    private static String student(String name, String more) {
        return "name: %s, student: {folder: base}%s".formatted(name, more);
    }

    @Test
    void aStoreOfAStudentIsCapturedRightBehindItAndThoseOfFoldersBeforeAllStudents() {
        Recipe recipe = read(store("late", "{earlier: middle}") + ", " + store("early", "large"),
                student("first", ", captured: early"), student("middle", ", teacher: {earlier: first}"),
                student("last", ", captured: late, more_teachers: [other, {earlier: first}]"));
        List<String> order = recipe.inOrder().stream().map(link -> switch (link) {
            case Chain.Link.Store store -> "store " + store.capture().name();
            case Chain.Link.Student student -> student.config().name();
        }).toList();
        assertEquals(List.of("store early", "first", "middle", "store late", "last"), order);
    }

    @Test
    void aTeacherThatIsNoStudentBeforeIsRefusedWithTheOneThatWasMeant() {
        String expected = "train: student 'small' is taught by a student before it; got ";
        assertEquals(expected + "'assistent', which no entry trains; write 'assistant'",
                refused("", student("assistant", ""), student("small", ", teacher: {earlier: assistent}")));
        assertEquals(expected + "'xyz', which no entry trains; there are assistant",
                refused("", student("assistant", ""),
                        student("small", ", teacher: large, more_teachers: [{earlier: xyz}]")));
        assertEquals(expected + "'xyz', which no entry trains; none is there; name a folder",
                refused("", student("small", ", teacher: {earlier: xyz}")));
        assertEquals(expected + "'small' itself, a circle; name another",
                refused("", student("small", ", teacher: {earlier: small}")));
        assertEquals(expected + "'assistant', which is trained after it; put the entry 'assistant' before 'small'",
                refused("", student("small", ", teacher: {earlier: assistant}"), student("assistant", "")));
        assertEquals(expected + "'assistant', which itself stands on 'small', a circle; name another",
                refused("", student("small", ", more_teachers: [{earlier: assistant}]"),
                        student("assistant", ", teacher: {earlier: small}")));
        assertEquals(
                "train: student 'small' starts from a student before it; got 'xyz', which no entry trains; none is "
                        + "there; name a folder",
                refused("", "name: small, student: {earlier: xyz}"));
    }

    @Test
    void everyStoreOfSeveralIsLookedAt() {
        String stores = store("s", "large") + ", " + store("t", "{earlier: other}");
        assertEquals(
                "train: student 'small' learns from the store 'u', which this recipe does not capture; known: [s, t]",
                refused(stores, student("other", ""), student("small", ", captured: s, more_captured: [u]")));
        assertEquals(
                "train: student 'small' learns from the store 't', captured from a student before it; got 'other', "
                        + "which is trained after it; put the entry 'other' before 'small'",
                refused(stores, student("small", ", captured: s, more_captured: [t]"), student("other", "")));
        assertEquals(
                "train: student 'small' learns from the store 't', captured from a student before it; got 'other', "
                        + "which itself stands on 'small', a circle; name another",
                refused(stores + ", " + store("v", "{earlier: small}"),
                        student("small", ", captured: s, more_captured: [t]"),
                        student("other", ", captured: s, more_captured: [v]")));
    }

    @Test
    void aStoreThatIsCapturedFromAStudentLaterThanWhoLearnsFromItIsRefused() {
        String expected = "train: student 'small' learns from the store 's', captured from a student before it; got ";
        assertEquals(
                "logits: store 's' is captured from a student of this recipe; got 'smal', which no entry trains; "
                        + "write 'small'",
                refused(store("s", "{earlier: smal}"), student("small", "")));
        assertEquals(expected + "'small' itself, a circle; name another",
                refused(store("s", "{earlier: small}"), student("small", ", captured: s")));
        assertEquals(expected + "'other', which is trained after it; put the entry 'other' before 'small'",
                refused(store("s", "{earlier: other}"), student("small", ", captured: s"), student("other", "")));
        assertEquals(expected + "'other', which itself stands on 'small', a circle; name another",
                refused(store("s", "{earlier: other}"), student("small", ", captured: s"),
                        "name: middle, student: {earlier: small}", student("other", ", teacher: {earlier: middle}")));
    }
}
