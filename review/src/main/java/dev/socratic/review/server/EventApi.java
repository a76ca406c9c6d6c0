package dev.socratic.review.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.decide.Decisions;
import io.javalin.config.RoutesConfig;
import io.javalin.http.sse.SseClient;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Tells every open page what happens: rows that come, what others decide, what a person should know. A page that is
/// gone is forgotten; one that comes back asks for what it missed.
final class EventApi implements AutoCloseable {
    private static final int IDS = 100;
    private static final long BEAT_SECONDS = 15;

    private final Corpus corpus;
    private final Set<SseClient> pages = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("events").factory());

    EventApi(Corpus corpus) {
        this.corpus = corpus;
        corpus.watch(ignored -> beat.execute(this::rows));
        corpus.decisions().watch(change -> beat.execute(() -> decisions(change)));
        corpus.notices().watch(notice -> beat.execute(() -> send("notice",
                ReviewServer.object().put("at", notice.at()).put("text", notice.text()))));
        beat.scheduleWithFixedDelay(() -> pages.forEach(page -> quietly(page, () -> page.sendComment("still here"))),
                BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    }

    void add(RoutesConfig routes) {
        routes.sse("/api/events", page -> {
            page.keepAlive();
            page.onClose(() -> pages.remove(page));
            pages.add(page);
            page.sendEvent("hello", Json.line(ReviewServer.object().put("version", version())));
        });
    }

    long version() {
        return corpus.index().version() + corpus.decisions().version();
    }

    private void rows() {
        long[] progress = corpus.progress();
        send("rows", ReviewServer.object().put("rows", corpus.rows().count("")).put("live", corpus.isLive())
                .put("done_bytes", progress[0]).put("total_bytes", progress[1]).put("version", version()));
    }

    private void decisions(Decisions.Change change) {
        ObjectNode json = ReviewServer.object().put("action", change.action()).put("reviewer", change.reviewer())
                .put("kind", change.kind().name().toLowerCase(Locale.ROOT)).put("count", change.ids().size());
        change.ids().stream().limit(IDS).forEach(json.putArray("ids")::add);
        change.after().flatMap(after -> after.decision()).ifPresent(choice -> json.put("decision", choice.label()));
        change.undoes().ifPresent(undone -> json.put("undone", undone));
        send("decisions", json.put("version", version()));
    }

    private void send(String event, ObjectNode json) {
        String text = Json.line(json);
        pages.forEach(page -> quietly(page, () -> page.sendEvent(event, text)));
    }

    private void quietly(SseClient page, Runnable sent) {
        try {
            sent.run();
        } catch (RuntimeException gone) {
            pages.remove(page);
        }
    }

    @Override
    public void close() {
        send("closing", ReviewServer.object());
        pages.forEach(page -> quietly(page, page::close));
        beat.shutdownNow();
    }
}
