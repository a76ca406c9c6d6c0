package dev.socratic.review.index;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.json.Json;
import dev.socratic.curator.text.Shingles;
import dev.socratic.review.rows.LinePlace;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.queries.mlt.MoreLikeThis;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopFieldCollectorManager;

/// Finds rows: by query, by id, page by page.
public final class RowSearch {
    private static final Set<String> SUMMARY = Set.of(RowDocument.SUMMARY);
    private static final int BATCH = 10_000;

    private final RowIndex index;
    private final People people;
    private final Function<String, LongPredicate> near;

    /// @param near rows that are like the one with this id
    public RowSearch(RowIndex index, People people, Function<RowSearch, Function<String, LongPredicate>> near) {
        this.index = index;
        this.people = people;
        this.near = near.apply(this);
    }

    /// @return what a query means now
    /// @throws QueryProblem naming what is wrong
    Query query(String q) {
        return new RowQueries(index.analyzer(), people, index.numbers(), near).parse(q);
    }

    /// @return how many rows a query finds
    public long count(String q) {
        Query query = query(q);
        return index.search(searcher -> (long) searcher.count(query));
    }

    /// Rows of a query of which something is true that lies outside the index.
    ///
    /// @param keys   of rows that are wanted
    /// @param limits rows near them come first; none where the request says how rows are sorted
    public RowPage page(PageRequest request, LongPredicate keys, Map<String, Double> limits) {
        Query query = new BooleanQuery.Builder().add(query(request.q()), BooleanClause.Occur.MUST)
                .add(new KeyQuery("wanted", keys), BooleanClause.Occur.FILTER).build();
        return page(request, query, limits.isEmpty() ? sort(request)
                : new Sort(new NearLimits(limits).getSortField(false), sort(request).getSort()[0]));
    }

    public RowPage page(PageRequest request) {
        return page(request, query(request.q()), sort(request));
    }

    private RowPage page(PageRequest request, Query query, Sort sort) {
        return index.search(searcher -> {
            Sort rewritten = sort.rewrite(searcher);
            int wanted = request.from() + request.size();
            FieldDoc after = request.after().map(text -> PageCursor.read(text, rewritten.getSort().length))
                    .orElse(null);
            TopDocs found = searcher.search(query, new TopFieldCollectorManager(rewritten, Math.max(1, wanted), after,
                    Math.max(1, wanted)));
            List<ObjectNode> rows = new ArrayList<>();
            StoredFields stored = searcher.storedFields();
            for (int i = request.from(); i < found.scoreDocs.length; i++) {
                rows.add(summary(stored, found.scoreDocs[i].doc));
            }
            boolean more = found.scoreDocs.length == wanted && wanted > 0;
            return new RowPage(searcher.count(query), rows, more
                    ? Optional.of(PageCursor.of((FieldDoc) found.scoreDocs[wanted - 1])) : Optional.empty());
        });
    }

