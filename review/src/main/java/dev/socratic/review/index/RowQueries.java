package dev.socratic.review.index;

import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.FirstLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.XYPointField;
import org.apache.lucene.geo.XYPolygon;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.WildcardQuery;

/// Reads what people write into the search box: Lucene's classic syntax over the fields of [RowDocument], with
/// `is:`, `near:`, what people decided, and `field:>0.8` for numbers.
///
/// @param analyzer of texts
/// @param people   what people said of rows
/// @param numbers  names of numbers there are
/// @param near     rows that are like the one with this id
record RowQueries(Analyzer analyzer, People people, Set<String> numbers, Function<String, LongPredicate> near) {
    /// Characters of a query: it may be the choice of rows by their ids.
    static final int MOST = 20_000;
    private static final Set<String> PEOPLE = Set.of("decision", "label", "reviewer", "note");
    private static final List<String> STATUS = List.of("kept", "dropped", "failed", "broken");
    private static final List<String> IS = List.of("kept", "dropped", "failed", "broken", "decided", "undecided",
            "accepted", "rejected", "later", "flagged", "edited", "conflict");
    private static final Map<String, String> ALIASES = Map.of("len", "length", "license", "licence", "tags", "tag",
            "cluster", RowDocument.CLUSTER,
            "labels", "label");
    /// A quoted text, or a comparison.
    private static final Pattern COMPARED = Pattern.compile(
            "\"(?:\\\\.|[^\"\\\\])*\"|([A-Za-z_][A-Za-z0-9_.]*):\\s*(>=|<=|>|<)\\s*(-?[0-9][0-9.eE+-]*)");

    /// @throws QueryProblem naming what is wrong
    Query parse(String text) {
        if (text.isBlank()) {
            return new MatchAllDocsQuery();
        }
        if (text.length() > MOST) {
            throw new QueryProblem("query_too_long", "q: at most %s characters; got %s; narrow it by a field".formatted(
                    MOST, text.length()));
        }
        try {
            Parser parser = new Parser(analyzer);
            parser.setDefaultOperator(QueryParser.Operator.AND);
            Query query = parser.parse(ranges(text));
            return onlyNegative(query);
        } catch (ParseException e) {
            throw e.getCause() instanceof QueryProblem problem ? problem : syntax(e);
        } catch (IllegalArgumentException | IndexSearcher.TooManyClauses e) {
            throw syntax(e);
        } catch (StackOverflowError deep) {
            throw new QueryProblem("query_too_deep", "q: fewer parentheses within each other; got too many; write "
                    + "less");
        }
    }

    private static QueryProblem syntax(Exception e) {
        return new QueryProblem("query_syntax", "q: Lucene's syntax; got %s; put text with signs in quotes".formatted(
                FirstLine.of(String.valueOf(e.getMessage()).replaceFirst("(?s)^Cannot parse .*?: (?=[A-Z'])", ""))));
    }

