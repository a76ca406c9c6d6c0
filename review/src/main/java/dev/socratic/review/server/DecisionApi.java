package dev.socratic.review.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.curator.review.Opinion;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.corpus.OpinionView;
import dev.socratic.review.corpus.RowDetails;
import dev.socratic.review.decide.Decisions;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// What people decide, and take back.
final class DecisionApi {
    private static final int SHOWN = 100;
    private static final int MOST_RATING = 10;
    private static final int MOST_NAME = 80;
    private static final Set<String> FIELDS = Set.of("ids", "q", "expect", "decision", "labels", "rating", "note",
            "flag",
            "edit", "spans", "origin");

    private final Corpus corpus;
    private final ReviewOptions options;
    private final OpinionView view;
    private final RowDetails details;

    DecisionApi(Corpus corpus, ReviewOptions options) {
        this.corpus = corpus;
        this.options = options;
        this.view = new OpinionView(corpus.decisions());
        this.details = new RowDetails(corpus);
    }

    void add(RoutesConfig routes) {
        routes.post("/api/decisions", this::decide);
        routes.post("/api/undo", this::undo);
        routes.post("/api/verify", this::verify);
        routes.post("/api/preferences", this::rank);
    }

    /// @return who asks
    static String reviewer(Context request, ReviewOptions options) {
        String name = Optional.ofNullable(request.queryParam("reviewer"))
                .or(() -> Optional.ofNullable(request.header("X-Reviewer"))).orElse(options.reviewer()).strip();
        if (name.isEmpty() || name.length() > MOST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ReviewFailure.wrong(("reviewer: a name of 1 to %s characters; got '%s'; leave it out for "
                    + "'%s'").formatted(
                    MOST_NAME, name, options.reviewer()));
        }
        return name;
    }

