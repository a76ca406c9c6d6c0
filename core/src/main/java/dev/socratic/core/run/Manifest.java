package dev.socratic.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// `manifest.json`: what each stage of a run was made of and what came out.
///
/// @param format 1
/// @param stages by name, in the order they first ran
public record Manifest(int format, Map<String, Stage> stages) {
    private static final int FORMAT = 1;
    static final Manifest EMPTY = new Manifest(FORMAT, Map.of());

    public Manifest {
        stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
    }

    /// How far a stage is.
    public enum State {
        /// Begun and not ended: at work, or killed.
        RUNNING,
        /// Ended with all its files.
        DONE,
        /// Ended by a problem, or by the user.
        FAILED
    }

    /// What decides whether a stage has to run.
    ///
    /// @param inputs SHA-256 of the content, by name
    public record Basis(JsonNode config, SortedMap<String, String> inputs, String codeVersion, SortedMap<String, Long> seeds) {
        /// @return one hash of all of it
        public String hash() {
            return Hashes.ofJson(this);
        }
    }

    /// One stage.
    ///
    /// @param hash    of `basis`, for a quick look
    /// @param started ISO 8601, of the last time it ran or went on
    /// @param outputs SHA-256 of every file in its folder that is no work in progress, by relative name
    /// @param problem what ended it, in one line
    public record Stage(
            State state,
            String hash,
            Basis basis,
            SortedMap<String, String> versions,
            int threads,
            String started,
            Optional<String> ended,
            Optional<Counts> counts,
            Optional<Usage> usage,
            Map<String, Object> notes,
            SortedMap<String, String> outputs,
            Optional<String> problem) {
        static Stage running(StagePlan plan, Basis basis, String started) {
            return new Stage(State.RUNNING, basis.hash(), basis, plan.versions(), plan.threads(), started, Optional.empty(), Optional.empty(), Optional.empty(),
                    Map.of(), new TreeMap<>(), Optional.empty());
        }

        Stage done(StageReport report, SortedMap<String, String> files, String ended) {
            return new Stage(State.DONE, hash, basis, versions, threads, started, Optional.of(ended), Optional.of(report.counts()), Optional.of(report.usage()),
                    report.notes(), files, Optional.empty());
        }

        Stage failed(String what, String ended) {
            return new Stage(State.FAILED, hash, basis, versions, threads, started, Optional.of(ended), counts, usage, notes, outputs, Optional.of(what));
        }

        /// @return what the stage said when it was done; empty before. Numbers in the notes are `Long` or `Double`, lists and maps plain ones,
        ///         whether the stage has just run or its manifest was read
        public Optional<StageReport> report() {
            Map<String, Object> plain = new LinkedHashMap<>();
            notes.forEach((name, value) -> plain.put(name, plain(Json.tree(value))));
            return counts.flatMap(rows -> usage.map(spent -> new StageReport(rows, spent, plain)));
        }

        private static Object plain(JsonNode value) {
            if (value.isObject()) {
                Map<String, Object> map = new LinkedHashMap<>();
                value.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
                return map;
            }
            if (value.isArray()) {
                return value.valueStream().map(Stage::plain).toList();
            }
            if (value.isNumber()) {
                return value.isIntegralNumber() ? (Object) value.longValue() : value.doubleValue();
            }
            return value.isBoolean() ? (Object) value.booleanValue() : value.asText();
        }
    }

    /// @return the manifest, or an empty one if there is none
    /// @throws DataException if the file is damaged
    static Manifest read(Path file) {
        if (!Files.exists(file)) {
            return EMPTY;
        }
        try {
            Manifest manifest = Json.read(file, Manifest.class);
            if (manifest.format() != FORMAT) {
                throw new DataException(file.toString(), "format " + FORMAT, String.valueOf(manifest.format()), "use the version of Socratic that wrote it");
            }
            return manifest;
        } catch (DataException e) {
            Problem first = e.problems().getFirst();
            String remedy = first.remedy().isEmpty() ? "move it away: every stage then runs from its start, and what is there is kept aside" : first.remedy();
            throw new DataException(first.place(), first.expected(), first.got(), remedy, e);
        }
    }

    void write(Path file) {
        AtomicFiles.write(file, Json.pretty(this));
    }

    Manifest with(String name, Stage stage) {
        Map<String, Stage> changed = new LinkedHashMap<>(stages);
        changed.put(name, stage);
        return new Manifest(format, changed);
    }
}
