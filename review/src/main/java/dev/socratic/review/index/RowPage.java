package dev.socratic.review.index;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// Some rows of those a query finds.
///
/// @param total how many it finds
/// @param rows  their summaries, without what people said
/// @param next  where the next page begins; empty after the last
public record RowPage(long total, List<ObjectNode> rows, Optional<String> next) {}
