package dev.socratic.review.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.decide.Decisions;
import dev.socratic.review.share.ForeignRecords;
import dev.socratic.review.share.RowExport;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/// Rows and decisions out, and other tools' decisions in.
final class ExportApi {
    private static final int SHOWN = 100;

    private final Corpus corpus;
    private final ReviewOptions options;

    ExportApi(Corpus corpus, ReviewOptions options) {
        this.corpus = corpus;
        this.options = options;
    }

    void add(RoutesConfig routes) {
        routes.get("/api/export", this::export);
        routes.post("/api/import", this::read);
    }

    /// Written whole before the first byte is sent: a file that ends early is told apart from one that is whole.
    private void export(Context request) {
        Parameters given = Parameters.of(request, "format", "q");
        RowExport.Kind kind = RowExport.Kind.valueOf(given.choice("format", List.of("jsonl", "parquet", "csv", "dpo",
                "argilla", "labelstudio")).toUpperCase(Locale.ROOT));
        Path file = corpus.files().state().resolve("export-" + Long.toString(System.nanoTime(), 36) + kind.ending());
        try {
            RowExport.Written written = new RowExport(corpus).write(kind, given.text("q", ""), file);
            request.contentType(kind.type());
            request.header("Cache-Control", "no-store");
            request.header("Content-Disposition", "attachment; filename=\"review-%s%s\"".formatted(
                    kind.name().toLowerCase(Locale.ROOT), kind.ending()));
            request.header("X-Rows", "" + written.rows());
            request.header("X-Left-Out", "" + written.leftOut());
            InputStream in = Files.newInputStream(file);
            Files.delete(file); // where a system keeps an open file, it goes with the answer
            request.result(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Context request) {
        Parameters given = Parameters.of(request, "format");
        String format = given.choice("format", List.of("argilla", "labelstudio"));
        List<JsonNode> records = new ArrayList<>();
        try {
            JsonNode body = Json.mapper().readTree(request.body().stripLeading().startsWith("[") ? request.body()
                    : "[" + String.join(",", request.body().lines().filter(line -> !line.isBlank()).toList()) + "]");
            body.forEach(records::add);
        } catch (IOException none) {
            throw ReviewFailure.wrong(("body: a JSON array, or an object a line, as %s exports; got something else; "
                    + "export ")
                    .formatted(format) + "it again");
        }
        long ignored = 0;
        TreeSet<String> unknown = new TreeSet<>();
        long count = 0;
        List<String> actions = new ArrayList<>();
        for (JsonNode record : records) {
            List<ForeignRecords.Said> said;
            try {
                said = format.equals("argilla") ? ForeignRecords.argilla(record) : ForeignRecords.labelStudio(record);
            } catch (DataException none) {
                throw ReviewFailure.wrong(none.getMessage());
            }
            ignored += said.isEmpty() ? 1 : 0;
            for (ForeignRecords.Said one : said) {
                if (corpus.rows().find(one.id()).isEmpty()) {
                    unknown.add(one.id());
                } else {
                    Decisions.Change made = corpus.decisions().decide(one.reviewer().isEmpty()
                            ? DecisionApi.reviewer(request, options) : one.reviewer(), List.of(one.id()),
                            before -> one.opinion(), "import:" + format);
                    actions.add(made.action());
                    count++;
                }
            }
        }
        ObjectNode json = ReviewServer.object().put("count", count).put("ignored", ignored)
                .put("unknown_count", unknown.size());
        unknown.stream().limit(SHOWN).forEach(json.putArray("unknown")::add);
        Optional.of(actions).filter(all -> !all.isEmpty()).ifPresent(all -> json.put("action", all.getLast()));
        ReviewServer.json(request, json);
    }

}
