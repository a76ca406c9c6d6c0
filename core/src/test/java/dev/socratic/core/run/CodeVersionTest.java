package dev.socratic.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeVersionTest {
    @TempDir
    Path classes;

    @Test
    void whatIsPackagedAroundAClassDoesNotCountAndWhereOnePackageCountsNoOtherDoes() throws IOException {
        write("a/core/template/Template.class", "1");
        write("a/core/config/Reader.class", "1");
        String all = CodeVersion.content(classes, "");
        String one = CodeVersion.content(classes, "a/core/template/");
        write("META-INF/MANIFEST.MF", "built just now");
        assertEquals(all, CodeVersion.content(classes, ""));
        write("a/core/config/Reader.class", "2");
        assertNotEquals(all, CodeVersion.content(classes, ""));
        assertEquals(one, CodeVersion.content(classes, "a/core/template/"));
        write("a/core/template/Template.class", "2");
        assertNotEquals(one, CodeVersion.content(classes, "a/core/template/"));
    }

    private void write(String name, String content) throws IOException {
        Path file = classes.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
