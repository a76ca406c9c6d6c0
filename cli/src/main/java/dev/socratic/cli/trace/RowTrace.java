package dev.socratic.cli.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.row.Trace;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.run.log.SeenRows;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Everything a run recorded of one row.
///
/// @param student   name
/// @param id        of the row
/// @param number    from 0, in what the student read; empty for a row that it did not
/// @param place     file and line
/// @param outcome   `learned`, `never in a step`, or which stage dropped it and why
/// @param question  as it was asked, with its known answer, source and licence
/// @param prompt    as it was sent
/// @param answer    where it came from: teacher, template, sampling, verdicts; empty for rows that no teacher of this
///                  run wrote
/// @param row       the row itself
/// @param curation  what it passed, and what went for its sake
/// @param dropped   why curation dropped it, where it did
/// @param objective by which the student learned
/// @param teachers  whose distributions it learned from, folders or stores
/// @param seen      steps at which it was learned from
public record RowTrace(String student, String id, Optional<Integer> number, Optional<String> place, String outcome,
        Optional<JsonNode> question, List<ChatMessage> prompt, Optional<Trace> answer, JsonNode row,
        Optional<CurationTrace> curation, Optional<CurationTrace.Dropped> dropped, String objective,
        List<String> teachers, List<SeenRows.Seen> seen) {
    public RowTrace {
        Objects.requireNonNull(outcome);
        prompt = List.copyOf(prompt);
        teachers = List.copyOf(teachers);
        seen = List.copyOf(seen);
    }

    /// @param wanted id, line or a piece of the text of a row of the data; or the id of one that was dropped before
    /// @throws DataException if there is none, or there are several
    public static RowTrace of(StudentRun run, String wanted) {
        run.requireSameData();
        Optional<DataRow> row = DataRow.find(run, wanted);
        return row.isPresent() ? learned(run, row.get()) : dropped(run, wanted);
    }

    private static RowTrace learned(StudentRun run, DataRow row) {
        String id = row.json().path("id").asText();
        List<SeenRows.Seen> seen = SeenRows.of(run.folder(), row.number());
        return made(run, id, Optional.of(row), row.json(), seen.isEmpty() ? "never in a step" : "learned",
                Optional.empty(), seen);
    }

    private static RowTrace dropped(StudentRun run, String wanted) {
        Optional<CurationTrace.Dropped> curated = CurationTrace.dropped(run.root(), wanted);
        if (curated.isPresent()) {
            return made(run, wanted, Optional.empty(), at(run.root(), "curate/rejected.jsonl", wanted).orElseThrow(),
                    "dropped by curate: %s (%s)".formatted(curated.get().reason(), curated.get().step()), curated,
                    List.of());
        }
        for (String file : List.of("rejected", "failed")) {
            Optional<ObjectNode> row = at(run.root(), "generate/%s.jsonl".formatted(file), wanted);
            if (row.isPresent()) {
                String why = row.get().path("reason").asText(row.get().path("problem").asText());
                return made(run, wanted, Optional.empty(), row.get(),
                        "%s by generate: %s".formatted(file, why), Optional.empty(), List.of());
            }
        }
        throw new DataException("ROW",
                ("the id, the line or a piece of the text of a row that '%s' read, or the id of one that this run "
                        + "dropped").formatted(run.config().name()), "'%s'".formatted(wanted),
                "look into %s".formatted(run.root().resolve("curate")));
    }

    private static RowTrace made(StudentRun run, String id, Optional<DataRow> found, ObjectNode row, String outcome,
            Optional<CurationTrace.Dropped> dropped, List<SeenRows.Seen> seen) {
        Optional<Trace> answer = row.hasNonNull("question_id") && row.path("teacher").isObject()
                && row.path("messages").isArray() ? Optional.of(RowMapper.trace(row)) : Optional.empty();
        Optional<JsonNode> question = answer.flatMap(trace ->
                at(run.root(), "generate/questions.jsonl", trace.questionId()).map(JsonNode.class::cast));
        List<ChatMessage> prompt = answer.map(trace ->
                trace.messages().subList(0, trace.messages().size() - 1)).orElse(List.of());
        Optional<CurationTrace> curation = found.flatMap(here -> CurationTrace.of(run.root(), id))
                .filter(ignored -> run.config().data().isEmpty());
        return new RowTrace(run.config().name(), id, found.map(DataRow::number),
                found.flatMap(here -> here.place().map(place -> shown(run.root(), place))), outcome, question, prompt,
                answer, row, curation, dropped, run.config().objective(), teachers(run.config()), seen);
    }

    /// A place inside the run is told from the run's folder.
    private static String shown(Path root, String place) {
        String inside = root + File.separator;
        return place.startsWith(inside) ? place.substring(inside.length()).replace('\\', '/') : place;
    }

    private static Optional<ObjectNode> at(Path root, String file, String id) {
        return CurationTrace.rows(root.resolve(file), row -> row.path("id").asText().equals(id)).stream().findFirst();
    }

    private static List<String> teachers(TrainConfig config) {
        List<String> all = new ArrayList<>();
        Stream.concat(config.teacher().stream(), config.moreTeachers().stream()).forEach(teacher -> all.add(
                switch (teacher) {
                    case ModelRef.Folder folder -> "weights " + folder.path();
                    case ModelRef.Earlier earlier -> "student " + earlier.name();
                    case ModelRef.Self ignored -> "the student itself";
                }));
        Stream.concat(config.store().stream(), config.moreStores().stream())
                .forEach(store -> all.add("store " + store));
        config.capturedStores().forEach(store -> all.add("store logits/" + store));
        return all;
    }
}
