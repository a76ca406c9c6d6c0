package dev.socratic.cli.recipe;

import dev.socratic.models.engine.Compute;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What did the work beside our own code, for the manifest: the JVM, the system, and the libraries whose version a
/// figure may depend on.
final class Versions {
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[\\w.]*(?:-\\d[\\w.]*)?)(?:-[a-z].*)?\\.jar");
    private static final List<String> TOLD = List.of(
            "pytorch-native-cpu", "pytorch-engine", "pytorch-jni", "tokenizers", "lucene-core", "langchain4j-open-ai",
            "okhttp-jvm");

    private Versions() {}

    /// @return by name; libraries as the class path names their jars, and what tensors are computed by and in
    static SortedMap<String, String> all(Compute compute) {
        SortedMap<String, String> versions = of(System.getProperty("java.class.path", ""));
        versions.putAll(compute.facts());
        return versions;
    }

    static SortedMap<String, String> of(String classPath) {
        SortedMap<String, String> versions = new TreeMap<>();
        versions.put("java", Runtime.version().toString());
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        for (String entry : classPath.split(Pattern.quote(System.getProperty("path.separator")))) {
            Path file = Path.of(entry).getFileName();
            Matcher jar = JAR.matcher(file == null ? "" : file.toString());
            if (jar.matches() && TOLD.contains(jar.group(1))) {
                versions.put(jar.group(1), jar.group(2));
            }
        }
        return versions;
    }
}