    static ObjectNode body(Context request, Set<String> known) {
        String type = Optional.ofNullable(request.contentType()).orElse("").toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/json")) {
            throw new ReviewFailure(415, "wrong_type", ("Content-Type: application/json; got '%s'; send "
                    + "JSON").formatted(type));
        }
        JsonNode json;
        try {
            json = Json.read(request.body(), JsonNode.class, "body");
        } catch (DataException none) {
            throw ReviewFailure.wrong(none.getMessage());
        }
        if (!(json instanceof ObjectNode object)) {
            throw ReviewFailure.wrong("body: a JSON object; got another value; write {...}");
        }
        Set<String> unknown = new TreeSet<>();
        object.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw ReviewFailure.wrong("body: a known field; got '%s'; known: %s".formatted(unknown.iterator().next(),
                    String.join(", ", new TreeSet<>(known))));
        }
        return object;
    }

    private void decide(Context request) {
        Parameters.of(request);
        ObjectNode body = body(request, FIELDS);
        String reviewer = reviewer(request, options);
        UnaryOperator<Opinion> change = change(body);
        List<String> ids = ids(body);
        boolean edits = body.has("edit");
        if (edits && ids.size() != 1) {
            throw ReviewFailure.wrong("edit: one row at a time; got %s; send one id".formatted(ids.size()));
        }
        if (ids.isEmpty()) {
            throw ReviewFailure.wrong("ids: at least one row; got none; choose rows by ids or q");
        }
        Decisions.Change made = corpus.decisions().decide(reviewer, ids, change, body.path("origin").asText(
                body.has("q") ? "query" : "api"));
        ObjectNode json = answer(made);
        if (edits) {
            json.set("verification", details.verification(ids.getFirst(), edit(body.get("edit"))));
        }
        ReviewServer.json(request, json);
    }

    private ObjectNode answer(Decisions.Change made) {
        ObjectNode json = ReviewServer.object().put("action", made.action()).put("count", made.ids().size());
        var rows = json.putArray("rows");
        made.ids().stream().limit(SHOWN).forEach(id -> corpus.rows().summary(id).map(view::on).ifPresent(rows::add));
        return json;
    }

    private List<String> ids(ObjectNode body) {
        if (body.has("ids") == body.has("q")) {
            throw ReviewFailure.wrong("body: ids or q; got %s; name rows by one of them".formatted(
                    body.has("ids") ? "both" : "neither"));
        }
        if (body.has("q")) {
            List<String> ids = new ArrayList<>();
            corpus.rows().each(body.get("q").asText(), row -> ids.add(row.path("id").asText()));
            if (body.has("expect") && body.get("expect").asLong() != ids.size()) {
                throw new ReviewFailure(409, "another_count", ("expect: as many rows as the query finds; got %s "
                        + "where there ")
                        .formatted(body.get("expect").asLong()) + "are %s now; look again".formatted(ids.size()));
            }
            return ids;
        }
        Set<String> ids = new LinkedHashSet<>();
        body.get("ids").forEach(id -> ids.add(id.asText()));
        ids.stream().filter(id -> corpus.rows().find(id).isEmpty()).findFirst().ifPresent(id -> {
            throw ReviewFailure.gone(id);
        });
        return List.copyOf(ids);
    }

    /// What is left out stays as this reviewer had it.
    private static UnaryOperator<Opinion> change(ObjectNode body) {
        Optional<String> decision = text(body, "decision");
        List<String> known = Arrays.stream(Opinion.Choice.values()).map(Opinion.Choice::label).toList();
        decision.filter(name -> !name.equals("none") && !known.contains(name)).ifPresent(name -> {
            throw ReviewFailure.wrong("decision: one of %s, none; got '%s'; none takes it back".formatted(
                    String.join(", ", known), name));
        });
        Optional<Integer> rating = Optional.ofNullable(body.get("rating")).map(JsonNode::asInt);
        rating.filter(value -> value < 0 || value > MOST_RATING).ifPresent(value -> {
            throw ReviewFailure.wrong(("rating: a whole number from 1 to %s; got %s; 0 takes it "
                    + "back").formatted(MOST_RATING,
                    value));
        });
        Optional<List<String>> labels = Optional.ofNullable(body.get("labels")).map(list -> {
            List<String> all = new ArrayList<>();
            list.forEach(label -> all.add(label.asText()));
            return all;
        });
        Optional<List<Opinion.Span>> spans = Optional.ofNullable(body.get("spans")).map(list -> {
            List<Opinion.Span> all = new ArrayList<>();
            list.forEach(span -> all.add(new Opinion.Span(span.path("in").asText("answer"), span.path("from").asInt(),
                    span.path("to").asInt(), span.path("label").asText())));
            return all;
        });
        return before -> new Opinion(
                decision.isEmpty() ? before.decision() : decision.filter(name -> !name.equals("none"))
                        .map(name -> Opinion.Choice.valueOf(name.toUpperCase(Locale.ROOT))),
                body.has("flag") ? body.get("flag").asBoolean() : before.flag(), labels.orElse(before.labels()),
                rating.isEmpty() ? before.rating() : rating.filter(value -> value > 0),
                text(body, "note").orElse(before.note()),
                body.has("edit") ? Optional.of(edit(body.get("edit"))).filter(edit -> edit.answer().isPresent()
                        || edit.reasoning().isPresent()) : before.edit(), spans.orElse(before.spans()));
    }

    private static Opinion.TextEdit edit(JsonNode json) {
        if (!(json instanceof ObjectNode object)) {
            throw ReviewFailure.wrong("edit: {reasoning, answer}; got another value; {} takes an edit back");
        }
        return new Opinion.TextEdit(text(object, "reasoning"), text(object, "answer"));
    }

    private static Optional<String> text(ObjectNode json, String name) {
        return Optional.ofNullable(json.get(name)).map(JsonNode::asText);
    }

    private void undo(Context request) {
        Parameters.of(request);
        ObjectNode body = body(request, Set.of("action"));
        String reviewer = reviewer(request, options);
        Decisions decisions = corpus.decisions();
        String action = text(body, "action").or(() -> decisions.last(reviewer)).orElseThrow(() -> new ReviewFailure(404,
                "nothing_to_undo", "undo: an action of '%s' that holds; got none; decide something first".formatted(
                reviewer)));
        Decisions.Change made = decisions.undo(reviewer, action).orElseThrow(() -> new ReviewFailure(409, "cannot_undo",
                "action: one of '%s' that holds, of rows not decided since; got '%s'; take back the later one first"
                .formatted(reviewer, action)));
        ReviewServer.json(request, answer(made).put("undone", action).put("left", decisions.left(reviewer)));
    }

    private void verify(Context request) {
        Parameters.of(request);
        ObjectNode body = body(request, Set.of("id", "edit"));
        ReviewServer.json(request, details.verification(body.path("id").asText(), edit(body.path("edit"))));
    }

    private void rank(Context request) {
        Parameters.of(request);
        ObjectNode body = body(request, Set.of("ranking", "question_id", "origin"));
        Set<String> ids = new LinkedHashSet<>();
        body.path("ranking").forEach(id -> ids.add(id.asText()));
        Set<String> questions = new TreeSet<>();
        for (String id : ids) {
            questions.add(corpus.rows().summary(id).orElseThrow(() -> ReviewFailure.gone(id))
                    .path("question_id").asText());
        }
        if (ids.size() < 2 || questions.size() != 1) {
            throw ReviewFailure.wrong(("ranking: at least two answers to one question, best first; got %s of %s "
                    + "questions; ")
                    .formatted(ids.size(), questions.size()) + "see /api/row/samples");
        }
        Decisions.Change made = corpus.decisions().rank(reviewer(request, options), List.copyOf(ids), "api");
        ReviewServer.json(request, answer(made).put("pairs", ids.size() - 1));
    }
}
