package dev.socratic.cli.recipe;

import dev.socratic.core.error.SocraticException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.run.RunFolder;
import dev.socratic.eval.report.ReportInput.ModelSize;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// The models a run evaluates: how large they are, and which of them a training of the run made out of which other.
record EvaluatedModels(Recipe recipe, RunFolder run) {

    /// @return by the model's name; without those of which nothing is known here, such as endpoints
    Map<String, ModelSize> sizes() {
        Map<String, ModelSize> sizes = new LinkedHashMap<>();
        recipe.eval().ifPresent(evaluation -> evaluation.inOrder().forEach((name, model) ->
                folder(model).filter(Files::isDirectory).ifPresent(folder ->
                        sizes.put(name, new ModelSize(parameters(folder), bytes(folder))))));
        return sizes;
    }

    /// @return trained models with what they began from, where both are evaluated
    SequencedMap<String, String> trained() {
        SequencedMap<String, String> trained = new LinkedHashMap<>();
        recipe.eval().ifPresent(evaluation -> evaluation.inOrder().forEach((after, model) -> {
            if (model instanceof Evaluation.Model.Student one) {
                training(one.name()).ifPresent(student -> evaluation.inOrder().forEach((before, other) -> {
                    if (CardScores.role(other, student, recipe).filter("base"::equals).isPresent()) {
                        trained.put(after, before);
                    }
                }));
            }
        }));
        return trained;
    }

    private Optional<TrainConfig> training(String name) {
        return recipe.train().stream().filter(student -> student.name().equals(name)).findFirst();
    }

    private Optional<Path> folder(Evaluation.Model model) {
        return switch (model) {
            case Evaluation.Model.Weights weights -> Optional.of(weights.path());
            case Evaluation.Model.Student student -> Optional.of(run.folder("train/" + student.name()));
            case Evaluation.Model.Endpoint ignored -> Optional.empty();
            case Evaluation.Model.Teacher ignored -> recipe.generate().map(generate -> generate.teacher())
                    .flatMap(teacher -> teacher instanceof TeacherConfig.Weights weights
                            ? Optional.of(weights.path()) : Optional.empty());
        };
    }

    /// A page is also written of a model whose folder has been moved or changed since.
    private static Optional<Long> parameters(Path folder) {
        try {
            return Optional.of(ModelConfig.read(folder).parameters());
        } catch (SocraticException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Long> bytes(Path folder) {
        long sum = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".safetensors")).toList()) {
                sum += Files.size(file);
            }
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
        return Optional.of(sum).filter(n -> n > 0);
    }
}
