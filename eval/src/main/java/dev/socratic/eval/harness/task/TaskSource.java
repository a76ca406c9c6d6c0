package dev.socratic.eval.harness.task;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where a task's YAML stands: a file of one's own, or one that comes with the tool.
public sealed interface TaskSource {
    /// @return as messages name it
    String name();

    /// @return the text
    /// @throws ConfigException where there is none
    String text();

    /// @param relative path from the folder it stands in
    TaskSource beside(String relative);

    /// @return the name of the folder it stands in; empty for none
    String folder();

    /// @return the file, where it is one
    Optional<Path> file();

    /// A file.
    record Local(Path path) implements TaskSource {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public String text() {
            Optional<IoProblems.Instead> instead = IoProblems.notThere(path, "a file of a task");
            if (instead.isPresent()) {
                throw new ConfigException(path.toString(), instead.get().expected(), instead.get().got(),
                        instead.get().remedy());
            }
            return RegularFiles.text(path);
        }

        @Override
        public TaskSource beside(String relative) {
            return new Local(path.toAbsolutePath().normalize().getParent().resolve(relative).normalize());
        }

        @Override
        public String folder() {
            Path parent = path.toAbsolutePath().normalize().getParent();
            return parent == null || parent.getFileName() == null ? "" : parent.getFileName().toString();
        }

        @Override
        public Optional<Path> file() {
            return Files.exists(path) ? Optional.of(path) : Optional.empty();
        }
    }

    /// A resource of this package.
    ///
    /// @param path below the folder of tasks: `gsm8k/gsm8k.yaml`
    record BuiltIn(String path) implements TaskSource {
        /// Where such resources lie.
        static final String ROOT = "/dev/socratic/eval/harness/tasks/";

        @Override
        public String name() {
            return "built-in/" + path;
        }

        @Override
        public String text() {
            try (InputStream in = BuiltIn.class.getResourceAsStream(ROOT + path)) {
                if (in == null) {
                    throw new ConfigException(name(), "a file that comes with the tool", "none",
                            "see 'socratic tasks' for those there are");
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new ConfigException(name(), "a file that comes with the tool", "one that cannot be read",
                        "install the tool again", e);
            }
        }

        @Override
        public TaskSource beside(String relative) {
            int slash = path.lastIndexOf('/');
            return new BuiltIn(Path.of(path.substring(0, slash + 1) + relative).normalize().toString()
                    .replace('\\', '/'));
        }

        @Override
        public String folder() {
            int slash = path.indexOf('/');
            return slash < 0 ? "" : path.substring(0, slash);
        }

        @Override
        public Optional<Path> file() {
            return Optional.empty();
        }
    }
}
