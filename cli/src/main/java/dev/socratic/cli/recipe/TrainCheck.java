package dev.socratic.cli.recipe;

import dev.socratic.core.error.Problem;
import dev.socratic.core.error.SocraticException;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TokenizerStart;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.ModelShape;
import dev.socratic.trainer.plan.Planner;
import dev.socratic.trainer.run.prepare.TrainChecks;
import dev.socratic.trainer.teacher.StoreForecast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Whether students, teachers, stores and objectives of a recipe fit each other, from configs, tokenizers and headers.
final class TrainCheck {
    private final Recipe recipe;
    private final ModelCheck models;
    private final Findings findings;
    private final MachineCheck machine;
    private final Forecast forecast;

    TrainCheck(Recipe recipe, ModelCheck models, Findings findings, Path root, Set<Stage> stages,
            MachineCheck machine, Compute compute) {
        this.recipe = recipe;
        this.models = models;
        this.findings = findings;
        this.machine = machine;
        this.forecast = new Forecast(recipe, compute);
    }

    /// The models that stores are captured from.
    void captures() {
        for (int i = 0; i < recipe.logits().size(); i++) {
            Capture store = recipe.logits().get(i);
            String path = "logits[%s]".formatted(i);
            store.teacher().ifPresent(teacher -> {
                if (teacher instanceof ModelRef.Folder folder
                        && models.whole(path + ".teacher", folder.path()).isPresent()) {
                    models.tokenizer(path + ".teacher", folder.path());
                }
            });
            store.tokenizer().filter(folder -> models.folder(path + ".tokenizer", folder))
                    .ifPresent(folder -> models.tokenizer(path + ".tokenizer", folder));
        }
    }

    void students() {
        for (int i = 0; i < recipe.train().size(); i++) {
            student(recipe.train().get(i), "train[%s]".formatted(i));
        }
    }

    private void student(TrainConfig written, String path) {
        boolean whole = start(written, path);
        Optional<Objective> named = objective(written);
        if (named.isEmpty()) {
            return; // told where the objective is named
        }
        Objective objective = named.get();
        TrainConfig config = written.completed(objective);
        problems(path, TrainChecks.ofConfig(config, objective, folder(config).filter(EncoderConfig::isOf).isPresent()));
        rows(config, path, objective);
        boolean live = config.store().isEmpty() && config.captured().isEmpty();
        List<ModelRef> teachers = new ArrayList<>();
        config.teacher().filter(one -> live && objective.needsTeacher() && !(one instanceof ModelRef.Self))
                .ifPresent(teachers::add);
        teachers.addAll(live && objective.needsTeachers() ? config.moreTeachers() : List.of());
        boolean opened = true;
        for (int i = 0; i < teachers.size(); i++) {
            String place = i == 0 ? path + ".teacher" : path + ".more_teachers[%s]".formatted(i - 1);
            opened &= !(teachers.get(i) instanceof ModelRef.Folder folder)
                    || models.whole(place, folder.path()).isPresent();
        }
        stores(config, path, objective);
        if (whole && opened) {
            fit(config, path, objective, teachers);
        }
    }

    /// @return whether what the student starts from opens
    private boolean start(TrainConfig config, String path) {
        String place = path + ".student";
        boolean opened = switch (config.student()) {
            case StudentStart.Random ignored -> true;
            case StudentStart.Architecture shape -> models.shape(place + ".architecture", shape.path()).isPresent();
            case StudentStart.Folder folder -> models.whole(place + ".folder", folder.path()).isPresent();
            case StudentStart.LayersOf layers -> models.whole(place + ".layers_of.path", layers.path()).isPresent();
            case StudentStart.Earlier ignored -> true;
        };
        Optional<TokenizerStart> other = config.tokenizer();
        if (other.isPresent() && other.get() instanceof TokenizerStart.Folder folder) {
            opened &= models.folder(path + ".tokenizer.folder", folder.path())
                    && models.tokenizer(path + ".tokenizer.folder", folder.path()).isPresent();
        }
        return opened;
    }

    private void rows(TrainConfig config, String path, Objective objective) {
        Optional<ExampleSource> data = config.data();
        if (data.isEmpty()) {
            if (objective.needsPairs()) {
                findings.problem(path + ".data",
                        "rows with two answers (prompt, chosen, rejected), which objective '%s' compares".formatted(
                        objective.name()),
                        "the curated corpus, which has one", "give data: {file: {path: ...}} with such rows");
            }
            return;
        }
        Findings told = new Findings(dev.socratic.core.config.Places.none());
        new RowsCheck(told).first("", "row", 1, bad -> data.get().open(bad, 0)).stream().findFirst().ifPresent(row -> {
            if (objective.needsPairs() && !(row instanceof Example.Pair)) {
                findings.problem(path + ".data",
                        "rows with two answers (prompt, chosen, rejected), which objective '%s' compares".formatted(
                        objective.name()),
                        row instanceof Example.Chat ? "conversations with one" : "text",
                                "give such rows, or take the objective sft");
            }
        });
    }

