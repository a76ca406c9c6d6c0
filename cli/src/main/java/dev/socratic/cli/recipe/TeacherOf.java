package dev.socratic.cli.recipe;

import dev.socratic.core.licence.OutputTerms;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.run.card.Lineage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A teacher that a recipe names.
///
/// @param place   in the recipe
/// @param model   its name, and the licence its card names
/// @param address where it is asked, of an endpoint
/// @param gives   `text`, `distributions` or a store's name
record TeacherOf(String place, Lineage.Model model, Optional<String> address, String gives) {

    /// @return what is known of the terms on its output
    Optional<OutputTerms> terms() {
        return OutputTerms.of(model.name(), model.license(), address);
    }

    /// @return all teachers of a recipe that are no students of its own
    static List<TeacherOf> all(Recipe recipe) {
        List<TeacherOf> all = new ArrayList<>();
        all.addAll(written(recipe));
        for (int i = 0; i < recipe.logits().size(); i++) {
            all.addAll(captured("logits[%s]".formatted(i), recipe.logits().get(i)));
        }
        for (int i = 0; i < recipe.train().size(); i++) {
            all.addAll(live("train[%s]".formatted(i), recipe.train().get(i)));
        }
        return all;
    }

    /// @return those one student learns from, at first hand
    static List<TeacherOf> of(Recipe recipe, TrainConfig student) {
        List<TeacherOf> all = new ArrayList<>();
        if (student.data().isEmpty() && recipe.answers().isEmpty()) {
            all.addAll(written(recipe));
        }
        all.addAll(live("train", student));
        recipe.logits().stream().filter(store -> student.capturedStores().contains(store.name()))
                .forEach(store -> all.addAll(captured("logits", store)));
        return all;
    }

    /// Everybody whose text a student may read: the teacher, and whom the strategy asks beside it.
    private static List<TeacherOf> written(Recipe recipe) {
        List<TeacherOf> all = new ArrayList<>();
        recipe.generate().ifPresent(generate -> all.add(text("generate.teacher", generate.teacher())));
        recipe.played().forEach((name, model) -> all.add(text("models." + name, model)));
        return all;
    }

    private static TeacherOf text(String place, TeacherConfig teacher) {
        return switch (teacher) {
            case TeacherConfig.Weights weights ->
                new TeacherOf(place + ".weights.path", model(weights.path()), Optional.empty(), "text");
            case TeacherConfig.Endpoint endpoint -> served(place + ".endpoint", endpoint, "text");
        };
    }

    private static TeacherOf served(String place, TeacherConfig.Endpoint endpoint, String gives) {
        return new TeacherOf(place + ".model", new Lineage.Model(endpoint.model(), Optional.empty()),
                Optional.of(endpoint.baseUrl()), gives);
    }

    private static List<TeacherOf> captured(String place, Capture store) {
        List<TeacherOf> all = new ArrayList<>();
        String gives = "store " + store.name();
        store.endpoint().ifPresent(endpoint -> all.add(served(place + ".endpoint", endpoint, gives)));
        store.teacher().flatMap(TeacherOf::folder).ifPresent(folder ->
                all.add(new TeacherOf(place + ".teacher", model(folder), Optional.empty(), gives)));
        return all;
    }

    private static List<TeacherOf> live(String place, TrainConfig student) {
        List<TeacherOf> all = new ArrayList<>();
        student.teacher().flatMap(TeacherOf::folder).ifPresent(folder ->
                all.add(new TeacherOf(place + ".teacher", model(folder), Optional.empty(), "distributions")));
        for (int i = 0; i < student.moreTeachers().size(); i++) {
            String more = place + ".more_teachers[%s]".formatted(i);
            folder(student.moreTeachers().get(i)).ifPresent(folder ->
                    all.add(new TeacherOf(more, model(folder), Optional.empty(), "distributions")));
        }
        return all;
    }

    private static Optional<Path> folder(ModelRef model) {
        return switch (model) {
            case ModelRef.Folder folder -> Optional.of(folder.path());
            case ModelRef.Earlier ignored -> Optional.empty();
            case ModelRef.Self ignored -> Optional.empty();
        };
    }

    /// A folder that is not there is told by the look at models.
    private static Lineage.Model model(Path folder) {
        return Files.isDirectory(folder) ? Lineage.Model.of(folder)
                : new Lineage.Model(String.valueOf(folder.getFileName()), Optional.empty());
    }
}
