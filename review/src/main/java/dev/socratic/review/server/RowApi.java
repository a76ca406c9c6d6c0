package dev.socratic.review.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.corpus.Notices;
import dev.socratic.review.corpus.OpinionView;
import dev.socratic.review.corpus.RowDetails;
import dev.socratic.review.index.FacetCounts;
import dev.socratic.review.index.NumberHistogram;
import dev.socratic.review.index.PageRequest;
import dev.socratic.review.index.QueryProblem;
import dev.socratic.review.index.RowMap;
import dev.socratic.review.index.RowPage;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What shows rows and changes nothing.
final class RowApi {
    private static final List<String> FACETS = List.of("status", "stage", "step", "reason", "teacher", "source",
            "licence", "file", "tag", "has");
    private static final List<String> PEOPLE = List.of("decision", "label", "reviewer");

    private final Corpus corpus;
    private final ReviewOptions options;
    private final RowDetails details;
    private final OpinionView view;

    RowApi(Corpus corpus, ReviewOptions options) {
        this.corpus = corpus;
        this.options = options;
        this.details = new RowDetails(corpus);
        this.view = new OpinionView(corpus.decisions());
    }

    void add(RoutesConfig routes) {
        routes.get("/api/corpus", this::corpus);
        routes.get("/api/rows", this::rows);
        routes.get("/api/row", request -> answer(request, details.of(Parameters.of(request, "id").required("id"))));
        routes.get("/api/row/raw", this::raw);
        routes.get("/api/row/samples", request -> answer(request,
                details.samples(Parameters.of(request, "id").required("id"))));
        routes.get("/api/row/near", this::near);
        routes.get("/api/facets", this::facets);
        routes.get("/api/histogram", this::histogram);
        routes.get("/api/map", this::map);
        routes.get("/api/query", this::query);
    }

    private static void answer(Context request, ObjectNode json) {
        ReviewServer.json(request, json);
    }

    private void corpus(Context request) {
        Parameters.of(request);
        ObjectNode json = ReviewServer.object().put("name", corpus.files().name());
        Map<String, Long> status = FacetCounts.of(corpus.rows(), "", List.of("status"), 10).get("status").values();
        json.put("rows", status.values().stream().mapToLong(Long::longValue).sum());
        List.of("kept", "dropped", "failed", "broken").forEach(name -> json.put(name, status.getOrDefault(name, 0L)));
        json.put("flagged", corpus.decisions().flagged()).put("decided", corpus.decisions().count());
        json.put("repeated_ids", corpus.index().repeated());
        json.put("live", corpus.isLive());
        if (corpus.isReading()) {
            long[] progress = corpus.progress();
            json.putObject("indexing").put("done_bytes", progress[0]).put("total_bytes", progress[1]);
        }
        json.set("steps", details.steps());
        corpus.index().numbers().forEach(json.putArray("numbers")::add);
        Stream.concat(FACETS.stream(), PEOPLE.stream()).forEach(json.putArray("facets")::add);
        options.task().labels().forEach(json.putArray("labels")::add);
        json.put("ratings", ReviewTask.RATINGS);
        if (!options.task().guidelines().isEmpty()) {
            json.put("guidelines", options.task().guidelines());
        }
        json.put("reviewer", DecisionApi.reviewer(request, options));
        TreeSet<String> reviewers = new TreeSet<>();
        corpus.decisions().rows().values().forEach(row -> reviewers.addAll(row.by().keySet()));
        reviewers.forEach(json.putArray("reviewers")::add);
        corpus.notices().all().stream().map(Notices.Notice::text).forEach(json.putArray("notices")::add);
        json.put("version", corpus.index().version() + corpus.decisions().version());
        answer(request, json);
    }

    private void rows(Context request) {
        Parameters given = Parameters.of(request, "q", "sort", "order", "size", "from", "after", "seed");
        long begun = System.nanoTime();
        PageRequest wanted = new PageRequest(given.text("q", ""), given.text("sort", "order"),
                given.choice("order", List.of("asc", "desc")).equals("desc"), given.seed(),
                given.number("size", 50, 1, 500), given.number("from", 0, 0, 100_000), given.optional("after"));
        RowPage page = corpus.rows().page(wanted);
        ObjectNode json = ReviewServer.object().put("total", page.total());
        page.next().ifPresent(next -> json.put("next", next));
        json.put("took_ms", (System.nanoTime() - begun) / 1_000_000);
        var rows = json.putArray("rows");
        page.rows().forEach(row -> rows.add(view.on(row)));
        answer(request, json);
    }

