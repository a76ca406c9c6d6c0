package dev.socratic.cli.recipe;

import dev.socratic.core.text.TextModel;
import dev.socratic.generator.engine.Actor;
import dev.socratic.generator.strategy.Strategy;
import dev.socratic.generator.teacher.TeacherConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/// The models of a recipe that a strategy asks beside its teacher, open until this is closed.
///
/// @param actors by the name the recipe has for them
record OpenedModels(Map<String, Actor> actors) implements AutoCloseable {

    static OpenedModels of(SortedMap<String, TeacherConfig> models, long seed, Work.Surroundings around) {
        OpenedModels opened = new OpenedModels(new LinkedHashMap<>());
        try {
            models.forEach((name, config) -> {
                TextModel model = Models.teacher(config, around.environment(), seed, around.threads(),
                        switch (config) {
                            case TeacherConfig.Weights weights -> around.computes().of(
                                    "models.%s.weights".formatted(name), weights.device(), weights.dtype(),
                                    weights.weights());
                            case TeacherConfig.Endpoint ignored -> around.computes().all();
                        });
                opened.actors().put(name, new Actor(model, config));
                around.computes().tell("models." + name, model);
            });
            return opened;
        } catch (RuntimeException | Error failed) {
            opened.close();
            throw failed;
        }
    }

    /// @return all of them and the teacher
    Map<String, Actor> with(TextModel teacher, TeacherConfig config) {
        Map<String, Actor> all = new LinkedHashMap<>(actors);
        all.put(Strategy.TEACHER, new Actor(teacher, config));
        return all;
    }

    @Override
    public void close() {
        actors.values().forEach(actor -> actor.model().close());
    }
}
