package dev.socratic.datasets.wordproblems;

import dev.socratic.core.seed.Seeds;
import java.util.Map;
import java.util.TreeMap;

/// Where a problem belongs. No problem belongs to two splits, whatever the seed. Spelled in lower case in every file.
public enum Split {
    /// Stories and numbers to learn from.
    TRAIN,
    /// Stories of [#TRAIN] with number combinations that never occur there: about one combination in ten.
    HELD_OUT_NUMBERS,
    /// Stories marked `held out`, none of which is ever trained on.
    HELD_OUT_TEMPLATES;

    private static final int ONE_IN = 10;

    /// @param numbers the story's numbers by name; the number of a distractor is none of them, so it cannot move a
    ///                problem
    /// @return the split of this very problem: by its story's mark, then by a hash of the story's name and the numbers
    static Split of(Story story, Map<String, Integer> numbers) {
        if (story.heldOut()) {
            return HELD_OUT_TEMPLATES;
        }
        long hash = Seeds.derive(0, "word_problems", story.name(), new TreeMap<>(numbers).toString());
        return Math.floorMod(hash, ONE_IN) == 0 ? HELD_OUT_NUMBERS : TRAIN;
    }

    /// @return whether problems of this split can come from the story at all
    boolean uses(Story story) {
        return story.heldOut() == (this == HELD_OUT_TEMPLATES);
    }
}
