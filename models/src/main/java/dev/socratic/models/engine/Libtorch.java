package dev.socratic.models.engine;

import ai.djl.util.Platform;
import dev.socratic.core.error.ConfigException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The tensor library that will be loaded, and why.
///
/// @param folder  named by `PYTORCH_LIBRARY_PATH`; empty: the processor's library of the class path
/// @param version of the library
/// @param flavour what its user says it is (`PYTORCH_FLAVOR`): `cpu`, `cu128`; empty: decided by what is there
/// @param cuda    whether it was built for CUDA
record Libtorch(Optional<Path> folder, String version, Optional<String> flavour, boolean cuda) {
    static final String PATH = "PYTORCH_LIBRARY_PATH";
    static final String VERSION = "PYTORCH_VERSION";
    static final String FLAVOR = "PYTORCH_FLAVOR";
    /// The one CUDA that our JNI was built for; any 12.x of library and driver serves it.
    static final String FOR_CUDA = "cu128";
    private static final Pattern WHEEL = Pattern.compile("__version__ = '([0-9.]+)");

    /// What environment and system properties name, as DJL will read them: the environment first.
    static Libtorch found() {
        return found(name -> Optional.ofNullable(System.getenv(name)).or(() -> Optional.ofNullable(
                System.getProperty(name))).filter(text -> !text.isBlank()));
    }

    /// @param settings by name
    /// @throws ConfigException where one of them cannot be
    static Libtorch found(Function<String, Optional<String>> settings) {
        String pinned = Pinned.VERSION;
        Optional<String> path = settings.apply(PATH);
        Optional<String> flavour = settings.apply(FLAVOR);
        if (path.isEmpty()) {
            flavour.filter(said -> !said.equals("cpu")).ifPresent(said -> {
                throw new ConfigException(FLAVOR, "cpu, for the library of the class path", "'" + said + "'",
                        "set " + PATH + " to the folder of a library of that flavour, or unset " + FLAVOR);
            });
            return new Libtorch(Optional.empty(), pinned, Optional.of("cpu"), false);
        }
        Path folder = folder(path.get());
        String version = wheel(folder).or(() -> settings.apply(VERSION)).orElse(pinned);
        if (!version.equals(pinned)) {
            throw new ConfigException(PATH, "libtorch " + pinned, "%s in %s".formatted(version, folder),
                    "install torch==" + pinned + " and name its lib folder");
        }
        boolean cuda = Files.exists(folder.resolve(System.mapLibraryName("torch_cuda")));
        flavour.filter(said -> !said.equals("cpu") && !cuda).ifPresent(said -> {
            throw new ConfigException(FLAVOR, "cpu, for " + folder + " has no " + System.mapLibraryName("torch_cuda"),
                    "'" + said + "'", "unset " + FLAVOR + ", or name the lib folder of a torch for CUDA");
        });
        return new Libtorch(Optional.of(folder), version, flavour, cuda);
    }

    private static Path folder(String path) {
        String library = System.mapLibraryName("torch");
        return Arrays.stream(path.split(Pattern.quote(File.pathSeparator))).map(Path::of)
                .map(each -> each.endsWith(library) && each.getParent() != null ? each.getParent() : each)
                .filter(each -> Files.isRegularFile(each.resolve(library))).findFirst()
                .orElseThrow(() -> new ConfigException(PATH, "a folder with " + library, "'" + path + "'",
                        "name the lib folder of an installed torch: " + WHERE));
    }

    /// Read once; nothing of it changes while a process lives.
    private static final class Pinned {
        /// Without the day of its build.
        static final String VERSION = Platform.detectPlatform("pytorch").getVersion().split("-", 2)[0];
    }

    /// How a user finds the folder.
    static final String WHERE = "python3 -c 'import torch; print(torch.__path__[0] + \"/lib\")'";

    /// @return the version that a Python wheel says of itself, beside its libraries
    private static Optional<String> wheel(Path folder) {
        Path said = folder.resolveSibling("version.py");
        if (!Files.isRegularFile(said)) {
            return Optional.empty();
        }
        try {
            Matcher version = WHEEL.matcher(Files.readString(said));
            return version.find() ? Optional.of(version.group(1)) : Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    boolean saysCuda() {
        return flavour.filter(said -> said.startsWith("cu")).isPresent();
    }

    /// Whether somebody wrote that a library of the environment is the processor's.
    boolean saysProcessor() {
        return folder.isPresent() && flavour.filter("cpu"::equals).isPresent();
    }

    /// @param gpu whether a GPU is to be used
    /// @return the flavour of the JNI that fits
    String flavour(boolean gpu) {
        return flavour.orElse(gpu ? FOR_CUDA : "cpu");
    }

    /// Tells DJL what it would not find out: without a flavour it asks for one that its jar does not have.
    void announce(boolean gpu) {
        if (folder.isPresent()) {
            set(FLAVOR, flavour(gpu));
            set(VERSION, version);
        }
    }

    /// After a GPU was tried in vain: the processor's part of DJL is loaded instead.
    void settle() {
        if (flavour.isEmpty()) {
            System.setProperty(FLAVOR, flavour(false));
        }
    }

    private static void set(String name, String value) {
        if (Optional.ofNullable(System.getProperty(name)).filter(text -> !text.isBlank()).isEmpty()) {
            System.setProperty(name, value);
        }
    }

    /// @return library, version and flavour, for manifests
    String kernels(boolean gpu) {
        return "libtorch %s %s".formatted(version, flavour(gpu));
    }

    /// @return where it comes from, for messages and `doctor`
    String words() {
        return "libtorch %s from %s%s".formatted(version,
                folder.map(path -> path + " (" + PATH + ")").orElse("the class path"),
                cuda ? ", for CUDA" : ", for the processor");
    }
}
