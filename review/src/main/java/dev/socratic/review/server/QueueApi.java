package dev.socratic.review.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.review.Opinion;
import dev.socratic.curator.review.Opinion.Choice;
import dev.socratic.curator.review.ReviewAction;
import dev.socratic.curator.review.RowOpinions;
import dev.socratic.review.agree.AgreementReport;
import dev.socratic.review.agree.ErrorRate;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.corpus.OpinionView;
import dev.socratic.review.corpus.RowDetails;
import dev.socratic.review.index.PageRequest;
import dev.socratic.review.index.RowPage;
import dev.socratic.review.index.RowSearch;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What a reviewer looks at next, how far reviewers agree, and what the decided sample says of the corpus.
final class QueueApi {
    /// What the page writes beside decisions on rows of the random queue.
    static final String RANDOM = "queue:random";
    private static final List<String> ORDERS = List.of("random", "order", "uncertain", "conflict");

    private final Corpus corpus;
    private final ReviewOptions options;
    private final OpinionView view;

    QueueApi(Corpus corpus, ReviewOptions options) {
        this.corpus = corpus;
        this.options = options;
        this.view = new OpinionView(corpus.decisions());
    }

    void add(RoutesConfig routes) {
        routes.get("/api/queue", this::queue);
        routes.get("/api/agreement", request -> {
            Parameters.of(request);
            ReviewServer.json(request, AgreementReport.of(corpus.decisions().rows().values()));
        });
        routes.get("/api/estimate", this::estimate);
        routes.get("/api/progress", this::progress);
    }

    private void queue(Context request) {
        Parameters given = Parameters.of(request, "order", "q", "size", "seed", "assigned", "overlap");
        Sharing shared = Sharing.of(given);
        String order = given.choice("order", ORDERS);
        String reviewer = DecisionApi.reviewer(request, options);
        int size = given.number("size", 20, 1, 500);
        String q = given.text("q", "");
        PageRequest wanted = PageRequest.of(order.equals("conflict") ? both(q, "is:conflict") : q, size);
        RowPage page = corpus.rows().page(switch (order) {
            case "random" -> wanted.sorted("random", given.seed());
            default -> wanted;
        }, order.equals("conflict") ? key -> !settled(reviewer, key)
                : key -> !decided(reviewer, key) && (!order.equals("random") || shared.gives(reviewer, key)),
                order.equals("uncertain") ? new RowDetails(corpus).limits() : Map.of());
        ObjectNode json = ReviewServer.object().put("order", order).put("total", page.total());
        ArrayNode rows = json.putArray("rows");
        page.rows().forEach(row -> rows.add(view.on(row)));
        ReviewServer.json(request, json);
    }

    private static String both(String q, String further) {
        return q.isBlank() ? further : "(" + q + ") AND " + further;
    }

    private boolean decided(String reviewer, long key) {
        return Optional.ofNullable(corpus.decisions().of(key).by().get(reviewer)).flatMap(Opinion::decision)
                .isPresent();
    }

    /// A conflict is shown to those who have not decided it first, and to all others too, until it is none.
    private boolean settled(String reviewer, long key) {
        RowOpinions said = corpus.decisions().of(key);
        return !said.isConflict() && decided(reviewer, key);
    }

    private void estimate(Context request) {
        Parameters given = Parameters.of(request, "q");
        String q = given.text("q", "");
        Set<String> sample = new HashSet<>();
        for (ReviewAction action : corpus.decisions().lines()) {
            if (action.origin().equals(RANDOM) && !corpus.decisions().isUndone(action.action())) {
                sample.addAll(action.ids());
            }
        }
        int looked = 0;
        int bad = 0;
        Set<Long> keys = corpus.rows().keys(q, sample.stream().map(RowSearch::key).toList());
        for (String id : sample) {
            Optional<Choice> decision = corpus.decisions().of(id).decision().filter(choice -> choice != Choice.LATER);
            if (decision.isPresent() && keys.contains(RowSearch.key(id))) {
                looked++;
                bad += decision.get() == Choice.REJECT ? 1 : 0;
            }
        }
        ErrorRate rate = new ErrorRate(corpus.rows().count(q), looked, bad);
        ObjectNode json = ReviewServer.object().put("population", rate.population()).put("sample", looked)
                .put("rejected", bad).put("method", "Clopper-Pearson, 95 %");
        if (looked > 0) {
            json.put("rate", rate.rate()).put("low", rate.low()).put("high", rate.high());
        }
        ReviewServer.json(request, json);
    }

    private void progress(Context request) {
        Parameters.of(request);
        Map<String, int[]> by = new TreeMap<>();
        corpus.decisions().rows().values().forEach(row -> row.by().forEach((reviewer, opinion) ->
                opinion.decision().ifPresent(choice -> by.computeIfAbsent(reviewer, name -> new int[4])[choice
                        .ordinal()]++)));
        String today = options.clock().instant().toString().substring(0, 10);
        corpus.decisions().lines().stream().filter(action -> action.at().startsWith(today)
                && action.kind() == ReviewAction.Kind.DECIDE && !corpus.decisions().isUndone(action.action()))
                .forEach(action -> by.computeIfAbsent(action.reviewer(), name -> new int[4])[3] += action.ids().size());
        ObjectNode json = ReviewServer.object();
        ArrayNode reviewers = json.putArray("reviewers");
        by.forEach((name, counts) -> reviewers.addObject().put("name", name).put("accept", counts[0])
                .put("reject", counts[1]).put("later", counts[2]).put("today", counts[3]));
        ReviewServer.json(request, json);
    }
}
