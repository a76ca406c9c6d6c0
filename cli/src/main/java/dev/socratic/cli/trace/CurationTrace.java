package dev.socratic.cli.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.CurateStage;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What curation did with a row.
///
/// @param stayed      the steps it passed, with how many rows each let through
/// @param droppedFor  rows that went because this one was kept
/// @param decision    the row's line of `decisions.jsonl`: what was measured of it (`scores`) and changed (`edits`)
public record CurationTrace(List<JsonNode> stayed, List<Dropped> droppedFor, Optional<ObjectNode> decision) {

    /// A row that went.
    ///
    /// @param reason   in snake case
    /// @param evidence what the step measured
    public record Dropped(String id, String step, String reason, JsonNode evidence) {
        private static Dropped of(JsonNode row) {
            return new Dropped(row.path("id").asText(), row.path("step").asText(), row.path("reason").asText(),
                    row.path("evidence"));
        }

        /// Steps name the rows that stayed instead as `kept_id` or in `kept_ids`.
        private boolean isFor(String kept) {
            return Stream.concat(Stream.of(evidence.path("kept_id")), evidence.path("kept_ids").valueStream())
                    .anyMatch(id -> id.asText().equals(kept));
        }
    }

    /// @param id of a row that stayed
    /// @return empty where the run curated nothing
    static Optional<CurationTrace> of(Path run, String id) {
        Path report = run.resolve("curate").resolve(CurateStage.REPORT);
        if (!Files.exists(report)) {
            return Optional.empty();
        }
        List<JsonNode> steps = Json.read(report, JsonNode.class).path("steps").valueStream().toList();
        return Optional.of(new CurationTrace(steps, rejected(run, row -> Dropped.of(row).isFor(id)),
                rows(run.resolve("curate").resolve(CurateStage.DECISIONS), row -> row.path("id").asText().equals(id))
                        .stream().findFirst()));
    }

    /// @param wanted id of a row
    /// @return why curation dropped it; empty where it did not
    static Optional<Dropped> dropped(Path run, String wanted) {
        return rejected(run, row -> row.path("id").asText().equals(wanted)).stream().findFirst();
    }

    private static List<Dropped> rejected(Path run, Predicate<JsonNode> wanted) {
        return rows(run.resolve("curate").resolve(CurateStage.REJECTED), wanted).stream().map(Dropped::of).toList();
    }

    /// @return such rows of a file of this run's own; nothing where it is not there
    static List<ObjectNode> rows(Path file, Predicate<JsonNode> wanted) {
        List<ObjectNode> all = new ArrayList<>();
        if (Files.exists(file)) {
            try (RowReader rows = RowFiles.read(file, Quarantine.refuse())) {
                rows.forEachRemaining(row -> {
                    if (wanted.test(row.json())) {
                        all.add(row.json());
                    }
                });
            }
        }
        return all;
    }
}
