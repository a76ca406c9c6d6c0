package dev.socratic.eval.harness.instruction;

import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.python.PythonStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;

/// Where sentences of English end: Punkt, Kiss and Strunk 2006, as NLTK 3.10 cuts with the parameters it has for
/// English. A point ends a sentence unless the word is a known abbreviation, a number or an initial, and what follows
/// does not begin one.
final class SentenceBreaks {
    private static final String NO_WORD = "(?:[)\";}\\]\\*:@'\\({\\[\u2018\u2019\u201c\u201d\u00ab\u00bb?!])";
    private static final String MANY = "(?:\\-{2,}|\\.{2,}|(?:\\.\\s){2,}\\.)";
    private static final PythonPattern WORDS = PythonPattern.of("(" + MANY + "|(?=[^\\(\"\\`{\\[:;&\\#\\*@\\)}\\]\\-,])"
            + "\\S+?(?=\\s|$|" + NO_WORD + "|" + MANY + "|,(?=$|\\s|" + NO_WORD + "|" + MANY + "))|\\S)");
    private static final PythonPattern ENDS =
            PythonPattern.of("[.?!](?=(?P<after>" + NO_WORD + "|\\s+(?P<next>\\S+)))");
    private static final PythonPattern CLOSING = PythonPattern.of(
            "(?m)[\"')\\]}\u2018\u2019\u201c\u201d\u00ab\u00bb]+?(?:\\s+|(?=--)|$)");
    private static final String ASCII_BLANKS = " \t\n\r\u000b\f";
    private static final List<String> SIGNS = List.of(";", ":", ",", ".", "!", "?");

    private final PunktParameters parameters;

    SentenceBreaks(PunktParameters parameters) {
        this.parameters = parameters;
    }

    /// A possible end of a sentence.
    ///
    /// @param end     behind its sign
    /// @param next    where the next word begins, or the end
    /// @param context the words around it
    private record Candidate(int end, int next, String context) {}

    /// A stretch of a text.
    private record Span(int from, int to) {}

    /// @return the sentences, none of them empty
    List<String> of(String text) {
        List<Span> spans = new ArrayList<>();
        int from = 0;
        for (Candidate candidate : candidates(text)) {
            if (breaks(candidate.context)) {
                spans.add(new Span(from, candidate.end));
                from = candidate.next;
            }
        }
        spans.add(new Span(from, PythonStrings.stripRight(text).length()));
        return aligned(text, spans).stream().filter(span -> span.to > span.from)
                .map(span -> text.substring(span.from, span.to)).toList();
    }

    private static List<Candidate> candidates(String text) {
        List<Candidate> all = new ArrayList<>();
        Matcher matcher = ENDS.matcher(text);
        int start = 0;
        int stop = 0;
        Optional<Candidate> previous = Optional.empty();
        while (matcher.find()) {
            int blank = 0;
            for (int i = matcher.start() - 1; i > stop && blank == 0; i--) {
                blank = ASCII_BLANKS.indexOf(text.charAt(i)) >= 0 ? i + 1 : 0;
            }
            int word = blank > 0 ? blank : start;
            if (previous.isPresent() && stop <= word) {
                all.add(previous.get());
            }
            start = word;
            stop = matcher.start();
            previous = Optional.of(new Candidate(matcher.end(),
                    matcher.group("next") == null ? matcher.end() : matcher.start("next"),
                    text.substring(start, stop) + matcher.group() + matcher.group("after")));
        }
        previous.ifPresent(all::add);
        return all;
    }

    /// A closing sign belongs to the sentence before it.
    private static List<Span> aligned(String text, List<Span> spans) {
        List<Span> all = new ArrayList<>();
        int moved = 0;
        for (int i = 0; i < spans.size(); i++) {
            Span one = new Span(spans.get(i).from + moved, spans.get(i).to);
            moved = 0;
            if (i + 1 < spans.size() && spans.get(i + 1).from < spans.get(i + 1).to) {
                Span next = spans.get(i + 1);
                Matcher closing = CLOSING.matcher(text.substring(next.from, next.to));
                if (closing.lookingAt()) {
                    one = new Span(one.from, next.from + PythonStrings.stripRight(closing.group()).length());
                    moved = closing.end();
                }
            }
            all.add(one);
        }
        return all;
    }

