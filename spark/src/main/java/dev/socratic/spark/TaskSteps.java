package dev.socratic.spark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.Passage;
import dev.socratic.curator.QuestionTexts;
import dev.socratic.curator.Steps;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.datasets.source.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/// Steps of a curation in one task: the classes that a single machine runs, fresh ones for each task, which are shown
/// the same sample of the corpus before they judge.
final class TaskSteps implements AutoCloseable {
    private final Path scratch;
    private final QuestionTexts texts;
    private final List<Step> steps = new ArrayList<>();
    private final int first;

    /// @param from number of the first step
    /// @param to   number behind the last one
    TaskSteps(Job job, int from, int to) {
        this.first = from;
        try {
            this.scratch = Files.createTempDirectory("socratic-spark");
            this.texts = QuestionTexts.none(scratch.resolve("questions"));
            List<StepConfig> configs = job.steps();
            for (int i = from; i < to; i++) {
                steps.add(Steps.of(configs.get(i), List.of(), Files.createDirectory(scratch.resolve("step-" + i))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!steps.isEmpty()) {
            job.sample().forEach(row -> steps.forEach(step -> step.sample(candidate(row))));
        }
        if (TaskContext.get() != null) {
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> close());
        }
    }

    /// @param row as [#spilled] wrote it, or as it was read
    Candidate candidate(String row) {
        return texts.row(Exchange.of(Json.read(row, ObjectNode.class, "a row")));
    }

    /// @return a folder that goes with the task
    Path scratch() {
        return scratch;
    }

    QuestionTexts texts() {
        return texts;
    }

    Passage passage(String spilled) {
        return Passage.of(Json.read(spilled, ObjectNode.class, "a row"), json -> texts.row(Exchange.of(json)));
    }

    List<Step> steps() {
        return steps;
    }

    /// @param row that is alive
    /// @return what the steps make of it, one after the other
    Fate judge(Fate row) {
        Passage passage = passage(row.passage());
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Decision decision = step.judge(passage.row(), passage.scores());
            passage = passage.measured(step.name(), decision);
            switch (decision) {
                case Decision.Keep keep -> {}
                case Decision.Edit edit ->
                        passage = passage.edited(step.name(), edit, json -> texts.row(Exchange.of(json)));
                case Decision.Drop drop -> {
                    String line = Json.line(passage.dropped(step.name(), drop));
                    ObjectNode gone = passage.row().json().put("step", step.name()).put("reason", drop.reason());
                    gone.set("evidence", drop.evidence());
                    return new Fate(row.place(), "", first + i, drop.reason(), line, Json.line(gone));
                }
            }
        }
        return Fate.alive(row.place(), Json.line(passage.spilled()));
    }

    @Override
    public void close() {
        steps.forEach(Step::close);
        texts.close();
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
