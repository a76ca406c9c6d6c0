package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/// What a step says of one row.
public sealed interface Decision {
    Decision KEEP = new Keep(RowScores.NONE);

    /// @return what was measured, for thresholds to be tried on
    RowScores scores();

    /// The row goes on to the next step, unchanged.
    record Keep(RowScores scores) implements Decision {}

    /// The row goes on to the next step, changed.
    ///
    /// @param row      what it is now, all its fields; a new object
    /// @param reason   in snake case, what `report.json` counts by
    /// @param evidence what was changed, so that a person can check it; nothing that had to be hidden
    record Edit(ObjectNode row, String reason, ObjectNode evidence, RowScores scores) implements Decision {
        public Edit {
            Objects.requireNonNull(row);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(evidence);
        }
    }

    /// The row ends here.
    ///
    /// @param reason   in snake case, what `report.json` counts by
    /// @param evidence what a person needs to check the decision: the measured value and its limit, or the other row
    ///                 and how alike they are
    record Drop(String reason, ObjectNode evidence, RowScores scores) implements Decision {
        public Drop {
            Objects.requireNonNull(reason);
            Objects.requireNonNull(evidence);
        }

        public Drop(String reason, ObjectNode evidence) {
            this(reason, evidence, RowScores.NONE);
        }
    }
}