    private Sort sort(PageRequest request) {
        SortField last = new SortedNumericSortField(RowDocument.ORDER, SortField.Type.LONG,
                request.sort().equals("order") && request.down());
        return switch (request.sort()) {
            case "order" -> new Sort(last);
            case "relevance" -> new Sort(new SortField(null, SortField.Type.SCORE, request.down()), last);
            case "random" -> new Sort(new KeyOrder(key -> Shingles.mix(key ^ Shingles.mix(request.seed())))
                    .getSortField(request.down()), last);
            case "decided_at" -> new Sort(new KeyOrder(people::decidedAt).getSortField(request.down()), last);
            default -> {
                Set<String> numbers = index.numbers();
                if (!numbers.contains(request.sort())) {
                    throw new QueryProblem("unknown_field", "sort: order, relevance, decided_at, random or a number "
                            + ("of the "
                            + "rows; got '%s'; "
                                    + "%s").formatted(request.sort(), Spelling.remedy(request.sort(), numbers)));
                }
                SortedNumericSortField field = new SortedNumericSortField(RowDocument.NUMBER + request.sort(),
                        SortField.Type.DOUBLE, request.down());
                field.setMissingValue(request.down() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
                yield new Sort(field, last);
            }
        };
    }

    private static ObjectNode summary(StoredFields stored, int doc) throws IOException {
        Document document = stored.document(doc, SUMMARY);
        return (ObjectNode) Json.mapper().readTree(document.getBinaryValue(RowDocument.SUMMARY).utf8ToString());
    }

    /// A row and where its lines lie.
    ///
    /// @param decision of the line that says what was decided; [LinePlace#NONE] where there is none
    public record Located(ObjectNode summary, LinePlace place, LinePlace decision) {}

    public Optional<Located> find(String id) {
        return index.search(searcher -> {
            TopDocs found = searcher.search(new TermQuery(new Term(RowDocument.ID, id)), 1);
            if (found.scoreDocs.length == 0) {
                return Optional.empty();
            }
            return Optional.of(located(searcher.storedFields().document(found.scoreDocs[0].doc)));
        });
    }

    private static Located located(Document document) throws IOException {
        return new Located((ObjectNode) Json.mapper().readTree(
                document.getBinaryValue(RowDocument.SUMMARY).utf8ToString()),
                RowDocument.place(document, ""), RowDocument.place(document, "decision."));
    }

    /// @return the row's summary
    public Optional<ObjectNode> summary(String id) {
        return find(id).map(Located::summary);
    }

    /// Every row a query finds, in the order of the files.
    ///
    /// @param each is given the row's summary
    /// @return how many
    public long each(String q, Consumer<ObjectNode> each) {
        Query query = query(q);
        return index.search(searcher -> {
            Sort sort = new Sort(new SortedNumericSortField(RowDocument.ORDER, SortField.Type.LONG));
            long rows = 0;
            ScoreDoc last = null;
            while (true) {
                TopDocs found = searcher.searchAfter(last, query, BATCH, sort);
                for (ScoreDoc one : found.scoreDocs) {
                    each.accept(summary(searcher.storedFields(), one.doc));
                    rows++;
                }
                if (found.scoreDocs.length < BATCH) {
                    return rows;
                }
                last = found.scoreDocs[BATCH - 1];
            }
        });
    }

    /// @return rows with the same question, at most so many
    public List<ObjectNode> samples(String questionId, int most) {
        return index.search(searcher -> {
            TopDocs found = searcher.search(new TermQuery(new Term(RowDocument.QUESTION_ID, questionId)), most,
                    new Sort(new SortedNumericSortField(RowDocument.ORDER, SortField.Type.LONG)));
            List<ObjectNode> rows = new ArrayList<>();
            for (ScoreDoc one : found.scoreDocs) {
                rows.add(summary(searcher.storedFields(), one.doc));
            }
            return rows;
        });
    }

    /// @param text question and answer of a row
    /// @return rows that share its rarest words
    public List<Located> alike(String text, int most) {
        return index.search(searcher -> {
            MoreLikeThis like = new MoreLikeThis(searcher.getIndexReader());
            like.setAnalyzer(index.analyzer());
            like.setFieldNames(new String[] {"question", "answer"});
            like.setMinDocFreq(1);
            like.setMinTermFreq(1);
            BooleanQuery.Builder any = new BooleanQuery.Builder();
            for (String field : like.getFieldNames()) {
                any.add(like.like(field, new StringReader(text)), BooleanClause.Occur.SHOULD);
            }
            List<Located> rows = new ArrayList<>();
            for (ScoreDoc one : searcher.search(any.build(), most).scoreDocs) {
                rows.add(located(searcher.storedFields().document(one.doc)));
            }
            return rows;
        });
    }

    /// @param among keys of rows
    /// @return those that the query finds
    public Set<Long> keys(String q, Collection<Long> among) {
        Set<Long> wanted = new HashSet<>(among);
        Query query = new BooleanQuery.Builder().add(query(q), BooleanClause.Occur.MUST)
                .add(new KeyQuery("among", wanted::contains), BooleanClause.Occur.FILTER).build();
        Set<Long> found = new HashSet<>();
        return index.search(searcher -> {
            FacetCounts.each(searcher, query, (leaf, docs) -> {
                NumericDocValues keys = DocValues.getNumeric(leaf.reader(), RowDocument.KEY);
                for (int doc = docs.nextSetBit(0); doc != DocIdSetIterator.NO_MORE_DOCS; doc = doc + 1 < docs.length()
                        ? docs.nextSetBit(doc + 1) : DocIdSetIterator.NO_MORE_DOCS) {
                    if (keys.advanceExact(doc)) {
                        found.add(keys.longValue());
                    }
                }
            });
            return found;
        });
    }

    /// @return the row's key, as [People] knows it
    public static long key(String id) {
        return RowDocument.key(id);
    }

    RowIndex index() {
        return index;
    }

}
