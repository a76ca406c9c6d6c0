package dev.socratic.review.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.corpus.OpinionView;
import dev.socratic.review.corpus.RowDetails;
import dev.socratic.review.corpus.ThresholdRecipe;
import dev.socratic.review.index.PageRequest;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What would come and go at another threshold, from the scores that the steps stored, and the config that says so.
///
/// A row that would come is one that this step alone is known to have dropped: what later steps would say of it nobody
/// has asked yet.
final class WhatIfApi {
    private static final int SHOWN = 50;
    private static final Set<String> FIELDS = Set.of("step", "score", "threshold", "changes");

    private final Corpus corpus;
    private final RowDetails details;
    private final OpinionView view;

    WhatIfApi(Corpus corpus) {
        this.corpus = corpus;
        this.details = new RowDetails(corpus);
        this.view = new OpinionView(corpus.decisions());
    }

    void add(RoutesConfig routes) {
        routes.post("/api/whatif", this::ask);
        routes.post("/api/whatif/recipe", this::recipe);
    }

    private List<ThresholdRecipe.Change> changes(Context request) {
        Parameters.of(request);
        ObjectNode body = DecisionApi.body(request, FIELDS);
        List<ThresholdRecipe.Change> changes = new ArrayList<>();
        for (JsonNode one : body.has("changes") ? body.get("changes") : List.of(body)) {
            changes.add(change(one));
        }
        if (changes.isEmpty()) {
            throw ReviewFailure.wrong("changes: at least one; got none; write {step, score, threshold}");
        }
        return changes;
    }

    private ThresholdRecipe.Change change(JsonNode one) {
        if (!one.path("threshold").isNumber()) {
            throw ReviewFailure.wrong("threshold: a number; got '%s'; write such as 20".formatted(
                    one.path("threshold").asText()));
        }
        String step = one.path("step").asText();
        String score = RowDetails.scoreName(step, one.path("score").asText());
        List<ThresholdRecipe.Change> known = new ArrayList<>();
        for (JsonNode listed : details.steps()) {
            listed.path("thresholds").forEach(limit -> known.add(new ThresholdRecipe.Change(listed.path("step")
                    .asText(),
                    limit.path("score").asText(), limit.has("least"),
                    limit.path("least").asDouble(limit.path("most").asDouble()), one.path("threshold").asDouble(),
                    limit.path("reason").asText())));
        }
        // of two limits on one score the one on whose side the new number lies
        List<ThresholdRecipe.Change> fitting = known.stream().filter(limit -> limit.step().equals(step)
                && limit.score().equals(score)).toList();
        Optional<ThresholdRecipe.Change> wanted = fitting.stream().reduce((a, b) ->
                Math.abs(a.now() - a.threshold()) <= Math.abs(b.now() - b.threshold()) ? a : b);
        return wanted.orElseThrow(() -> ReviewFailure.wrong("score: a threshold of the curation; got '%s' of '%s'; %s"
                .formatted(score, step, known.isEmpty() ? "no step of this run has one"
                : "known: " + known.stream().map(limit -> limit.step() + " " + limit.score()).distinct()
                        .collect(Collectors.joining(", ")))));
    }

    private void ask(Context request) {
        List<ThresholdRecipe.Change> changes = changes(request);
        String going = any(changes.stream().map(ThresholdRecipe.Change::going).toList());
        String coming = any(changes.stream().map(ThresholdRecipe.Change::coming).toList());
        String unknown = any(changes.stream().map(change -> "(is:kept -%s:*)".formatted(change.score())).toList());
        long go = corpus.rows().count(going);
        long come = corpus.rows().count(coming);
        ObjectNode json = ReviewServer.object();
        ThresholdRecipe.Change first = changes.getFirst();
        if (changes.size() == 1) {
            json.put("step", first.step()).put("score", first.score()).put("bound", first.least() ? "least" : "most")
                    .put("now", first.now()).put("threshold", first.threshold());
        }
        json.put("would_go", go).put("would_come", come).put("unknown", corpus.rows().count(unknown))
                .put("kept_after", corpus.rows().count("is:kept") - go + come)
                .put("q_going", going).put("q_coming", coming);
        rows(json.putArray("going"), going);
        rows(json.putArray("coming"), coming);
        ReviewServer.json(request, json);
    }

    private static String any(List<String> queries) {
        return String.join(" OR ", queries);
    }

    private void rows(ArrayNode list, String q) {
        corpus.rows().page(PageRequest.of(q, SHOWN)).rows().forEach(row -> list.add(view.on(row)));
    }

    private void recipe(Context request) {
        ThresholdRecipe made = ThresholdRecipe.of(corpus.files(), changes(request));
        ReviewServer.json(request, ReviewServer.object().put("path", made.path().toString()).put("yaml", made.yaml()));
    }
}
