package dev.socratic.core.sandbox;

import dev.socratic.core.error.ConfigException;
import java.nio.file.Path;
import java.util.List;

/// A language as it is found on this machine.
///
/// @param language   which
/// @param executable the file itself, links followed
/// @param folders    of the host it needs to see
/// @param version    what it says of itself
public record Interpreter(Language language, Path executable, List<Path> folders, String version) {
    public Interpreter {
        folders = List.copyOf(folders);
    }

    /// Asks the interpreter itself, outside of any sandbox: it is the user's own program.
    ///
    /// @throws ConfigException where it is not here
    static Interpreter find(Language language, SandboxConfig config, HostTools tools) {
        String wanted = config.interpreters().getOrDefault(language.name(), language.program());
        Path found = tools.find(wanted).orElseThrow(() -> new ConfigException(
                "sandbox.interpreters." + language.name(), "a program that runs " + language.name(),
                "'%s', which is not here".formatted(wanted),
                "install it, or write interpreters: {%s: PATH}".formatted(language.name())));
        String version = tools.ask(found, language.version()).lines().findFirst().orElse("");
        if (language.name().equals(Language.PYTHON)) {
            // What is found may be a script that chooses (pyenv).
            found = Path.of(tools.ask(found, List.of("-c", "import sys; print(sys.executable)")).strip());
        }
        Path real = tools.real(found);
        List<Path> folders = (language.folders().isEmpty() ? List.of(home(real))
                : tools.ask(found, language.folders()).lines().map(Path::of).toList())
                .stream().filter(folder -> !isSystem(folder)).map(tools::real).distinct().toList();
        // In a virtual environment the link is the program: who follows it leaves the environment.
        Path program = language.name().equals(Language.PYTHON) && folders.stream().anyMatch(found::startsWith)
                ? found : real;
        return new Interpreter(language, program, folders, version);
    }

    private static Path home(Path executable) {
        Path folder = executable.toAbsolutePath().getParent();
        return folder.endsWith("bin") && folder.getParent() != null ? folder.getParent() : folder;
    }

    private static boolean isSystem(Path folder) {
        return List.of("/usr", "/bin", "/lib", "/lib64", "/sbin").stream().anyMatch(folder::startsWith);
    }
}
