package dev.socratic.trainer.run.card;

import dev.socratic.core.io.IoProblems;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.ContentHashes;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.run.prepare.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where a student comes from, for its card. The trainer knows models and files; whoever runs a recipe adds the teacher
/// behind an endpoint, whose text the rows are, and figures of an evaluation.
///
/// @param base     the model whose weights it starts from
/// @param teachers models it was taught by, or whose answers it learned
/// @param data     what it read
/// @param figures  what an evaluation said
public record Lineage(Optional<Model> base, List<Model> teachers, List<Data> data, List<Figure> figures) {
    public static final Lineage NONE = new Lineage(Optional.empty(), List.of(), List.of(), List.of());

    private static final Pattern CACHED = Pattern.compile("models--([^/]+?)--([^/]+)");
    private static final Pattern LICENSE = Pattern.compile("(?m)^license:\\s*['\"]?([A-Za-z0-9._+-]+)");
    private static final Pattern LICENSE_NAME = Pattern.compile("(?m)^license_name:\\s*['\"]?([A-Za-z0-9._+-]+)");

    public Lineage {
        teachers = List.copyOf(teachers);
        data = List.copyOf(data);
        figures = List.copyOf(figures);
    }

    /// @param name    as hubs name it, `org/name`, or the name of its folder, or of the model behind an endpoint
    /// @param license as its own card says, where it does: `license`, or `license_name` where that is `other`
    public record Model(String name, Optional<String> license) {
        /// @param folder of the model; its `README.md` may say the licence
        public static Model of(Path folder) {
            Path whole = folder.toAbsolutePath().normalize();
            Matcher cached = CACHED.matcher(whole.toString().replace('\\', '/'));
            String name = cached.find() ? cached.group(1) + "/" + cached.group(2) : String.valueOf(whole.getFileName());
            return new Model(name, license(folder.resolve("README.md")));
        }

        private static Optional<String> license(Path card) {
            if (!Files.isRegularFile(card)) {
                return Optional.empty();
            }
            try {
                String text = Files.readString(card);
                int end = text.startsWith("---") ? text.indexOf("\n---", 3) : -1;
                String head = text.substring(0, Math.max(0, end));
                Optional<String> license = said(LICENSE, head);
                return license.filter("other"::equals).flatMap(other -> said(LICENSE_NAME, head)).or(() -> license);
            } catch (IOException e) {
                throw IoProblems.reading(card, e);
            }
        }

        private static Optional<String> said(Pattern field, String head) {
            Matcher said = field.matcher(head);
            return said.find() ? Optional.of(said.group(1)) : Optional.empty();
        }

        @Override
        public String toString() {
            return name + license.map(said -> " (license " + said + ")").orElse("");
        }
    }

    /// @param path   from the run's folder, or the file's name where it lies elsewhere
    /// @param sha256 of its bytes
    public record Data(String path, String sha256) {}

    /// @param task  what was asked
    /// @param value as reports write it
    public record Figure(String task, String value) {}

    /// @param stage the training's folder in its run, `<run>/train/<name>`
    /// @return what the config names
    public static Lineage of(TrainConfig config, Objective objective, Path stage) {
        List<Model> teachers = objective.needsTeacher()
                ? Stream.concat(config.teacherFolder().stream(), config.moreTeacherFolders().stream()).map(Model::of)
                        .toList()
                : List.of();
        Path run = Optional.ofNullable(stage.toAbsolutePath().normalize().getParent()).map(Path::getParent)
                .orElse(stage);
        List<Data> data = new ArrayList<>();
        config.data().ifPresent(source -> files(source, run, data));
        return new Lineage(TokenizerFiles.start(config.student()).map(Model::of), teachers, data, List.of());
    }

    private static void files(ExampleSource source, Path run, List<Data> data) {
        switch (source) {
            case ExampleSource.File file -> {
                Path whole = file.path().toAbsolutePath().normalize();
                String path = whole.startsWith(run) ? run.relativize(whole).toString().replace('\\', '/')
                        : String.valueOf(whole.getFileName());
                data.add(new Data(path, ContentHashes.ofData(source)));
            }
            case ExampleSource.WordProblems ignored -> { }
            case ExampleSource.Mix mix -> mix.parts().forEach(part -> files(part.source(), run, data));
        }
    }

    /// @return both; a base of the other counts where this has none
    public Lineage and(Lineage more) {
        return new Lineage(base.or(more::base), joined(teachers, more.teachers), joined(data, more.data),
                joined(figures, more.figures));
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        return Stream.concat(one.stream(), other.stream()).distinct().toList();
    }
}
