package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.config.KeptMember;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.RowScores;
import java.util.Optional;

/// How good a row is by a rule of [KeptMember]: greater is better, and of equals the row with the least id.
final class MemberRank {
    private final String step;
    private final KeptMember keep;
    private final Optional<String> score;
    private long ranked;
    private long without;

    /// @param step whose rule it is, for messages
    MemberRank(String step, KeptMember keep, Optional<String> score) {
        this.step = step;
        this.keep = keep;
        this.score = score;
    }

    /// @param text what is compared
    double of(Candidate row, RowScores scores, String text) {
        ranked++;
        return switch (keep) {
            case FIRST -> 0;
            case LONGEST -> text.codePointCount(0, text.length());
            case SHORTEST -> -text.codePointCount(0, text.length());
            case MOST_VERIFIED -> row.trace().map(trace -> trace.verdicts().stream()
                    .mapToInt(verdict -> verdict.passed() ? 1 : -1).sum()).orElse(0);
            case BEST_SCORE -> score(row, scores);
        };
    }

    private double score(Candidate row, RowScores scores) {
        String name = score.orElseThrow();
        Double measured = scores.values().get(name);
        if (measured != null) {
            return measured;
        }
        JsonNode field = row.json();
        for (String part : name.split("\\.")) {
            field = field.path(part);
        }
        if (field.isNumber() && Double.isFinite(field.doubleValue())) {
            return field.doubleValue();
        }
        without++;
        return Double.NEGATIVE_INFINITY;
    }

    boolean byPlace() {
        return keep == KeptMember.FIRST;
    }

    /// @return rows that do not have the score
    long without() {
        return without;
    }

    /// @throws ConfigException if not one row has the score
    void check() {
        if (ranked > 0 && without == ranked) {
            throw new ConfigException(step + ".score", "a score of a step before, or a number of the row",
                    "'%s', which none of %s rows has".formatted(score.orElseThrow(), ranked),
                    "name one that stands in 'scores' of decisions.jsonl, or a field of the rows");
        }
    }
}
