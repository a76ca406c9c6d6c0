package dev.socratic.core.run;

import dev.socratic.core.json.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What code did the work: a hash of the classes and resources of whole modules. Building the same sources again
/// gives the same version, wherever they lie and whether they are a jar or a folder of classes.
///
/// Of this module, `core`, on which everything stands, the package of a door counts alone: another message in a
/// config's reader is no reason to train again.
public final class CodeVersion {
    private CodeVersion() {}

    /// @param doors one class of each module that takes part, and of each package of `core` that decides what comes out
    /// @return 16 hexadecimal digits
    public static String of(Class<?>... doors) {
        TreeMap<String, String> modules = new TreeMap<>();
        for (Class<?> door : doors) {
            boolean core = place(door).equals(place(CodeVersion.class));
            String under = core ? door.getPackageName().replace('.', '/') + "/" : "";
            modules.put(door.getName(), hash(place(door), under));
        }
        return Hashes.ofJson(modules).substring(0, 16);
    }

    private static String hash(Path place, String under) {
        try {
            if (Files.isDirectory(place)) {
                return content(place, under);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return content(jar.getPath("/"), under);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the code in " + place, e);
        }
    }

    /// Packaging writes times and its own files under META-INF, so only what was compiled counts.
    ///
    /// @param under the folder within it that counts; empty for all
    static String content(Path root, String under) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (name.startsWith(under) && !name.startsWith("META-INF/") && !name.startsWith(".")) {
                    hashes.put(name, Hashes.ofFile(file));
                }
            }
        }
        return Hashes.ofJson(hashes);
    }

    private static Path place(Class<?> door) {
        CodeSource source = Optional.ofNullable(door.getProtectionDomain().getCodeSource())
                .orElseThrow(() -> new IllegalArgumentException(door + " is part of the platform, not of a module"));
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no path: " + source.getLocation(), e);
        }
    }
}
