package dev.socratic.review.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.curator.review.Opinion;
import dev.socratic.curator.review.RowOpinions;
import dev.socratic.curator.step.AskedText;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.Equivalence;
import dev.socratic.datasets.answer.ReasoningSplit;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.row.Trace;
import dev.socratic.datasets.row.Turns;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.Exchange;
import dev.socratic.review.index.QueryProblem;
import dev.socratic.review.index.RowSearch;
import dev.socratic.review.rows.LinePlace;
import dev.socratic.review.rows.OpenFiles;
import dev.socratic.review.rows.RowReading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Everything of one row: its texts whole, where it came from, what was decided of it and on what evidence, and the
/// rows
/// that has to do with.
public final class RowDetails {
    /// Bytes of a row that are shown as they lie in the file.
    private static final int MOST_RAW = 1 << 20;
    private static final int MOST_SAMPLES = 1_000;

    private final Corpus corpus;
    private final OpinionView view;

    public RowDetails(Corpus corpus) {
        this.corpus = corpus;
        this.view = new OpinionView(corpus.decisions());
    }

    /// @throws QueryProblem if there is no such row
    public ObjectNode of(String id) {
        RowSearch.Located row = find(id);
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id);
        json.set("summary", view.on(row.summary()));
        json.set("decisions", view.history(id));
        if (OpenFiles.isTooLong(row.place())) {
            json.put("question", row.summary().path("question").asText()).put("answer", "");
            json.putObject("cut").put("raw", row.place().length());
            return json;
        }
        String text = corpus.lines().text(row.place());
        Optional<ObjectNode> read = object(text);
        if (read.isEmpty()) {
            json.put("question", text.length() > MOST_RAW ? text.substring(0, MOST_RAW) : text).put("answer", "");
            return json;
        }
        ObjectNode raw = read.get();
        try {
            texts(json, raw);
        } catch (DataException none) {
            json.put("question", row.summary().path("question").asText()).put("answer", "");
        }
        drop(json, raw);
        decided(json, row.decision());
        edited(json, raw);
        if (row.place().length() <= MOST_RAW) {
            json.set("raw", raw);
        } else {
            json.putObject("cut").put("raw", row.place().length());
        }
        return json;
    }

    private RowSearch.Located find(String id) {
        return corpus.rows().find(id).orElseThrow(() -> new QueryProblem("unknown_row",
                "id: a row of this corpus; got '%s'; look for it with q=".formatted(id)));
    }

    /// @return the row as it lies in its file
    public String raw(String id) {
        String text = corpus.lines().text(find(id).place());
        return object(text).map(Json::line).orElseGet(() -> Json.line(text));
    }

    /// @return the row of a line, also of one that was wrapped
    Optional<ObjectNode> object(String text) {
        try {
            ObjectNode json = RowFiles.row(text);
            return Optional.of(json.size() == 2 && json.path("row") instanceof ObjectNode inner && json.has("line")
                    ? inner : json);
        } catch (DataException none) {
            return Optional.empty();
        }
    }

    /// @return the row's JSON, where it is a row
    public Optional<ObjectNode> json(String id) {
        return object(corpus.lines().text(find(id).place()));
    }

    /// @return question and answer of a row, its reasoning in the answer
    Optional<Exchange> exchange(ObjectNode raw) {
        try {
            return Optional.of(Exchange.of(raw));
        } catch (DataException none) {
            return Optional.empty();
        }
    }

    private void texts(ObjectNode json, ObjectNode raw) {
        Exchange exchange = Exchange.of(raw);
        boolean text = exchange.example() instanceof Example.Text;
        ReasoningSplit split = ReasoningSplit.of(exchange.answer());
        Optional<ObjectNode> asked = exchange.trace().flatMap(trace -> corpus.files().questions().flatMap(questions ->
                questions.get(trace.questionId())));
        if (text) {
            json.put("text", exchange.answer()).put("question", "").put("answer", exchange.answer());
        } else {
            json.put("question", question(raw, exchange, asked));
            split.reasoning().ifPresent(reasoning -> json.put("reasoning", reasoning));
            json.put("answer", split.answer());
        }
        if (split.unclosed()) {
            json.put("unclosed_reasoning", true);
        }
        switch (exchange.example()) {
            case Example.Text ignored -> { }
            case Example.Chat chat -> json.set("turns", Turns.json(chat.messages()));
            case Example.Pair pair -> {
                json.set("turns", Turns.json(pair.prompt()));
                json.set("chosen", Turns.json(pair.chosen()));
                json.set("rejected", Turns.json(pair.rejected()));
            }
        }
        gold(raw, asked).ifPresent(gold -> json.put("gold", gold));
        AnswerExtractor.extract(split.answer()).ifPresent(found -> json.put("final_answer", found.answer()));
        exchange.trace().ifPresentOrElse(trace -> origin(json, trace),
                () -> raw.properties().stream().filter(field -> List.of("teacher", "model", "source", "licence",
                        "license",
                        "sampling", "usage", "created", "verdicts").contains(field.getKey()))
                        .forEach(field -> json.set(field.getKey(), field.getValue())));
        asked.ifPresent(question -> json.withObject("lineage").set("question", question));
    }

    private static String question(ObjectNode raw, Exchange exchange, Optional<ObjectNode> asked) {
        return raw.path("question").isTextual() ? raw.path("question").textValue()
                : asked.map(question -> question.path("question").asText()).orElseGet(() -> AskedText.of(exchange));
    }

    /// @return the right answer, of the row or of the question that was asked
    static Optional<String> gold(ObjectNode raw, Optional<ObjectNode> asked) {
        return RowReading.gold(raw).or(() -> asked.map(question -> question.path("answer").asText(""))
                .filter(text -> !text.isEmpty()));
    }

    /// @return what was asked of `generate`, where the run knows it
    Optional<ObjectNode> asked(ObjectNode raw) {
        return corpus.files().questions().flatMap(questions -> questions.get(raw.path("question_id").asText()));
    }

    private static void origin(ObjectNode json, Trace trace) {
        ObjectNode whole = RowMapper.json(trace);
        json.put("question_id", trace.questionId());
        json.set("teacher", whole.get("teacher"));
        ObjectNode prompt = (ObjectNode) whole.get("prompt");
        prompt.set("messages", Turns.json(trace.messages().subList(0, Math.max(0, trace.messages().size() - 1))));
        json.set("prompt", prompt);
        json.set("sampling", whole.get("sampling"));
        json.set("usage", whole.get("usage"));
        json.set("finish_reason", whole.get("finish_reason"));
        json.set("verdicts", whole.get("verdicts"));
        trace.created().ifPresent(created -> json.put("created", created));
    }

    private void drop(ObjectNode json, ObjectNode raw) {
        if (!json.path("summary").path("status").asText().equals("dropped")) {
            return;
        }
        ObjectNode drop = json.putObject("drop").put("step", raw.path("step").asText("checks"))
                .put("reason", raw.path("reason").asText());
        if (raw.has("evidence")) {
            drop.set("evidence", raw.get("evidence"));
        }
        ArrayNode others = JsonNodeFactory.instance.arrayNode();
        raw.path("evidence").properties().forEach(field -> {
            if (field.getKey().endsWith("_id") && field.getValue().isTextual()) {
                others.add(other(field.getKey(), field.getValue().textValue()));
            } else if (field.getKey().endsWith("_ids")) {
                field.getValue().forEach(one -> others.add(other(field.getKey(), one.asText())));
            }
        });
        if (!others.isEmpty()) {
            json.set("others", others);
        }
    }

    /// A row that a decision speaks of.
    private ObjectNode other(String as, String id) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("as", as).put("id", id);
        Optional<RowSearch.Located> found = corpus.rows().find(id);
        json.put("found", found.isPresent());
        found.ifPresent(row -> {
            json.put("status", row.summary().path("status").asText());
            object(corpus.lines().text(row.place())).ifPresent(raw -> exchange(raw).ifPresent(exchange -> {
                json.put("question", question(raw, exchange, asked(raw)));
                ReasoningSplit split = ReasoningSplit.of(exchange.answer());
                split.reasoning().ifPresent(reasoning -> json.put("reasoning", reasoning));
                json.put("answer", split.answer());
            }));
        });
        return json;
    }

    private void decided(ObjectNode json, LinePlace place) {
        if (place.file() < 0) {
            return;
        }
        object(corpus.lines().text(place)).ifPresent(line -> List.of("scores", "edits", "overruled").forEach(name -> {
            if (line.has(name)) {
                json.set(name, line.get(name));
            }
        }));
    }

    /// What somebody wrote instead, verified.
    private void edited(ObjectNode json, ObjectNode raw) {
        RowOpinions said = corpus.decisions().of(json.path("id").asText());
        said.edit().ifPresent(edit -> {
            ObjectNode one = (ObjectNode) Json.tree(edit);
            json.set("edited", one.put("reviewer", said.editor()).put("at", said.at())
                    .set("verification", new EditVerification(this).of(raw, edit)));
        });
    }

    /// @return how a row would stand with an edit: `{final_answer, gold, verdicts, passed}`
    public ObjectNode verification(String id, Opinion.TextEdit edit) {
        return new EditVerification(this).of(json(id).orElseThrow(() -> new QueryProblem("no_row",
                "id: a row that can be edited; got a line that is none; mend the file")), edit);
    }

    /// @return all samples of the row's question, those with equal final answers together, the largest group first
    public ObjectNode samples(String id) {
        ObjectNode summary = find(id).summary();
        String questionId = summary.path("question_id").asText();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("question_id", questionId);
        List<ObjectNode> rows = questionId.isEmpty() ? List.of(summary)
                : corpus.rows().samples(questionId, MOST_SAMPLES);
        json.put("question", summary.path("question").asText());
        Optional<ObjectNode> raw = json(id);
        Optional<String> gold = raw.flatMap(row -> gold(row, asked(row)));
        gold.ifPresent(right -> json.put("gold", right));
        json.put("samples", rows.size());
        List<Group> groups = new ArrayList<>();
        rows.forEach(row -> group(groups, finalAnswer(row.path("id").asText())).rows().add(row));
        groups.sort((a, b) -> Integer.compare(b.rows().size(), a.rows().size()));
        ArrayNode all = json.putArray("groups");
        groups.forEach(group -> {
            ObjectNode one = all.addObject().put("answer", group.answer());
            gold.filter(right -> !group.answer().isEmpty()).ifPresent(right ->
                    one.put("correct", Equivalence.STANDARD.judge(right, group.answer()).equal()));
            one.put("count", group.rows().size());
            ArrayNode listed = one.putArray("rows");
            group.rows().forEach(row -> listed.add(view.on(row)));
        });
        return json;
    }

    private record Group(String answer, List<ObjectNode> rows) {}

    private static Group group(List<Group> groups, String answer) {
        for (Group group : groups) {
            if (group.answer().equals(answer) || !answer.isEmpty() && !group.answer().isEmpty()
                    && Equivalence.STANDARD.judge(group.answer(), answer).equal()) {
                return group;
            }
        }
        groups.add(new Group(answer, new ArrayList<>()));
        return groups.getLast();
    }

    private String finalAnswer(String id) {
        return json(id).flatMap(this::exchange).map(exchange -> ReasoningSplit.of(exchange.answer()).answer())
                .flatMap(AnswerExtractor::extract).map(AnswerExtractor.Extracted::answer).orElse("");
    }

    /// @return rows like this one, most alike first
    public ObjectNode near(String id, int most) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id);
        ArrayNode rows = json.putArray("rows");
        new NearRows(corpus.rows(), corpus.lines()).of(id, most).forEach(near -> {
            ObjectNode one = rows.addObject().put("similarity", Math.round(near.similarity() * 1e4) / 1e4);
            one.set("row", view.on(near.row()));
        });
        return json;
    }

    /// @return the thresholds of the curation, by the name of the number they limit
    public Map<String, Double> limits() {
        Map<String, Double> limits = new TreeMap<>();
        steps().forEach(step -> step.path("thresholds").forEach(one -> limits.put(
                scoreName(step.path("step").asText(), one.path("score").asText()),
                one.path("least").asDouble(one.path("most").asDouble()))));
        return limits;
    }

    /// @return the name a step's score has among the numbers of the rows
    public static String scoreName(String step, String score) {
        return score.startsWith(step + ".") ? score : step + "." + score;
    }

    /// @return the steps of the curation, as its report has them; empty where nothing was curated
    public ArrayNode steps() {
        Optional<Path> report = corpus.files().root().map(root -> root.resolve("curate/report.json"))
                .filter(Files::isRegularFile);
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        report.map(file -> Json.read(file, JsonNode.class)).ifPresent(json -> json.path("steps").forEach(step -> {
            step.path("thresholds").forEach(one -> ((ObjectNode) one).put("score",
                    scoreName(step.path("step").asText(), one.path("score").asText())));
            all.add(step);
        }));
        return all;
    }

    /// @return the names that the step `clusters` gave, by number
    public Map<Integer, String> clusters() {
        Map<Integer, String> names = new TreeMap<>();
        steps().forEach(step -> step.at("/facts/clusters").forEach(one -> names.put(one.path("number").asInt(),
                one.path("name").asText())));
        return names;
    }
}
