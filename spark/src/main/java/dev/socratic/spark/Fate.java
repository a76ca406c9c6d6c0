package dev.socratic.spark;

import java.io.Serializable;

/// A row between two steps, or what became of it.
///
/// @param place    of the row in the corpus: file, then line
/// @param passage  `{row, scores, edits, overruled}` of a row that is still there; empty of another
/// @param step     that dropped it; [#ALIVE], or [#BAD] of a line that is no row
/// @param reason   it went for; empty while it is there
/// @param decision its line in `decisions`; empty while it is there, and of a bad one
/// @param rejected its line in `rejected`; of a bad one in `quarantine`
record Fate(long place, String passage, int step, String reason, String decision, String rejected)
        implements Serializable {
    static final int ALIVE = -1;
    static final int BAD = -2;

    static Fate alive(long place, String passage) {
        return new Fate(place, passage, ALIVE, "", "", "");
    }

    static Fate bad(long place, String row) {
        return new Fate(place, "", BAD, "", "", row);
    }

    boolean isAlive() {
        return step == ALIVE;
    }
}
