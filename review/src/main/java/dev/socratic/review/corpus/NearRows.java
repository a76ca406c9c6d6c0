package dev.socratic.review.corpus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.curator.step.AskedText;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import dev.socratic.datasets.answer.ReasoningSplit;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.source.Exchange;
import dev.socratic.review.index.RowSearch;
import dev.socratic.review.rows.OpenFiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/// Rows that are like one: those that share its rarest words are compared by the Jaccard similarity of their word
/// pairs,
/// as `near_duplicates` compares.
public final class NearRows {
    private static final int CANDIDATES = 200;
    private static final int WORDS = 2;
    /// What `near:ID` finds.
    private static final double LEAST = 0.3;

    private final RowSearch rows;
    private final OpenFiles lines;

    NearRows(RowSearch rows, OpenFiles lines) {
        this.rows = rows;
        this.lines = lines;
    }

    /// A row and how much it is like the other.
    record Near(double similarity, ObjectNode row) {}

    List<Near> of(String id, int most) {
        Optional<String> text = rows.find(id).flatMap(this::text);
        if (text.isEmpty()) {
            return List.of();
        }
        Shingles own = Shingles.of(Words.of(text.get()), WORDS);
        List<Near> near = new ArrayList<>();
        for (RowSearch.Located other : rows.alike(text.get(), CANDIDATES)) {
            if (!other.summary().path("id").asText().equals(id)) {
                text(other).ifPresent(its -> near.add(new Near(own.jaccard(Shingles.of(Words.of(its), WORDS)),
                        other.summary())));
            }
        }
        near.sort(Comparator.comparingDouble(Near::similarity).reversed());
        return near.stream().limit(most).toList();
    }

    /// @return which rows `near:ID` finds
    static Function<String, LongPredicate> queries(RowSearch rows, OpenFiles lines) {
        return id -> {
            Set<Long> keys = new NearRows(rows, lines).of(id, CANDIDATES).stream()
                    .filter(near -> near.similarity() >= LEAST)
                    .map(near -> RowSearch.key(near.row().path("id").asText())).collect(Collectors.toSet());
            keys.add(RowSearch.key(id));
            return keys::contains;
        };
    }

    private Optional<String> text(RowSearch.Located row) {
        try {
            ObjectNode json = RowFiles.row(lines.text(row.place()));
            Exchange exchange = Exchange.of(json.path("row") instanceof ObjectNode inner && json.size() == 2 ? inner
                    : json);
            String question = json.path("question").asText(AskedText.of(exchange));
            ReasoningSplit split = ReasoningSplit.of(exchange.answer());
            return Optional.of(question + "\n" + split.reasoning().orElse("") + "\n" + split.answer());
        } catch (DataException none) {
            return Optional.empty();
        }
    }
}
