package dev.socratic.trainer;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// Whole trainings of a model of a few thousand weights on its own text, from a folder to a folder.
public final class OnPolicyRuns {
    private final Path folder;
    private final Path start;
    private final Path rows;

    /// @param start whose text it is
    public OnPolicyRuns(Path folder, TinyModel start) {
        this.folder = folder;
        this.start = start.write(folder.resolve("start"));
        this.rows = written("rows.jsonl", """
                {"messages": [{"role": "user", "content": "2+2"}, {"role": "assistant", "content": "4"}]}
                {"messages": [{"role": "user", "content": "13-5"}, {"role": "assistant", "content": "8"}]}
                {"messages": [{"role": "user", "content": "3*4?"}, {"role": "assistant", "content": "12"}]}
                """.repeat(4));
    }

    /// A chat model whose text is noise.
    public static TinyModel noise() {
        return new TinyModel().added("<|endoftext|>", "<|im_start|>", "<|im_end|>").says("eos_token", "<|endoftext|>")
                .eos(256L, 258L).template(TinyModel.CHATML);
    }

    public Path start() {
        return start;
    }

    public Path folder(String name) {
        return folder.resolve(name);
    }

    public Path written(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param objective its rollout and terms
    /// @param more      further keys of the training
    public TrainConfig config(String objective, String more) {
        Path own = written("own.yaml", "name: own\n" + objective);
        return ConfigReader.read("""
                student: {folder: {path: "%s"}}
                data: {file: {path: "%s"}}
                objective: "%s"
                batch_tokens: 64
                micro_tokens: 128
                max_seq: 128
                optimizer: {learning_rate: 0.01}
                """.formatted(start, rows, own) + more, "train.yaml", TrainConfig.class);
    }

    public StageReport run(TrainConfig config, String name, Progress progress) {
        return TrainStage.run(config, new StageContext(folder.resolve(name), progress, Clock.systemUTC(), 1),
                Compute.CPU);
    }

    /// @return lines of `metrics.jsonl`
    public List<String> metrics(String name) {
        try {
            return Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
