package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/// A number that decides, as data: with the scores of all rows it says which would come and go at another.
///
/// @param score  what is compared, a name of the step's [RowScores]
/// @param bound  whether it is the least or the most that stays
/// @param limit  itself stays
/// @param reason of what it drops
public record Threshold(String score, Bound bound, double limit, String reason) {
    /// Which side stays.
    public enum Bound { LEAST, MOST }

    public static Threshold least(String score, double limit, String reason) {
        return new Threshold(score, Bound.LEAST, limit, reason);
    }

    public static Threshold most(String score, double limit, String reason) {
        return new Threshold(score, Bound.MOST, limit, reason);
    }

    /// @return whether a row with this score stays
    public boolean holds(double value) {
        return switch (bound) {
            case LEAST -> value >= limit;
            case MOST -> value <= limit;
        };
    }

    /// @return `{score, least | most, reason}`
    public ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put("score", score)
                .put(bound.name().toLowerCase(Locale.ROOT), limit).put("reason", reason);
    }
}
