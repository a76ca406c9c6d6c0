package dev.socratic.generator.endpoint;

import dev.socratic.generator.teacher.RequestShape;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A field of a request that a server refuses by its name, in one of the ways servers do: OpenAI's and Azure's
/// `error.param` with `unsupported_parameter`, Mistral's and FastAPI's `extra_forbidden` with `loc`, Google's
/// `Unknown name "seed"`, prose.
///
/// Only a field that is refused as such: a value out of its range is the config's fault, and is said as it is.
///
/// @param name        as it was sent
/// @param replacement the name under which the server wants it
record RefusedField(String name, Optional<String> replacement) {
    private static final Set<String> REFUSING = Set.of(
            "unsupported_parameter", "unsupported_value", "unknown_parameter", "extra_forbidden",
            "unrecognized_parameter", "unsupported", "parameter_not_supported", "value_error_extra",
            "unsupported_field");
    private static final Pattern REFUSAL = Pattern.compile(
            "unsupported|not supported|n't supported|does(?:n't| not) "
                    + "(?:support|allow|accept|take)|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed"
                    + "|extra (?:inputs?|fields?)|forbidden|not a (?:valid )?(?:parameter|field|argument)|no "
                            + "longer|deprecated|cannot both|can't both|not both|one of the two"
                    + "|only one|either|mutually exclusive|cannot be (?:specified|used|set)|only (?:its|the) "
                            + "default|instead",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern RANGE = Pattern.compile(
            "less than|greater than|at least|at most|between|out of range|must be [<>=\\d]|maximum "
                    + "(?:value|of|allowed)|minimum|exceeds|too (?:large|high|low|small)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern INSTEAD = Pattern.compile(
            "\\b(?:use|try|with)\\s+(?:the\\s+)?['\"`]?([a-z][a-z0-9_]{2,40})['\"`]?(?:\\s+parameter)?\\s+instead",
                    Pattern.CASE_INSENSITIVE);
    private static final Map<String, List<String>> OTHER_NAMES = Map.of("seed", List.of("random_seed"));

    /// @param sent names of the fields that may be left out or renamed
    static Optional<RefusedField> in(ServerError error, Collection<String> sent) {
        if (error.status() != 400 && error.status() != 422) {
            return Optional.empty();
        }
        String prose = error.prose();
        boolean refusing = error.says(REFUSING) || REFUSAL.matcher(prose).find();
        if (!refusing || RANGE.matcher(prose).find() && !error.says(REFUSING)) {
            return Optional.empty();
        }
        Optional<String> ofField = error.param()
                .flatMap(param -> sent.stream().filter(last(param)::equals).findFirst());
        List<String> named = sent.stream().filter(name -> names(prose, name))
                .sorted(Comparator.comparingInt(name -> place(prose, name))).toList();
        // Of two that exclude each other, temperature is what samples differ by.
        Optional<String> name = ofField.or(() -> named.size() > 1 && named.contains("top_p")
                && named.contains("temperature")
                ? Optional.of("top_p") : named.stream().findFirst());
        return name.map(field -> new RefusedField(field, replacement(field, prose, sent)));
    }

    private static String last(String param) {
        return param.substring(param.lastIndexOf('.') + 1);
    }

    private static int place(String prose, String name) {
        Matcher found = Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(name) + "(?![A-Za-z0-9_])").matcher(prose);
        return found.find() ? found.start() : Integer.MAX_VALUE;
    }

    /// A name with `_` in it is no English word; the others are names where they are quoted, or stand where a name
    /// would.
    private static boolean names(String prose, String name) {
        String word = "(?<![A-Za-z0-9_])" + Pattern.quote(name) + "(?![A-Za-z0-9_])";
        String quoted = "['\"`\u2018\u201C]" + Pattern.quote(name) + "['\"`\u2019\u201D]";
        String before =
                "(?:parameters?|arguments?|fields?|property|properties|inputs?|option|supplied|name|body)\\W{1,4}";
        String after = "\\s*(?::|is\\b|are\\b|and\\b|was\\b|does\\b|must\\b|cannot\\b|can\\b|unsupported\\b|not\\b"
                + "|parameter\\b|deprecated\\b)";
        String where = before + word + "|^\\W*" + word + after + "|" + word + "\\s*:"
                + "|" + word + "\\s+(?:parameter|argument|field)";
        String pattern = name.indexOf('_') >= 0 ? word : quoted + "|" + where;
        return Pattern.compile(pattern).matcher(prose).find();
    }

    private static Optional<String> replacement(String name, String prose, Collection<String> sent) {
        Matcher instead = INSTEAD.matcher(prose);
        if (instead.find() && !sent.contains(instead.group(1)) && !instead.group(1).equals(name)) {
            return Optional.of(instead.group(1));
        }
        if (RequestShape.MAX_TOKENS_NAMES.contains(name)) { // never left out: it bounds what an answer costs
            return RequestShape.MAX_TOKENS_NAMES.stream().filter(other -> !other.equals(name) && place(prose,
                    other) < Integer.MAX_VALUE)
                    .findFirst().or(() -> RequestShape.MAX_TOKENS_NAMES.stream().filter(other ->
                    !other.equals(name)).findFirst());
        }
        return OTHER_NAMES.getOrDefault(name, List.of()).stream().filter(other -> place(prose,
                other) < Integer.MAX_VALUE).findFirst();
    }
}
