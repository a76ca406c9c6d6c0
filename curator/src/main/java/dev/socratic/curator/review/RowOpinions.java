package dev.socratic.curator.review;

import dev.socratic.curator.review.Opinion.Choice;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What all reviewers say of one row: of each the latest.
///
/// What holds is what most of them choose, those who passed the row by not counted; where as many accept as reject,
/// nothing holds, and the row is a conflict.
///
/// @param by        opinions by reviewer, in the order of their first
/// @param at        when the latest was given, ISO-8601
/// @param edit      the latest edit of anybody
/// @param editor    whose it is
public record RowOpinions(Map<String, Opinion> by, String at, Optional<Opinion.TextEdit> edit, String editor) {
    public static final RowOpinions NONE = new RowOpinions(Map.of(), "", Optional.empty(), "");

    public RowOpinions {
        by = Collections.unmodifiableMap(new LinkedHashMap<>(by));
    }

    /// @return the same with what somebody says now
    RowOpinions with(String reviewer, Opinion opinion, String when) {
        Map<String, Opinion> all = new LinkedHashMap<>(by);
        if (opinion.saysNothing()) {
            all.remove(reviewer);
        } else {
            all.put(reviewer, opinion);
        }
        if (opinion.edit().isPresent()) {
            return new RowOpinions(all, when, opinion.edit(), reviewer);
        }
        if (!reviewer.equals(editor)) {
            return new RowOpinions(all, when, edit, editor);
        }
        return all.entrySet().stream().filter(one -> one.getValue().edit().isPresent()).reduce((a, b) -> b)
                .map(one -> new RowOpinions(all, when, one.getValue().edit(), one.getKey()))
                .orElseGet(() -> new RowOpinions(all, when, Optional.empty(), ""));
    }

    private long count(Choice choice) {
        return by.values().stream().filter(opinion -> opinion.decision().equals(Optional.of(choice))).count();
    }

    /// @return what holds
    public Optional<Choice> decision() {
        long accepts = count(Choice.ACCEPT);
        long rejects = count(Choice.REJECT);
        return accepts > rejects ? Optional.of(Choice.ACCEPT) : rejects > accepts ? Optional.of(Choice.REJECT)
                : accepts == 0 && count(Choice.LATER) > 0 ? Optional.of(Choice.LATER) : Optional.empty();
    }

    /// @return whether as many accept it as reject it
    public boolean isConflict() {
        return count(Choice.ACCEPT) > 0 && count(Choice.ACCEPT) == count(Choice.REJECT);
    }

    /// @return whether reviewers disagree, whatever holds
    public boolean isDisputed() {
        return count(Choice.ACCEPT) > 0 && count(Choice.REJECT) > 0;
    }

    public boolean isFlagged() {
        return by.values().stream().anyMatch(Opinion::flag);
    }

    public boolean isEmpty() {
        return by.isEmpty();
    }
}
