package dev.socratic.review.corpus;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What a person should know of the corpus: each once, in order.
public final class Notices {
    /// More would be no notices any more.
    private static final int MOST = 200;

    private final Clock clock;
    private final List<Notice> all = new ArrayList<>();
    private final List<Consumer<Notice>> watchers = new CopyOnWriteArrayList<>();

    /// @param at ISO-8601
    public record Notice(String at, String text) {}

    Notices(Clock clock) {
        this.clock = clock;
    }

    /// @param text one line
    public void tell(String text) {
        Notice notice = new Notice(clock.instant().toString(), text);
        synchronized (all) {
            if (all.size() >= MOST || all.stream().anyMatch(known -> known.text().equals(text))) {
                return;
            }
            all.add(notice);
        }
        watchers.forEach(watcher -> watcher.accept(notice));
    }

    /// @param watcher is told what was said before, and what will be
    public void watch(Consumer<Notice> watcher) {
        all().forEach(watcher);
        watchers.add(watcher);
    }

    public List<Notice> all() {
        synchronized (all) {
            return List.copyOf(all);
        }
    }
}
