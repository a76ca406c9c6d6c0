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
/// @param format 2; 1 is read too
/// @param stages by name, in the order they first ran
/// @param spent  money and tokens by stage, over everything that ever ran in this folder: a fact of the run, which no
///               change of a config ends
public record Manifest(int format, Map<String, Stage> stages, Optional<Map<String, Usage>> spent) {
    private static final int FORMAT = 2;
    static final Manifest EMPTY = new Manifest(FORMAT, Map.of(), Optional.empty());

    public Manifest {
        stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
        spent = spent.map(bySpender -> Collections.unmodifiableMap(new TreeMap<>(bySpender)));
    }

    /// How far a stage is.
    public enum State {
        /// Begun and not ended: at work, or killed.
        RUNNING,
        /// Ended with all its files.
        DONE,
        /// Ended with files for a part of its work: something it asked did not answer, or a budget ran out. Goes on
        /// the next time.
        INCOMPLETE,
        /// Ended by a problem, or by the user.
        FAILED
    }

    /// What decides whether a stage has to run.
    ///
    /// @param inputs SHA-256 of the content, by name
    public record Basis(JsonNode config, SortedMap<String, String> inputs, String codeVersion,
            SortedMap<String, Long> seeds) {
        /// @return one hash of all of it
        public String hash() {
            return Hashes.ofJson(this);
        }
    }

    /// One time a stage was at work.
    ///
    /// @param ended   ISO 8601
    /// @param seconds by a clock that never jumps
    record Work(String ended, double seconds, long peakMemoryMb) {}

    /// One stage.
    ///
    /// @param hash    of `basis`, for a quick look
    /// @param first        ISO 8601, when it was begun with this basis
    /// @param started      ISO 8601, of the last time it ran or went on
    /// @param seconds      it was at work, over all the times it went on
    /// @param peakMemoryMb largest resident memory while it was at work; absent where the system does not say
    /// @param outputs SHA-256 of every file in its folder that is no work in progress, by relative name
    /// @param problem what ended it, or what is still open, in one line
    public record Stage(
            State state,
            String hash,
            Basis basis,
            SortedMap<String, String> versions,
            int threads,
            Optional<String> first,
            String started,
            Optional<String> ended,
            Optional<Double> seconds,
            Optional<Long> peakMemoryMb,
            Optional<Counts> counts,
            Optional<Usage> usage,
            Map<String, Object> notes,
            SortedMap<String, String> outputs,
            Optional<String> problem) {
        /// @param before the same stage as it was left, where it goes on
        static Stage running(StagePlan plan, Basis basis, String now, Optional<Stage> before) {
            return new Stage(
                    State.RUNNING, basis.hash(), basis, plan.versions(), plan.threads(),
                    before.flatMap(Stage::first).or(() -> Optional.of(now)), now, Optional.empty(),
                    before.flatMap(Stage::seconds), before.flatMap(Stage::peakMemoryMb),
                    Optional.empty(), Optional.empty(), Map.of(), new TreeMap<>(), Optional.empty());
        }

        Stage ended(StageReport report, SortedMap<String, String> files, Work work) {
            State end = report.incomplete().isPresent() ? State.INCOMPLETE : State.DONE;
            return new Stage(
                    end, hash, basis, versions, threads, first, started,
                    Optional.of(work.ended()), sum(work), peak(work),
                    Optional.of(report.counts()), Optional.of(report.usage()), report.notes(), files,
                    report.incomplete());
        }

        Stage failed(String what, Work work) {
            return new Stage(
                    State.FAILED, hash, basis, versions, threads, first, started,
                    Optional.of(work.ended()), sum(work), peak(work),
                    counts, usage, notes, outputs, Optional.of(what));
        }

        /// @return the same with another hash of one output
        Stage with(String output, String hashOfIt) {
            SortedMap<String, String> changed = new TreeMap<>(outputs);
            changed.put(output, hashOfIt);
            return new Stage(
                    state, hash, basis, versions, threads, first, started, ended, seconds, peakMemoryMb, counts, usage,
                    notes, changed, problem);
        }

        private Optional<Double> sum(Work work) {
            return Optional.of(seconds.orElse(0.0) + work.seconds());
        }

        private Optional<Long> peak(Work work) {
            long most = Math.max(peakMemoryMb.orElse(0L), work.peakMemoryMb());
            return most > 0 ? Optional.of(most) : Optional.empty();
        }

        /// @return what the stage said when it was done; empty before. Numbers in the notes are `Long` or `Double`,
        ///         lists and maps plain ones, whether the stage has just run or its manifest was read
        public Optional<StageReport> report() {
            Map<String, Object> plain = new LinkedHashMap<>();
            notes.forEach((name, value) -> plain.put(name, plain(Json.tree(value))));
            Optional<String> open = state == State.INCOMPLETE ? problem : Optional.empty();
            return counts.flatMap(rows -> usage.map(spent -> new StageReport(rows, spent, plain, open)));
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
    public static Manifest read(Path file) {
        if (!Files.exists(file)) {
            return EMPTY;
        }
        try {
            Manifest manifest = Json.read(file, Manifest.class);
            if (manifest.format() < 1 || manifest.format() > FORMAT) {
                throw new DataException(
                        file.toString(), "format 1 to " + FORMAT, String.valueOf(manifest.format()),
                        "use the version of Socratic that wrote it");
            }
            return manifest;
        } catch (DataException e) {
            Problem first = e.problems().getFirst();
            String remedy = first.remedy().isEmpty()
                    ? "move it away: every stage then runs from its start, and what is there is kept aside"
                    : first.remedy();
            throw new DataException(first.place(), first.expected(), first.got(), remedy, e);
        }
    }

    void write(Path file) {
        AtomicFiles.write(file, Json.pretty(this));
    }

    Manifest with(String name, Stage stage) {
        Map<String, Stage> changed = new LinkedHashMap<>(stages);
        changed.put(name, stage);
        return new Manifest(FORMAT, changed, spent);
    }

    Manifest withSpent(String name, Usage usage) {
        Map<String, Usage> changed = new TreeMap<>(spent.orElse(Map.of()));
        changed.put(name, usage);
        return new Manifest(FORMAT, stages, Optional.of(changed));
    }
}
