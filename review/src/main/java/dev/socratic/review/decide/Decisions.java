package dev.socratic.review.decide;

import dev.socratic.curator.review.Opinion;
import dev.socratic.curator.review.ReviewAction;
import dev.socratic.curator.review.ReviewLog;
import dev.socratic.curator.review.RowOpinions;
import dev.socratic.review.index.People;
import dev.socratic.review.index.RowSearch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// What people decided, now and all the way there: every change is on the disk before it holds ([ReviewJournal]). For
/// use by any number of threads.
public final class Decisions implements People, AutoCloseable {
    /// Rows that one line names.
    private static final int ROWS_A_LINE = 10_000;

    private final ReviewLog log = new ReviewLog();
    private final ReviewJournal journal;
    private final Clock clock;
    private final Map<Long, RowOpinions> byKey = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();
    private final List<Consumer<Change>> watchers = new CopyOnWriteArrayList<>();
    private long next = 1;

    private Decisions(Path folder, Clock clock, Consumer<String> notices) {
        this.clock = clock;
        this.journal = ReviewJournal.open(folder, log, notices);
        log.rows().forEach((id, opinions) -> byKey.put(RowSearch.key(id), opinions));
        log.actions().keySet().forEach(action -> {
            if (action.matches("[0-9]{1,18}")) {
                next = Math.max(next, Long.parseLong(action) + 1);
            }
        });
    }

    /// @param folder  of the review; made where it is not there
    /// @param notices what a person should know
    public static Decisions open(Path folder, Clock clock, Consumer<String> notices) {
        return new Decisions(folder, clock, notices);
    }

    /// What an action changed.
    ///
    /// @param ids   rows
    /// @param undoes action that was taken back
    public record Change(String action, String reviewer, List<String> ids, ReviewAction.Kind kind,
            Optional<Opinion> after, Optional<String> undoes) {}

    /// Lets somebody say something of rows.
    ///
    /// @param ids    none twice
    /// @param change of what this reviewer says of each of them so far
    /// @param origin as [ReviewAction#origin]
    public synchronized Change decide(String reviewer, List<String> ids, UnaryOperator<Opinion> change, String origin) {
        String action = "" + next++;
        String at = clock.instant().toString();
        Map<Opinion, List<String>> groups = new LinkedHashMap<>();
        ids.forEach(id -> groups.computeIfAbsent(change.apply(of(id).by().getOrDefault(reviewer, Opinion.NONE)),
                ignored -> new ArrayList<>()).add(id));
        List<ReviewAction> lines = new ArrayList<>();
        groups.forEach((after, rows) -> {
            for (int from = 0; from < rows.size(); from += ROWS_A_LINE) {
                List<String> part = rows.subList(from, Math.min(rows.size(), from + ROWS_A_LINE));
                lines.add(new ReviewAction(action, at, reviewer, ReviewAction.Kind.DECIDE, part, Optional.of(after),
                        before(reviewer, part), origin, Optional.empty()));
            }
        });
        return hold(lines, new Change(action, reviewer, List.copyOf(ids), ReviewAction.Kind.DECIDE,
                groups.size() == 1 ? Optional.of(groups.keySet().iterator().next()) : Optional.empty(),
                Optional.empty()));
    }

    private Map<String, Opinion> before(String reviewer, List<String> ids) {
        Map<String, Opinion> before = new HashMap<>();
        ids.forEach(id -> Optional.ofNullable(of(id).by().get(reviewer)).ifPresent(said -> before.put(id, said)));
        return before;
    }

    /// @param ids answers to one question, best first
    public synchronized Change rank(String reviewer, List<String> ids, String origin) {
        String action = "" + next++;
        return hold(List.of(new ReviewAction(action, clock.instant().toString(), reviewer, ReviewAction.Kind.RANK, ids,
                Optional.empty(), Map.of(), origin, Optional.empty())),
                new Change(action, reviewer, ids, ReviewAction.Kind.RANK, Optional.empty(), Optional.empty()));
    }

    /// @return this reviewer's latest action that was not taken back
    public synchronized Optional<String> last(String reviewer) {
        return actions(reviewer).reduce((a, b) -> b);
    }

    private Stream<String> actions(String reviewer) {
        return log.actions().values().stream().map(List::getFirst)
                .filter(one -> one.reviewer().equals(reviewer) && one.kind() != ReviewAction.Kind.UNDO
                        && !log.isUndone(one.action())).map(ReviewAction::action);
    }

    /// @return how many actions this reviewer could take back
    public synchronized long left(String reviewer) {
        return actions(reviewer).count();
    }

    /// @param action of this reviewer
    /// @return empty where there is no such action to take back, or the reviewer has decided one of its rows again
    public synchronized Optional<Change> undo(String reviewer, String action) {
        List<ReviewAction> lines = log.actions().getOrDefault(action, List.of());
        if (lines.isEmpty() || log.isUndone(action) || !lines.getFirst().reviewer().equals(reviewer)
                || lines.getFirst().kind() == ReviewAction.Kind.UNDO || isCovered(reviewer, action, lines)) {
            return Optional.empty();
        }
        List<String> ids = lines.stream().flatMap(line -> line.ids().stream()).toList();
        String undo = "" + next++;
        return Optional.of(hold(List.of(new ReviewAction(undo, clock.instant().toString(), reviewer,
                ReviewAction.Kind.UNDO, List.of(), Optional.empty(), Map.of(), "", Optional.of(action))),
                new Change(undo, reviewer, ids, ReviewAction.Kind.UNDO, Optional.empty(), Optional.of(action))));
    }