    /// `a:>1` as Lucene writes it: `a:{1 TO *]`.
    private static String ranges(String text) {
        Matcher matcher = COMPARED.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String with = matcher.group();
            if (matcher.group(1) != null) {
                String name = matcher.group(1);
                String number = matcher.group(3);
                with = switch (matcher.group(2)) {
                    case ">" -> "%s:{%s TO *]".formatted(name, number);
                    case ">=" -> "%s:[%s TO *]".formatted(name, number);
                    case "<" -> "%s:[* TO %s}".formatted(name, number);
                    default -> "%s:[* TO %s]".formatted(name, number);
                };
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(with));
        }
        return matcher.appendTail(out).toString();
    }

    /// Lucene finds nothing for `-a` alone; people mean all others.
    private static Query onlyNegative(Query query) {
        if (query instanceof BooleanQuery all && !all.clauses().isEmpty()
                && all.clauses().stream().allMatch(BooleanClause::isProhibited)) {
            BooleanQuery.Builder others = new BooleanQuery.Builder().add(new MatchAllDocsQuery(),
                    BooleanClause.Occur.FILTER);
            all.clauses().forEach(others::add);
            return others.build();
        }
        return query;
    }

    private List<String> fields() {
        List<String> all = new ArrayList<>(RowDocument.NAMES);
        all.addAll(RowDocument.TEXTS);
        all.addAll(List.of("is", "id", RowDocument.QUESTION_ID, "near", "within", "cluster", "rating"));
        all.addAll(PEOPLE.stream().sorted().toList());
        all.addAll(numbers.stream().sorted().toList());
        return all;
    }

    private QueryProblem unknown(String field) {
        return new QueryProblem("unknown_field", ("q: a known field before ':'; got '%s'; %s; text with a colon goes "
                + "in quotes")
                .formatted(field, Spelling.remedy(field, fields())));
    }

    private final class Parser extends QueryParser {
        private static final String ALL = "";

        Parser(Analyzer analyzer) {
            super(ALL, analyzer);
        }

        private String name(String field) {
            return ALIASES.getOrDefault(field, field);
        }

        @Override
        protected Query getFieldQuery(String written, String text, boolean quoted) throws ParseException {
            String field = name(written);
            if (field.equals(ALL)) {
                BooleanQuery.Builder any = new BooleanQuery.Builder();
                for (String one : RowDocument.TEXTS) {
                    Query query = super.getFieldQuery(one, text, quoted);
                    if (query != null) {
                        any.add(query, BooleanClause.Occur.SHOULD);
                    }
                }
                return any.build().clauses().isEmpty() ? null : any.build();
            }
            if (RowDocument.TEXTS.contains(field)) {
                return super.getFieldQuery(field, text, quoted);
            }
            return exact(field, text).orElseThrow(() -> unknown(written));
        }

        private Optional<Query> exact(String field, String text) {
            if (RowDocument.NAMES.contains(field) || field.equals(RowDocument.ID)
                    || field.equals(RowDocument.QUESTION_ID)) {
                return Optional.of(new TermQuery(new Term(field, text)));
            }
            if (numbers.contains(field)) {
                return Optional.of(DoubleField.newExactQuery(RowDocument.NUMBER + field, number(field, text)));
            }
            return switch (field) {
                case "is" -> Optional.of(is(text));
                case "near" -> Optional.of(new KeyQuery("near:" + text, near.apply(text)));
                case "within" -> Optional.of(within(text));
                case "rating" -> Optional.of(rated(number(field, text), number(field, text)));
                default -> PEOPLE.contains(field) ? Optional.of(said(field, text)) : Optional.empty();
            };
        }

        private Query is(String word) {
            if (STATUS.contains(word)) {
                return new TermQuery(new Term("status", word));
            }
            LongPredicate keys = people.is(word).orElseThrow(() -> new QueryProblem("unknown_value",
                    "q: is: one of %s; got '%s'; %s".formatted(String.join(", ", IS), word,
                    Spelling.remedy(word, IS))));
            return people.isEmpty() && !word.equals("undecided") ? new MatchNoDocsQuery("nobody decided")
                    : new KeyQuery("is:" + word, keys);
        }

        private Query said(String field, String value) {
            return people.isEmpty() ? new MatchNoDocsQuery("nobody decided")
                    : new KeyQuery(field + ":" + value, people.has(field, value));
        }

        /// Rows on the map inside of a line that is closed by itself.
        private Query within(String corners) {
            String[] points = corners.strip().split("\\s+");
            float[] x = new float[points.length + 1];
            float[] y = new float[points.length + 1];
            try {
                for (int i = 0; i < x.length; i++) {
                    String[] at = points[i % points.length].split(",", -1);
                    x[i] = Float.parseFloat(at[0]);
                    y[i] = Float.parseFloat(at[1]);
                }
                if (points.length < 3) {
                    throw new IllegalArgumentException("too few corners");
                }
                return XYPointField.newPolygonQuery(RowDocument.PLACE, new XYPolygon(x, y));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException wrong) {
                throw new QueryProblem("unknown_value", ("q: within: at least three corners \"x,y x,y x,y\" on the "
                        + "map; got '%s'; draw them on the page's map").formatted(FirstLine.of(corners)));
            }
        }

        private Query rated(double low, double high) {
            return new KeyQuery("rating", people.rated(low, high));
        }

        private double number(String field, String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException none) {
                throw new QueryProblem("not_a_number", "q: %s: a number; got '%s'; write such as %s:>0.8".formatted(
                        field, text, field));
            }
        }

        @Override
        protected Query getRangeQuery(String written, String low, String high, boolean withLow, boolean withHigh)
                throws ParseException {
            String field = name(written);
            double from = low == null ? Double.NEGATIVE_INFINITY : number(field, low);
            double to = high == null ? Double.POSITIVE_INFINITY : number(field, high);
            double least = withLow || low == null ? from : Math.nextUp(from);
            double most = withHigh || high == null ? to : Math.nextDown(to);
            if (field.equals("rating")) {
                return rated(least, most);
            }
            if (!numbers.contains(field)) {
                throw RowDocument.NAMES.contains(field) || RowDocument.TEXTS.contains(field)
                        ? new QueryProblem("not_a_number", ("q: a range of numbers; got '%s', which has none; "
                                + "%s").formatted(
                        field, Spelling.remedy(field, numbers))) : unknown(written);
            }
            return DoubleField.newRangeQuery(RowDocument.NUMBER + field, least, most);
        }

        @Override
        protected Query getPrefixQuery(String written, String text) throws ParseException {
            return matching(written, text + "*", term -> new PrefixQuery(new Term(term.field(), text)));
        }

        @Override
        protected Query getWildcardQuery(String written, String text) throws ParseException {
            return text.equals("*") && written.equals("*") ? new MatchAllDocsQuery()
                    : matching(written, text, WildcardQuery::new);
        }

        @Override
        protected Query getFuzzyQuery(String written, String text, float edits) throws ParseException {
            String field = name(written);
            if (!field.equals(ALL) && !RowDocument.TEXTS.contains(field)) {
                throw new QueryProblem("query_syntax", "q: ~ for texts only; got field '%s'; leave ~ out".formatted(
                        written));
            }
            return any(field, one -> newFuzzyQuery(new Term(one, text.toLowerCase(Locale.ROOT)), edits,
                    getFuzzyPrefixLength()));
        }

        @Override
        protected Query getRegexpQuery(String written, String text) throws ParseException {
            return matching(written, text, this::newRegexpQuery);
        }

        private Query matching(String written, String text, Function<Term, Query> made) {
            String field = name(written);
            if (field.equals(ALL) || RowDocument.TEXTS.contains(field)) {
                return any(field, one -> made.apply(new Term(one, text.toLowerCase(Locale.ROOT))));
            }
            if (RowDocument.NAMES.contains(field) || field.equals(RowDocument.ID)
                    || field.equals(RowDocument.QUESTION_ID)) {
                return made.apply(new Term(field, text));
            }
            if (PEOPLE.contains(field) && text.equals("*")) {
                return said(field, "*");
            }
            if (numbers.contains(field) && text.equals("*")) {
                return DoubleField.newRangeQuery(RowDocument.NUMBER + field, Double.NEGATIVE_INFINITY,
                        Double.POSITIVE_INFINITY);
            }
            throw unknown(written);
        }

        private Query any(String field, Function<String, Query> made) {
            if (!field.equals(ALL)) {
                return made.apply(field);
            }
            BooleanQuery.Builder all = new BooleanQuery.Builder();
            RowDocument.TEXTS.forEach(one -> all.add(made.apply(one), BooleanClause.Occur.SHOULD));
            return all.build();
        }
    }
}
