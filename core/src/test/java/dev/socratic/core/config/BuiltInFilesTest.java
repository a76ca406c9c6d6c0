package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInFilesTest {
    private record Colour(int red) {}

    private final BuiltInFiles colours = new BuiltInFiles(BuiltInFilesTest.class, "/dev/socratic/core/config/colours/",
            ".yaml", "colour", "a colour", "name a file by its path");

    @Test
    void theNamesAreThoseOfTheFiles() {
        assertEquals(List.of("crimson", "rust"), colours.names());
        assertEquals(new Colour(220), colours.read("crimson", Colour.class).value());
    }

    @Test
    void aFileOfOnesOwnIsReadToo(@TempDir Path folder) throws IOException {
        Path own = Files.writeString(folder.resolve("own.yaml"), "red: 7\n");

        assertEquals(new Colour(7), colours.read(own.toString(), Colour.class).value());
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearest() {
        assertEquals("colour: a colour or a file; got 'crimsom'; write 'crimson'", refused("crimsom"));
        assertEquals("colour: a colour or a file; got 'blue'; name a file by its path", refused("blue"));
    }

    private String refused(String name) {
        return assertThrows(ConfigException.class, () -> colours.read(name, Colour.class)).getMessage();
    }
}
