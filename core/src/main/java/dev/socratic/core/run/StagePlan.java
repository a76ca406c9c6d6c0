package dev.socratic.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.FileName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a stage is about to be run with. Config, inputs, code version and seeds decide whether it has to run; the
/// rest is only kept.
///
/// @param stage       its name and its folder: `generate`, `train/sft`
/// @param config      the resolved config ([dev.socratic.core.config.ConfigWriter#tree]); inputs do not belong into
///                    it, for a path says nothing of what is there
/// @param inputs      files and folders it reads, by a name for messages; they count by their content
/// @param codeVersion of the code that does the work ([CodeVersion])
/// @param seeds       by name
/// @param versions    of libraries, engines and the machine, by name: kept, but no reason to run again
/// @param threads     processor threads it may use: kept, but no reason to run again
public record StagePlan(
        String stage,
        JsonNode config,
        SortedMap<String, Path> inputs,
        String codeVersion,
        SortedMap<String, Long> seeds,
        SortedMap<String, String> versions,
        int threads) {
    public StagePlan {
        for (String part : stage.split("/", -1)) {
            FileName.checked("stage", part); // the names in it were checked when they were read
        }
        Objects.requireNonNull(config);
        Objects.requireNonNull(codeVersion);
        inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
        seeds = Collections.unmodifiableSortedMap(new TreeMap<>(seeds));
        versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    }

    public static StagePlan of(String stage, JsonNode config, Map<String, Path> inputs, String codeVersion,
            int threads) {
        return new StagePlan(stage, config, new TreeMap<>(inputs), codeVersion, new TreeMap<>(), new TreeMap<>(),
                threads);
    }
}
