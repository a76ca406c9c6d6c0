package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Small things every filter needs.
final class Evidence {
    private Evidence() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// Six decimals: enough to check a decision by, and the same text on every machine.
    static double round(double share) {
        return Math.round(share * 1e6) / 1e6;
    }
}
