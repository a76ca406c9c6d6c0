package dev.socratic.review.server;

import dev.socratic.curator.text.Shingles;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// Who looks at which rows: some are for all reviewers, so that their agreement can be measured, every other for one.
/// Rows are shared out by their ids, so that a row stays with whom it was given to, whatever comes.
///
/// @param assigned reviewers, by name; none where everybody gets all
/// @param overlap  share of the rows that all of them get, in [0, 1]
record Sharing(List<String> assigned, double overlap) {
    Sharing {
        assigned = List.copyOf(new TreeSet<>(assigned));
    }

    /// @throws ReviewFailure if the share is none
    static Sharing of(Parameters given) {
        String share = given.text("overlap", "0.2");
        List<String> names = given.optional("assigned").map(list -> Arrays.asList(list.split(","))).orElse(List.of());
        try {
            double overlap = Double.parseDouble(share);
            if (overlap >= 0 && overlap <= 1) {
                return new Sharing(names, overlap);
            }
        } catch (NumberFormatException none) {
            // told below
        }
        throw ReviewFailure.wrong("overlap: a share in [0, 1]; got '%s'; 0.2 gives a fifth of the rows to all"
                .formatted(share));
    }

    /// @param key of the row
    /// @return whether the reviewer is to look at it
    boolean gives(String reviewer, long key) {
        if (assigned.isEmpty()) {
            return true;
        }
        long draw = Shingles.mix(key ^ 0x5DEECE66DL);
        return (draw >>> 11) * 0x1p-53 < overlap
                || assigned.indexOf(reviewer) == Math.floorMod(Shingles.mix(draw), assigned.size());
    }
}
