package dev.socratic.models.constrain;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// A place in a grammar: what may come next, and where one is then. What may come is a byte, or all that another rule
/// allows; nothing is needed for an [Edge.Empty].
///
/// A rule begins at a node and ends at [Rule#end]. Equal to itself only.
final class Node {
    private final List<Edge> edges = new ArrayList<>();

    sealed interface Edge {
        Node to();

        /// @param low  first byte, 0 to 255
        /// @param high last
        record Bytes(int low, int high, Node to) implements Edge {}

        record Empty(Node to) implements Edge {}

        record Call(Rule rule, Node to) implements Edge {}
    }

    /// A part of a grammar that may stand in several places, in itself, too.
    record Rule(Node start, Node end) {
        Rule() {
            this(new Node(), new Node());
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    List<Edge> edges() {
        return edges;
    }

    /// Leaves of each range of bytes what some set holds.
    void narrow(BitSet allowed) {
        List<Edge> narrowed = new ArrayList<>();
        for (Edge edge : edges) {
            if (edge instanceof Edge.Bytes(int low, int high, Node to)) {
                for (int from = allowed.nextSetBit(low); from >= 0 && from <= high;) {
                    int end = Math.min(high, allowed.nextClearBit(from) - 1);
                    narrowed.add(new Edge.Bytes(from, end, to));
                    from = allowed.nextSetBit(end + 1);
                }
            } else {
                narrowed.add(edge);
            }
        }
        edges.clear();
        edges.addAll(narrowed);
    }

    void bytes(int low, int high, Node to) {
        edges.add(new Edge.Bytes(low, high, to));
    }

    void empty(Node to) {
        edges.add(new Edge.Empty(to));
    }

    void call(Rule rule, Node to) {
        edges.add(new Edge.Call(rule, to));
    }
}