    private void raw(Context request) {
        request.contentType("application/json");
        request.header("Cache-Control", "no-store");
        request.result(details.raw(Parameters.of(request, "id").required("id")));
    }

    private void near(Context request) {
        Parameters given = Parameters.of(request, "id", "size");
        answer(request, details.near(given.required("id"), given.number("size", 10, 1, 100)));
    }

    private void facets(Context request) {
        Parameters given = Parameters.of(request, "q", "fields", "size");
        List<String> names = Arrays.asList(given.text("fields", String.join(",", FACETS)).split(","));
        names.stream().filter(name -> !FACETS.contains(name) && !PEOPLE.contains(name)).findFirst().ifPresent(name -> {
            throw ReviewFailure.wrong("fields: names out of %s; got '%s'; numbers have histograms".formatted(
                    String.join(", ", FACETS) + ", " + String.join(", ", PEOPLE), name));
        });
        long begun = System.nanoTime();
        String q = given.text("q", "");
        int size = given.number("size", 20, 1, 1_000);
        Map<String, FacetCounts.Facet> facets = FacetCounts.of(corpus.rows(), q,
                names.stream().filter(FACETS::contains).toList(), size);
        if (names.stream().anyMatch(PEOPLE::contains)) {
            facets.putAll(view.facets(corpus.rows(), q, size));
        }
        ObjectNode json = ReviewServer.object().put("total", corpus.rows().count(q));
        json.put("took_ms", (System.nanoTime() - begun) / 1_000_000);
        ObjectNode all = json.putObject("facets");
        for (String name : names) {
            FacetCounts.Facet facet = facets.get(name);
            ObjectNode one = all.putObject(name);
            var values = one.putArray("values");
            facet.values().forEach((value, count) -> values.addObject().put("value", value).put("count", count)
                    .put("query", name + ":" + quoted(value)));
            one.put("distinct", facet.distinct()).put("other", facet.other());
        }
        answer(request, json);
    }

    static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private void histogram(Context request) {
        Parameters given = Parameters.of(request, "q", "field", "bins");
        NumberHistogram found = NumberHistogram.of(corpus.rows(), given.text("q", ""), given.required("field"),
                given.number("bins", 30, 1, 500));
        ObjectNode json = ReviewServer.object().put("field", found.field()).put("count", found.count())
                .put("missing", found.missing());
        if (found.count() > 0) {
            json.put("min", found.min()).put("max", found.max()).put("mean", found.mean());
        }
        var bins = json.putArray("bins");
        double width = found.bins().length == 0 ? 0 : (found.max() - found.min()) / found.bins().length;
        for (int i = 0; i < found.bins().length; i++) {
            boolean last = i == found.bins().length - 1;
            double from = found.min() + i * width;
            double to = last ? found.max() : found.min() + (i + 1) * width;
            bins.addObject().put("from", from).put("to", to).put("count", found.bins()[i])
                    .put("query", "%s:[%s TO %s%s".formatted(found.field(), from, to, last ? "]" : "}"));
        }
        answer(request, json);
    }

    /// What the step `clusters` made of the corpus, as far as the query finds it.
    private void map(Context request) {
        Parameters given = Parameters.of(request, "q", "size");
        Map<Integer, String> names = details.clusters();
        RowMap found = RowMap.of(corpus.rows(), given.text("q", ""), given.number("size", 5_000, 1, 50_000));
        ObjectNode json = ReviewServer.object().put("rows", found.rows()).put("missing", found.missing());
        var clusters = json.putArray("clusters");
        found.clusters().forEach((number, of) -> clusters.addObject().put("number", number)
                .put("name", names.getOrDefault(number, "cluster " + number)).put("count", of.rows())
                .put("x", of.x()).put("y", of.y()).put("query", "cluster:" + number));
        var points = json.putArray("points");
        found.points().forEach(point -> points.addArray().add(point.x()).add(point.y()).add(point.cluster()));
        answer(request, json);
    }

    private void query(Context request) {
        Parameters given = Parameters.of(request, "q");
        try {
            answer(request, ReviewServer.object().put("ok", true).put("total",
                    corpus.rows().count(given.text("q", ""))));
        } catch (QueryProblem problem) {
            answer(request, ReviewServer.object().put("ok", false).put("code", problem.code())
                    .put("message", problem.getMessage()));
        }
    }
}
