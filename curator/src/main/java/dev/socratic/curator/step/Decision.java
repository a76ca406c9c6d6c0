package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/// What a step says of one row.
public sealed interface Decision {
    Decision KEEP = new Keep();

    /// The row goes on to the next step, unchanged.
    record Keep() implements Decision {}

    /// The row ends here.
    ///
    /// @param reason   in snake case, what `report.json` counts by
    /// @param evidence what a person needs to check the decision: the measured value and its limit, or the other row
    ///                 and how alike they are
    record Drop(String reason, ObjectNode evidence) implements Decision {
        public Drop {
            Objects.requireNonNull(reason);
            Objects.requireNonNull(evidence);
        }
    }
}
