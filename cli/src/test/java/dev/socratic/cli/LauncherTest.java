package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher itself, over a checkout that is built already, with this JDK.
class LauncherTest {
    private static final String SHOW = "-XX:+PrintCommandLineFlags";

    @TempDir
    static Path folder;

    private static Path home;

    @BeforeAll
    static void checkout() throws IOException {
        home = folder.resolve("checkout");
        Files.createDirectories(home.resolve("cli/target/lib"));
        Files.copy(Path.of("..", "socratic"), home.resolve("socratic"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, Stream.of(entries)
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(home.resolve("cli/target/lib/built.jar")), manifest).close();
        Files.writeString(home.resolve("cli/target/.built"), "");
    }

    private record Ended(int status, String said) {
        long heap() {
            return megabytes("MaxHeapSize");
        }

        long megabytes(String flag) {
            Matcher found = Pattern.compile("-XX:%s=(\\d+)".formatted(flag)).matcher(said);
            assertTrue(found.find(), said);
            return Long.parseLong(found.group(1)) >> 20;
        }
    }

    private static Ended run(Map<String, String> environment, String... words) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of("bash", home.resolve("socratic").toString()), Stream.of(words)).toList());
        builder.directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("LC_.*|LANG|SOCRATIC_JAVA_OPTS"));
        builder.environment().put("SOCRATIC_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }

    @Test
    void theHeapIsAQuarterOfTheMemoryAndAtLeastTwoGigabytes() throws Exception {
        long memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize() >> 20;
        Ended ended = run(Map.of("SOCRATIC_JAVA_OPTS", SHOW), "--version");
        assertEquals(0, ended.status(), ended.said());
        assertEquals(Math.max(2048, memory / 4), ended.heap(), 2, "other options leave it");
    }

    /// A limit of a container that is none is a number of nineteen digits.
    @Test
    void theLauncherSaysNothingOfItsOwn() throws Exception {
        assertEquals("socratic 0.1.0-SNAPSHOT", run(Map.of(), "--version").said().strip());
    }

    @Test
    void aHeapThatIsSetReplacesOurs() throws Exception {
        assertEquals(300, run(Map.of("SOCRATIC_JAVA_OPTS", "-Xmx300m " + SHOW), "--version").heap());
    }

    /// What is garbage stays with the process: a training of a model of nothing took two gigabytes.
    @Test
    void newObjectsHaveLittleRoomUnlessItIsSet() throws Exception {
        assertEquals(512, run(Map.of("SOCRATIC_JAVA_OPTS", SHOW), "--version").megabytes("MaxNewSize"));
        assertEquals(128, run(Map.of("SOCRATIC_JAVA_OPTS", SHOW), "train", "--help").megabytes("MaxNewSize"));
        assertEquals(64, run(Map.of("SOCRATIC_JAVA_OPTS", "-Xmn64m " + SHOW), "--version").megabytes("MaxNewSize"));
    }

    @Test
    void namesBeyondAsciiAreReadWithoutALocale() throws Exception {
        String name = "fragen_äß日.jsonl";
        Files.writeString(folder.resolve(name), "{\"question\": \"2 + 2?\", \"answer\": \"4\", \"gold\": \"4\"}\n");
        for (Map<String, String> locale : List.<Map<String, String>>of(
                Map.of(), Map.of("LC_ALL", "C"), Map.of("LC_ALL", "POSIX"), Map.of("LANG", "xx_YY.UTF-8"))) {
            Ended ended = run(locale, "verify", name, "--gold", "gold", "--answer", "answer");
            assertEquals(0, ended.status(), locale + ended.said());
            assertTrue(ended.said().contains("1 equal"), locale + ended.said());
        }
    }
}
