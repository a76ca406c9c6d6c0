package dev.socratic.trainer.run.checkpoint;

import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.TaskScores;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Compute;
import dev.socratic.prompts.PromptTemplate;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.ContentHashes;
import dev.socratic.trainer.data.PassRates;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.teacher.StoreChecks;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything a training's result depends on: config and objective with every default, the content of the files they
/// name, number of threads, device, library and number types.
public final class Fingerprint {
    private Fingerprint() {}

    /// @param config  with every default
    /// @param data    what it reads
    /// @param context whose folder has the tokenizer already
    /// @param tasks   by whose scores it may choose
    /// @return SHA-256, which names the run to its checkpoints
    public static String of(TrainConfig config, ExampleSource data, Objective objective, StageContext context,
            Compute compute, Optional<TaskScores.Ready> tasks) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("config", ConfigWriter.tree(config));
        all.put("objective", ConfigWriter.tree(objective));
        all.put("threads", context.threads());
        all.put("compute", compute.facts());
        config.teacherPrompt().ifPresent(prompt ->
                all.put("teacher_prompt", PromptTemplate.named(prompt.file()).hash()));
        all.put("data", ContentHashes.ofData(data));
        config.curriculum().ifPresent(curriculum -> all.put("curriculum",
                PassRates.files(curriculum.samples()).stream().map(Hashes::ofFile).toList()));
        config.evaluate().ifPresent(evaluate -> all.put("evaluate", ContentHashes.ofData(evaluate.source())));
        tasks.ifPresent(asked -> all.put("tasks", asked.hash()));
        config.teacherFolder().ifPresent(teacher -> all.put("teacher", ContentHashes.ofModel(teacher)));
        List<Path> stores = StoreChecks.named(config, objective);
        stores.stream().findFirst().ifPresent(store -> all.put("store", LogitStore.hash(store)));
        if (stores.size() > 1) {
            all.put("more_stores", stores.stream().skip(1).map(LogitStore::hash).toList());
        }
        if (!config.moreTeachers().isEmpty()) {
            all.put("more_teachers", config.moreTeacherFolders().stream().map(ContentHashes::ofModel).toList());
        }
        switch (config.student()) {
            case StudentStart.Random ignored -> {}
            case StudentStart.Architecture start ->
                    all.put("student", Hashes.ofFile(start.path().resolve("config.json")));
            case StudentStart.Earlier earlier -> throw earlier.unknown();
            case StudentStart.Folder start -> all.put("student", ContentHashes.ofModel(start.path()));
            case StudentStart.LayersOf start -> all.put("student", ContentHashes.ofModel(start.path()));
        }
        all.put("tokenizer", Hashes.ofFile(context.folder().resolve("tokenizer.json")));
        return Hashes.ofJson(all);
    }
}
