package dev.socratic.models.constrain;

import dev.socratic.models.constrain.Node.Edge;
import dev.socratic.models.constrain.Node.Rule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Leaves out of a grammar whatever cannot be finished: what is left never ends in a dead end. A node can be finished
/// if it is the end of its rule, or if an edge leads on to one that can, by a rule that can.
final class Prune {
    private final Map<Node, Rule> all = new HashMap<>();
    private final Map<Node, List<Node>> before = new HashMap<>();
    private final Map<Rule, List<Node>> callers = new HashMap<>();
    private final Set<Node> finishable = new HashSet<>();
    private final Set<Rule> finished = new HashSet<>();

    private Prune() {}

    /// @param bytes those that can be written
    /// @return whether anything is left
    static boolean keepFinishable(Rule rule, BitSet bytes) {
        Prune prune = new Prune();
        prune.walk(rule, bytes);
        prune.finish();
        prune.all.keySet().forEach(node -> node.edges().removeIf(edge -> !prune.passable(edge)));
        return prune.finished.contains(rule);
    }

    private void walk(Rule rule, BitSet bytes) {
        Deque<Map.Entry<Node, Rule>> open = new ArrayDeque<>(List.of(Map.entry(rule.start(), rule)));
        while (!open.isEmpty()) {
            Map.Entry<Node, Rule> next = open.remove();
            Node node = next.getKey();
            if (all.putIfAbsent(node, next.getValue()) != null) {
                continue;
            }
            node.narrow(bytes);
            for (Edge edge : node.edges()) {
                open.add(Map.entry(edge.to(), next.getValue()));
                before.computeIfAbsent(edge.to(), to -> new ArrayList<>()).add(node);
                if (edge instanceof Edge.Call(Rule called, Node to)) {
                    open.add(Map.entry(called.start(), called));
                    callers.computeIfAbsent(called, one -> new ArrayList<>()).add(node);
                }
            }
        }
    }

    private void finish() {
        Deque<Node> open = new ArrayDeque<>(all.keySet().stream().filter(node -> node == all.get(node).end()).toList());
        while (!open.isEmpty()) {
            Node node = open.remove();
            boolean ends = node == all.get(node).end() || node.edges().stream().anyMatch(this::passable);
            if (!ends || !finishable.add(node)) {
                continue;
            }
            open.addAll(before.getOrDefault(node, List.of()));
            if (node == all.get(node).start()) {
                finished.add(all.get(node));
                open.addAll(callers.getOrDefault(all.get(node), List.of()));
            }
        }
    }

    private boolean passable(Edge edge) {
        return finishable.contains(edge.to())
                && (!(edge instanceof Edge.Call(Rule called, Node to)) || finished.contains(called));
    }
}
