package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.curator.config.SelectionConfig.Groups;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import java.util.ArrayList;
import java.util.List;

/// Which group each row is in: what stands in a field, or a cluster of like questions.
///
/// Clusters are those of farthest-first traversal (Gonzalez 1985): so many centres by [Centers], each row with the
/// nearest, `cluster 1` the one around the first centre.
final class RowGroups {
    /// Of rows without the field.
    static final String NONE = "none";

    private final Groups groups;
    private final long seed;
    private final List<String> names = new ArrayList<>();
    private final TermVectors vectors = new TermVectors();

    RowGroups(Groups groups, long seed) {
        this.groups = groups;
        this.seed = seed;
    }

    void add(Candidate row) {
        groups.by().ifPresent(field -> names.add(value(row, field)));
        groups.clusters().ifPresent(number -> vectors.add(row.text(row.isText() ? TextPart.BOTH : TextPart.QUESTION)));
    }

    private static String value(Candidate row, String field) {
        JsonNode node = row.json();
        for (String part : field.split("[.]")) {
            node = node.path(part);
        }
        return node.isMissingNode() || node.isNull() ? NONE : node.isValueNode() ? node.asText() : node.toString();
    }

    /// @return the group of each row, by number
    List<String> of(List<String> ids, int[] order) {
        if (groups.by().isPresent() || order.length == 0) {
            return List.copyOf(names);
        }
        vectors.close();
        Centers centers = Centers.of(vectors, ids, order, groups.clusters().orElseThrow(), seed);
        List<String> clusters = new ArrayList<>();
        for (int row = 0; row < ids.size(); row++) {
            clusters.add("cluster " + (centers.nearest(row) + 1));
        }
        return clusters;
    }
}
