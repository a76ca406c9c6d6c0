package dev.socratic.trainer.data.align;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// For each entry of one vocabulary the entry of another at the least edit distance. Source: FuseLLM, Wan et al.
/// 2024, arXiv:2401.10491.
///
/// A trie of the second vocabulary is walked with one row of the distance table a node, along the entry's own letters
/// first, and left where nothing below can be nearer than the best so far: much less than every pair. Among equally
/// near ones the lowest id wins.
public final class NearestTokens {
    private final Node root = new Node();

    private NearestTokens(List<String> entries) {
        for (int id = 0; id < entries.size(); id++) {
            if (!entries.get(id).isEmpty()) {
                root.add(entries.get(id), id);
            }
        }
    }

    /// @param known for each of the teacher's ids the student's where it is known already; below 0 where not
    /// @return for each of the teacher's ids one of the student's; [AlignedSpans#NONE] for an id without an entry
    public static int[] of(List<String> student, List<String> teacher, int[] known) {
        NearestTokens tokens = new NearestTokens(student);
        return IntStream.range(0, teacher.size())
                .parallel()
                .map(id -> known[id] >= 0 || teacher.get(id).isEmpty() ? known[id] : tokens.nearest(teacher.get(id)))
                .toArray();
    }

    int nearest(String text) {
        Best best = new Best();
        int[] row = IntStream.rangeClosed(0, text.length()).toArray();
        below(root, text, row, best);
        return best.id;
    }

    private static void walk(Node node, char letter, String text, int[] above, Best best) {
        int[] row = new int[above.length];
        row[0] = above[0] + 1;
        int least = row[0];
        for (int i = 1; i < row.length; i++) {
            row[i] = Math.min(Math.min(row[i - 1], above[i]) + 1,
                    above[i - 1] + (text.charAt(i - 1) == letter ? 0 : 1));
            least = Math.min(least, row[i]);
        }
        if (node.id >= 0) {
            best.offer(row[row.length - 1], node.id);
        }
        if (least < best.distance || least == best.distance && node.leastId < best.id) {
            below(node, text, row, best);
        }
    }

    /// @param row of the node, whose first number is its depth
    private static void below(Node node, String text, int[] row, Best best) {
        char likely = row[0] < text.length() ? text.charAt(row[0]) : 0;
        Node first = node.below.get(likely);
        if (first != null) {
            walk(first, likely, text, row, best);
        }
        node.below.forEach((letter, child) -> {
            if (child != first) {
                walk(child, letter, text, row, best);
            }
        });
    }

    /// Levenshtein's distance: insertions, deletions and replacements.
    static int distance(String a, String b) {
        int[] above = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                row[j] = Math.min(Math.min(row[j - 1], above[j]) + 1,
                        above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
            }
            above = row;
        }
        return above[b.length()];
    }

    private static final class Node {
        private final TreeMap<Character, Node> below = new TreeMap<>();
        private int id = AlignedSpans.NONE;
        private int leastId = Integer.MAX_VALUE;

        void add(String text, int id) {
            Node at = this;
            for (int i = 0; i < text.length(); i++) {
                char letter = text.charAt(i);
                at.leastId = Math.min(at.leastId, id);
                at = at.below.computeIfAbsent(letter, ignored -> new Node());
            }
            at.id = at.id < 0 ? id : at.id;
        }
    }

    private static final class Best {
        private int distance = Integer.MAX_VALUE;
        private int id = AlignedSpans.NONE;

        void offer(int found, int of) {
            if (found < distance || found == distance && of < id) {
                distance = found;
                id = of;
            }
        }
    }
}
