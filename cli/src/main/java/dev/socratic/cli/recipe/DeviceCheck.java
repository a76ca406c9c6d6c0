package dev.socratic.cli.recipe;

import dev.socratic.core.error.ConfigException;
import dev.socratic.generator.teacher.TeacherConfig;
import java.util.Optional;
import java.util.Set;

/// Whether each model's own device is there and its type is one, before anything runs.
record DeviceCheck(Recipe recipe, Set<Stage> stages, Computes computes, Findings findings) {
    void run() {
        if (stages.contains(Stage.GENERATE)) {
            recipe.generate().ifPresent(generate -> teacher("generate.teacher", generate.teacher()));
            recipe.played().forEach((name, model) -> teacher("models." + name, model));
        }
        if (stages.contains(Stage.CURATE)) {
            recipe.asked().forEach((name, model) -> teacher("models." + name, model));
        }
        for (int i = 0; stages.contains(Stage.LOGITS) && i < recipe.logits().size(); i++) {
            model("logits[%s]".formatted(i), recipe.logits().get(i).device(), recipe.logits().get(i).dtype());
        }
        for (int i = 0; stages.contains(Stage.TRAIN) && i < recipe.train().size(); i++) {
            model("train[%s]".formatted(i), recipe.train().get(i).device(), Optional.empty());
        }
        if (stages.contains(Stage.EVAL)) {
            recipe.eval().ifPresent(evaluation -> evaluation.models().forEach((name, model) -> {
                String path = "eval.models." + name;
                switch (model) {
                    case Evaluation.Model.Weights weights ->
                            model(path + ".weights", weights.device(), weights.dtype());
                    case Evaluation.Model.Student student ->
                            model(path + ".student", student.device(), student.dtype());
                    case Evaluation.Model.Endpoint ignored -> { }
                    case Evaluation.Model.Teacher ignored ->
                            recipe.generate().ifPresent(generate -> teacher("generate.teacher", generate.teacher()));
                }
            }));
        }
    }

    private void teacher(String path, TeacherConfig teacher) {
        switch (teacher) {
            case TeacherConfig.Weights weights ->
                    model(path + ".weights", weights.device(), weights.dtype());
            case TeacherConfig.Endpoint ignored -> { }
        }
    }

    private void model(String path, Optional<String> device, Optional<String> dtype) {
        try {
            computes.of(path, device, dtype);
        } catch (ConfigException refused) {
            refused.problems().forEach(problem -> findings.problem(problem.place(), problem));
        }
    }
}
