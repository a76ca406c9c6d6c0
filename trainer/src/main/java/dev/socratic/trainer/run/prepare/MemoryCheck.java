package dev.socratic.trainer.run.prepare;

import dev.socratic.core.config.Copies;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageReport;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.ByteSize;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.memory.MemoryNeed;
import dev.socratic.trainer.plan.memory.MemoryText;
import dev.socratic.trainer.plan.memory.MicroBatchSize;
import dev.socratic.trainer.plan.memory.ProcessMemory;
import dev.socratic.trainer.plan.memory.TrainingMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What a training will take, from the configs of its models, before one of them is loaded.
public final class MemoryCheck {
    private MemoryCheck() {}

    /// @param config         with its `max_seq`
    /// @param vocab          tokens of the student's tokenizer, for a student without a config
    /// @param compute        of the student
    /// @param teacherCompute of teachers
    /// @return empty for an encoder
    public static Optional<TrainingMemory> of(TrainConfig config, Objective objective, int vocab, Compute compute,
            Compute teacherCompute) {
        boolean live = config.store().isEmpty();
        List<Path> teachers = new ArrayList<>();
        Stream.concat(config.teacher().stream().filter(ignored -> objective.needsTeacher()),
                config.moreTeachers().stream().filter(ignored -> objective.needsTeachers()))
                .filter(ignored -> live).forEach(teacher -> {
            if (teacher instanceof ModelRef.Folder folder) {
                teachers.add(folder.path());
            }
        });
        if (teachers.stream().anyMatch(EncoderConfig::isOf)) {
            return Optional.empty();
        }
        return shape(config.student(), vocab).map(student -> new TrainingMemory(config, objective, student,
                teachers.stream().map(ModelConfig::read).toList(), compute, teacherCompute, ProcessMemory.TYPICAL));
    }

    /// @param vocab tokens of its tokenizer, for a student without a config
    /// @return the student's shape; empty for an encoder, and for layers that are not there
    public static Optional<ModelConfig> shape(StudentStart start, int vocab) {
        return switch (start) {
            case StudentStart.Architecture architecture -> decoder(architecture.path());
            case StudentStart.Folder folder -> decoder(folder.path());
            case StudentStart.Earlier earlier -> throw earlier.unknown();
            case StudentStart.LayersOf layers -> decoder(layers.path())
                    .filter(whole -> layers.keep().of(whole.layers()).getLast() < whole.layers())
                    .map(whole -> whole.keeping(layers.keep().of(whole.layers())));
            case StudentStart.Random random -> Optional.of(ModelConfig.llama(vocab, random.hidden(), random.layers(),
                    random.heads(), random.kvHeads(), random.intermediate(), random.context(), random.tiedHead(),
                    SpecialTokens.none()));
        };
    }

    /// @return nothing for an encoder
    public static Optional<ModelConfig> decoder(Path folder) {
        return EncoderConfig.isOf(folder) ? Optional.empty() : Optional.of(ModelConfig.read(folder));
    }

    /// The micro-batch that fits into the limit, where one is written.
    ///
    /// @param folder with the student's tokenizer
    /// @return the config with that many `micro_tokens`
    /// @throws ConfigException if not even one row fits, with what would make it, or for an encoder
    public static TrainConfig limited(TrainConfig config, Objective objective, Path folder, Compute compute,
            Compute teacherCompute, Progress progress) {
        if (config.memory().limit().isEmpty()) {
            return config;
        }
        TrainingMemory training;
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            training = of(config, objective, tokenizer.vocabularySize(), compute, teacherCompute)
                    .orElseThrow(() -> new ConfigException("memory.limit", "a decoder as the student", "an encoder",
                            "leave it out and write micro_tokens"));
        }
        ByteSize limit = ByteSize.of("memory.limit", config.memory().limit().get());
        int tokens = MicroBatchSize.within(training, limit.bytes());
        if (tokens < config.microTokens()) {
            progress.note("memory: micro_tokens %s instead of %s, so that the training fits into %s".formatted(tokens,
                    config.microTokens(), config.memory().limit().get()));
        }
        return Copies.with(config, Map.of("microTokens", tokens));
    }

    /// Says on one line what is foretold, trains, and says what it took.
    ///
    /// @param training empty where nothing is foretold
    /// @return the training's report, with what was foretold beside the peak that the manifest keeps
    public static StageReport told(Optional<TrainingMemory> training, Progress progress, Supplier<StageReport> work) {
        Optional<MemoryNeed> need = training.map(TrainingMemory::peak);
        need.ifPresent(foretold -> progress.note("memory: about " + MemoryText.line(foretold)));
        StageReport report = work.get();
        if (need.isEmpty()) {
            return report;
        }
        long peak = ProcessMemory.peak();
        if (peak > 0) {
            progress.note("memory: took %s at most, foretold were %s".formatted(MemoryText.gib(peak),
                    MemoryText.gib(need.get().total())));
        }
        Map<String, Object> notes = new LinkedHashMap<>(report.notes());
        notes.put("memory_foretold_mb", need.get().total() >> 20);
        return new StageReport(report.counts(), report.usage(), notes, report.incomplete());
    }
}