    private boolean breaks(String context) {
        List<Word> words = new ArrayList<>();
        for (String line : PythonStrings.split(context, "\n")) {
            WORDS.findAll(line).forEach(found -> words.add(new Word(found.getFirst(), parameters)));
        }
        for (int i = 0; i + 1 < words.size(); i++) {
            if (ends(words.get(i), words.get(i + 1))) {
                return true;
            }
        }
        return false;
    }

    private boolean ends(Word word, Word next) {
        if (!word.text.endsWith(".")) {
            return word.ends;
        }
        String type = word.typeWithoutPoint();
        String following = next.ends ? next.typeWithoutPoint() : next.type();
        if (parameters.collocations().contains(List.of(type, following))) {
            return false;
        }
        Optional<Boolean> begins = begins(next, following);
        boolean ends = word.ends;
        if ((word.shortened || word.ellipsis) && !word.isInitial() && (begins.equals(Optional.of(true))
                || begins.isEmpty() && next.isUpper() && parameters.starters().contains(following)
                || begins.equals(Optional.of(false)) && next.isUpper() && parameters.starters().contains(following))) {
            return true;
        }
        if (word.isInitial() || type.equals(Word.NUMBER)) {
            boolean unknown = begins.isEmpty() && word.isInitial() && next.isUpper()
                    && (parameters.cases(following) & PunktParameters.LOWER) == 0;
            ends = ends && !begins.equals(Optional.of(false)) && !unknown;
        }
        return ends;
    }

    /// @return whether a word begins a sentence, as far as its case tells
    private Optional<Boolean> begins(Word word, String type) {
        if (SIGNS.contains(word.text)) {
            return Optional.of(false);
        }
        int cases = parameters.cases(type);
        if (word.isUpper() && (cases & PunktParameters.LOWER) != 0 && (cases & PunktParameters.WITHIN_UPPER) == 0) {
            return Optional.of(true);
        }
        if (word.isLower() && ((cases & PunktParameters.UPPER) != 0 || (cases & PunktParameters.FIRST_LOWER) == 0)) {
            return Optional.of(false);
        }
        return Optional.empty();
    }

    /// A word, and what its own form says.
    private static final class Word {
        static final String NUMBER = "##number##";
        private static final PythonPattern NUMERIC = PythonPattern.of("^-?[\\.,]?\\d[\\d,\\.-]*\\.?$");
        private static final PythonPattern INITIAL = PythonPattern.of("[^\\W\\d]\\.");

        final String text;
        final boolean ends;
        final boolean ellipsis;
        final boolean shortened;

        Word(String text, PunktParameters parameters) {
            this.text = text;
            this.ellipsis = text.length() > 1 && text.chars().allMatch(c -> c == '.');
            boolean point = text.endsWith(".") && !text.endsWith("..") && text.length() > 1;
            String bare = point ? text.substring(0, text.length() - 1).toLowerCase(Locale.ROOT) : "";
            this.shortened = point && (parameters.abbreviations().contains(bare)
                    || parameters.abbreviations().contains(PythonStrings.split(bare, "-").getLast()));
            this.ends = text.equals(".") || text.equals("?") || text.equals("!") || point && !shortened;
        }

        String type() {
            return NUMERIC.sub(NUMBER, text.toLowerCase(Locale.ROOT), 0);
        }

        String typeWithoutPoint() {
            String type = type();
            return type.length() > 1 && type.endsWith(".") ? type.substring(0, type.length() - 1) : type;
        }

        boolean isInitial() {
            return INITIAL.matcher(text).matches();
        }

        boolean isUpper() {
            return Character.isUpperCase(text.codePointAt(0));
        }

        boolean isLower() {
            return Character.isLowerCase(text.codePointAt(0));
        }
    }
}
