package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;

/// Small things every filter needs.
final class Evidence {
    private Evidence() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static String text(Candidate row, TextPart part) {
        return switch (part) {
            case QUESTION -> row.question();
            case ANSWER -> said(row);
            case BOTH -> row.question() + "\n" + said(row);
        };
    }

    /// All the assistant's turns.
    static String said(Candidate row) {
        return String.join("\n", row.turns());
    }

    /// Six decimals: enough to check a decision by, and the same text on every machine.
    static double round(double share) {
        return Math.round(share * 1e6) / 1e6;
    }
}