    private void stores(TrainConfig config, String path, Objective objective) {
        if (!objective.needsTeacher()) {
            return;
        }
        Stream.concat(config.store().stream(), config.moreStores().stream())
                .filter(store -> !Files.exists(store.resolve("header.json"))).forEach(store ->
                findings.problem(path + ".store", "a store of a teacher's distributions",
                        "'%s', where there is none".formatted(store),
                        "make one: socratic logits --teacher DIR --data FILE --out %s".formatted(store)));
        List<CaptureConfig> captured = config.capturedStores().stream()
                .flatMap(name -> recipe.logits().stream().filter(store -> store.name().equals(name)))
                        .map(Capture::capture).toList();
        if (!captured.isEmpty()) {
            problems(path, StoreForecast.missing(objective, captured));
        }
    }

    private void fit(TrainConfig config, String path, Objective objective, List<ModelRef> teachers) {
        try {
            forecast.memory(config).ifPresent(need -> machine.training(path, need));
            Optional<ModelConfig> own = forecast.shape(config);
            own.ifPresent(shape -> problems(path, TrainChecks.context(config, shape.context(), "the student's")));
            for (int i = 0; i < teachers.size(); i++) {
                forecast.model(teachers.get(i)).ifPresent(shape ->
                        problems(path, TrainChecks.context(config, shape.context(), "the teacher's")));
            }
            Optional<Planner.Side> student =
                    own.flatMap(shape -> tokenizer(config, path).map(tokenizer -> side(shape, tokenizer)));
            List<Planner.Side> sides = teachers.stream().flatMap(teacher -> side(teacher, path).stream()).toList();
            if (student.isPresent() && sides.size() == teachers.size()
                    && (!sides.isEmpty() || config.selfWeights().isPresent() || !objective.needsTeacher())) {
                problems(path, TrainChecks.ofModels(objective, student.get(), sides.isEmpty()
                        && config.selfWeights().isPresent() ? List.of(student.get()) : sides));
            }
            student.filter(side -> own.isPresent() && side.tokenizer().vocabularySize() > own.get().vocab())
                    .ifPresent(side ->
                    findings.problem(path + ".tokenizer",
                            "at most as many tokens as the student's embedding has rows, %s".formatted(own.get()
                            .vocab()),
                            "%s tokens".formatted(side.tokenizer().vocabularySize()),
                                    "use the tokenizer of the student's own folder"));
        } catch (SocraticException refused) {
            findings.problem(path, refused);
        }
    }

    private Optional<Planner.Side> side(ModelRef teacher, String path) {
        return switch (teacher) {
            case ModelRef.Folder folder -> forecast.model(teacher).flatMap(shape ->
                    models.tokenizer(path + ".teacher", folder.path()).map(tokenizer -> side(shape, tokenizer)));
            case ModelRef.Earlier earlier -> forecast.model(teacher).flatMap(shape ->
                    byName(earlier.name()).flatMap(config -> tokenizer(config, path))
                            .map(tokenizer -> side(shape, tokenizer)));
            case ModelRef.Self ignored -> Optional.empty();
        };
    }

    private static Planner.Side side(ModelConfig shape, Tokenizer tokenizer) {
        return new Planner.Side(ModelShape.of(shape), tokenizer, shape.special().eos().stream().findFirst());
    }

    /// @return the student's tokenizer; nothing where it is trained first
    private Optional<Tokenizer> tokenizer(TrainConfig config, String path) {
        if (config.tokenizer().isPresent()) {
            return config.tokenizer().get() instanceof TokenizerStart.Folder folder
                    ? models.tokenizer(path + ".tokenizer", folder.path()) : Optional.empty();
        }
        return config.student() instanceof StudentStart.Earlier earlier
                ? byName(earlier.name()).flatMap(before -> tokenizer(before, path))
                : folder(config).flatMap(own -> models.tokenizer(path + ".student", own));
    }

    private static Optional<Path> folder(TrainConfig config) {
        return switch (config.student()) {
            case StudentStart.Random ignored -> Optional.empty();
            case StudentStart.Architecture shape -> Optional.of(shape.path());
            case StudentStart.Folder folder -> Optional.of(folder.path());
            case StudentStart.LayersOf layers -> Optional.of(layers.path());
            case StudentStart.Earlier ignored -> Optional.empty();
        };
    }

    private Optional<TrainConfig> byName(String name) {
        return recipe.train().stream().filter(other -> other.name().equals(name)).findFirst();
    }

    private static Optional<Objective> objective(TrainConfig config) {
        try {
            return Optional.of(Objective.named(config.objective()));
        } catch (SocraticException told) {
            return Optional.empty();
        }
    }

    /// What a config lacks stands at the part that is to be added; what an objective says of itself stands where it is
    /// named.
    private void problems(String path, List<Problem> found) {
        for (Problem problem : found) {
            if (problem.place().startsWith("objective ")) {
                findings.problem(path + ".objective", problem);
            } else {
                findings.problem(path + "." + problem.place(),
                        new Problem("", problem.expected(), problem.got(), problem.remedy()));
            }
        }
    }
}
