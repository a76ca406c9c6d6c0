package dev.socratic.eval;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// Where samples lie: a file, a folder of them (its newest file of each task), the output folder of
/// lm-evaluation-harness with a folder a model, a run of ours, logs of inspect.
public final class SamplePlaces {
    private static final String EVALUATIONS = "eval";

    private SamplePlaces() {}

    /// @return by task; where several models lie there by `model/task`
    /// @throws DataException if there is nothing of the kind
    public static SequencedMap<String, SavedSamples> read(Path place) {
        SequencedMap<String, SavedSamples> all = new LinkedHashMap<>();
        SequencedMap<String, SequencedMap<String, SavedSamples>> models = models(place);
        models.forEach((model, tasks) -> tasks.forEach((task, samples) ->
                all.put((models.size() == 1 ? "" : model + "/") + task, samples)));
        return all;
    }

    /// @return by the model's folder or, of a file, by its own name, then by task
    public static SequencedMap<String, SequencedMap<String, SavedSamples>> models(Path place) {
        SequencedMap<String, SequencedMap<String, SavedSamples>> models = new LinkedHashMap<>();
        if (!Files.isDirectory(place)) {
            SavedSamples one = SavedSamples.file(place);
            SequencedMap<String, SavedSamples> single = new LinkedHashMap<>();
            single.put(one.task(), one);
            models.put(place.getFileName().toString(), single);
            return models;
        }
        SequencedMap<String, SavedSamples> here = SavedSamples.ofFolder(place);
        if (!here.isEmpty()) {
            models.put(name(place), here);
            return models;
        }
        for (Path folder : folders(Files.isDirectory(place.resolve(EVALUATIONS)) ? place.resolve(EVALUATIONS)
                : place)) {
            SequencedMap<String, SavedSamples> tasks = SavedSamples.ofFolder(folder);
            if (!tasks.isEmpty()) {
                models.put(name(folder), tasks);
            }
        }
        if (models.isEmpty()) {
            throw new DataException(place.toString(), "samples of an evaluation", "a folder without any",
                    "give a run, a folder with samples_*.jsonl of this tool or of lm-evaluation-harness "
                            + "(--log_samples), or logs of inspect (*.eval)");
        }
        return models;
    }

    /// @return the tasks of a place that [#read] leaves out, for they are not scored from 0 to 1, and why
    public static List<String> onOtherScales(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        List<Path> all = new ArrayList<>(List.of(place));
        all.addAll(folders(Files.isDirectory(place.resolve(EVALUATIONS)) ? place.resolve(EVALUATIONS) : place));
        return all.stream().flatMap(folder -> SavedSamples.onOtherScales(folder).stream()).toList();
    }

    /// @param file samples_*.jsonl, or a log of inspect
    public static SavedSamples file(Path file) {
        return SavedSamples.file(file);
    }

    private static String name(Path folder) {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    private static List<Path> folders(Path place) {
        try (Stream<Path> folders = Files.list(place)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw IoProblems.reading(place, e);
        }
    }
}