    /// What was said later of the same row would be lost.
    private boolean isCovered(String reviewer, String action, List<ReviewAction> lines) {
        Set<String> ids = new HashSet<>();
        lines.forEach(line -> ids.addAll(line.ids()));
        return log.actions().values().stream().dropWhile(one -> !one.getFirst().action().equals(action)).skip(1)
                .flatMap(List::stream).anyMatch(later -> later.kind() == ReviewAction.Kind.DECIDE
                        && later.reviewer().equals(reviewer) && !log.isUndone(later.action())
                        && later.ids().stream().anyMatch(ids::contains));
    }

    private Change hold(List<ReviewAction> lines, Change change) {
        journal.append(lines);
        lines.forEach(log::add);
        change.ids().forEach(id -> {
            RowOpinions now = log.of(id);
            if (now.isEmpty()) {
                byKey.remove(RowSearch.key(id));
            } else {
                byKey.put(RowSearch.key(id), now);
            }
        });
        version.incrementAndGet();
        watchers.forEach(watcher -> watcher.accept(change));
        return change;
    }

    /// @param watcher is told of every change, by the thread that made it
    public void watch(Consumer<Change> watcher) {
        watchers.add(watcher);
    }

    /// @return what people say of a row
    public RowOpinions of(String id) {
        return byKey.getOrDefault(RowSearch.key(id), RowOpinions.NONE);
    }

    /// @param key as [RowSearch#key] makes it
    /// @return what people say of a row
    public RowOpinions of(long key) {
        return byKey.getOrDefault(key, RowOpinions.NONE);
    }

    /// @return all of that row's lines, oldest first
    public synchronized List<ReviewAction> history(String id) {
        return log.actions().values().stream().flatMap(List::stream)
                .filter(action -> action.ids().contains(id)).toList();
    }

    public synchronized boolean isUndone(String action) {
        return log.isUndone(action);
    }

    /// @return rows that somebody said anything of, by id
    public synchronized Map<String, RowOpinions> rows() {
        return Map.copyOf(log.rows());
    }

    /// @return every line, oldest first
    public synchronized List<ReviewAction> lines() {
        return log.actions().values().stream().flatMap(List::stream).toList();
    }

    public synchronized List<ReviewAction> rankings() {
        return log.rankings();
    }

    /// @return grows with every change
    public long version() {
        return version.get();
    }

    /// @return rows that somebody said anything of
    public int count() {
        return byKey.size();
    }

    /// @return rows that are flagged
    public long flagged() {
        return byKey.values().stream().filter(RowOpinions::isFlagged).count();
    }

    private LongPredicate of(Predicate<RowOpinions> wanted) {
        return key -> {
            RowOpinions opinions = byKey.get(key);
            return opinions != null && wanted.test(opinions);
        };
    }

    @Override
    public Optional<LongPredicate> is(String word) {
        return switch (word) {
            case "decided" -> Optional.of(of(row -> row.decision().isPresent() || row.isConflict()));
            case "undecided" -> Optional.of(of((RowOpinions row) -> row.decision().isPresent() || row.isConflict())
                    .negate());
            case "accepted" -> Optional.of(of(row -> row.decision().equals(Optional.of(Opinion.Choice.ACCEPT))));
            case "rejected" -> Optional.of(of(row -> row.decision().equals(Optional.of(Opinion.Choice.REJECT))));
            case "later" -> Optional.of(of(row -> row.decision().equals(Optional.of(Opinion.Choice.LATER))));
            case "flagged" -> Optional.of(of(RowOpinions::isFlagged));
            case "edited" -> Optional.of(of(row -> row.edit().isPresent()));
            case "conflict" -> Optional.of(of(RowOpinions::isDisputed));
            default -> Optional.empty();
        };
    }

    @Override
    public LongPredicate has(String field, String value) {
        return switch (field) {
            case "decision" -> of(row -> row.decision().filter(choice -> value.equals("*")
                    || choice.label().equals(value)).isPresent());
            case "label" -> of(row -> row.by().values().stream().flatMap(one -> one.labels().stream())
                    .anyMatch(label -> value.equals("*") || label.equals(value)));
            case "reviewer" -> of(row -> value.equals("*") || row.by().containsKey(value));
            default -> of(row -> row.by().values().stream().anyMatch(one -> !one.note().isEmpty()
                    && (value.equals("*") || one.note().contains(value))));
        };
    }

    @Override
    public LongPredicate rated(double low, double high) {
        return of(row -> row.by().values().stream().flatMap(one -> one.rating().stream())
                .anyMatch(rating -> rating >= low && rating <= high));
    }

    @Override
    public long decidedAt(long key) {
        RowOpinions opinions = byKey.get(key);
        return opinions == null ? 0 : Instant.parse(opinions.at()).toEpochMilli();
    }

    @Override
    public boolean isEmpty() {
        return byKey.isEmpty();
    }

    @Override
    public void close() {
        journal.close();
    }
}
