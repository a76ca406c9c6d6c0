package dev.socratic.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeVersionTest {
    @TempDir
    Path classes;

    @TempDir
    Path elsewhere;

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

    /// Our own modules are folders while they are built and jars where they are used.
    @Test
    void aJarAndAFolderOfTheSameClassesAreTheSameCodeAndAnyOtherClassBesideItIsOther() throws Exception {
        String door = CodeVersionTest.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(classes.resolve(door).getParent());
        try (InputStream code = CodeVersionTest.class.getResourceAsStream("/" + door)) {
            Files.copy(code, classes.resolve(door));
        }
        write("another/package/Helper.class", "1");
        String folder = versionOf(classes);
        assertEquals(folder, versionOf(jar(files(), "a.jar")));
        write("another/package/Helper.class", "2");
        assertNotEquals(folder, versionOf(classes));
        assertEquals(versionOf(classes), versionOf(jar(files(), "b.jar")));
    }

    @Test
    void aClassOfThePlatformIsNoDoor() {
        assertEquals("class java.lang.String is part of the platform, not of a module",
                assertThrows(IllegalArgumentException.class, () -> CodeVersion.of(String.class)).getMessage());
    }

    private static String versionOf(Path place) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {place.toUri().toURL()}, null)) {
            return CodeVersion.of(loader.loadClass(CodeVersionTest.class.getName()));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(classes)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    private Path jar(List<Path> files, String name) throws IOException {
        Path jar = elsewhere.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : files) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    private void write(String name, String content) throws IOException {
        Path file = classes.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
