package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.answer.AnswerExtractor.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the option a text chooses: "(B)", "B) 12 apples", "\boxed{\text{B}}", "Option C is correct", or, where they
/// are known, its words.
///
/// An answer of a known set is no formula: a letter is an option only where it stands like one. "I don't know" chooses
/// none, "A cat has four legs" neither, and "A or B" not one.
final class Options {
    /// What is said of letters where the options are not known.
    static final Choices LETTERS =
            new Choices("ABCDEFGHIJ".chars().mapToObj(c -> new Choices.Choice(String.valueOf((char) c), "")).toList());

    private static final Pattern DRESS =
            Pattern.compile("\\\\(?:text|textbf|textit|textrm|texttt|textsf|mathrm|mathbf|mathit|mathsf|mathtt|mbox"
            + "|hbox|boldsymbol|bm"
            + "|operatorname|underline|emph|boxed|fbox|left|right)(?![a-zA-Z])|\\\\[()\\[\\] ,;:!]|\\\\q?quad|[{}$~]");
    private static final String EDGE = "[\\s*_`\"'#>.,:-]{0,9}";
    private static final String ARTICLE = "(?:(?:the|die|der|das|la|le|el|lo|il|os?)\\s|l')?";
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

    private final Choices choices;
    private final Pattern head;
    private final Pattern second;
    private final Pattern before;
    private final Pattern behind;
    private final Pattern alone;
    private final Pattern line;

    /// What the beginning of a stretch says: one option, or that there is not exactly one.
    private record Head(Optional<String> label) {}

    Options(Choices choices) {
        this.choices = choices;
        OptionPhrases words = OptionPhrases.STANDARD;
        List<String> labels = choices.all().stream().map(Choices.Choice::label).toList();
        String label = "(" + String.join("|", labels.stream().map(Pattern::quote).toList()) + ")";
        String word = "[\\p{L}\\p{M}\\d&&[^" + UnspacedScripts.TOUCHING + "]]";
        String end = "(?!" + word + ")";
        this.head = Pattern.compile(EDGE + "(?:" + ARTICLE + "(?<keyword>" + words.keyword() + ")[\\s:*#]{0,5})?"
                + ARTICLE
                + "(?:[(\\[<][\\s*]{0,3}" + label + "[\\s*]{0,3}[)\\]>]|(?<bare>"
                        + label.substring(1, label.length() - 1) + ")" + end + ")", FLAGS);
        String bare = "(?:" + String.join("|", labels.stream().map(Pattern::quote).toList()) + ")";
        this.second = Pattern.compile(
                "[\\s*\")\\]]{0,5}(?:,|/|&|(?:and|or|und|oder|et|ou|y|o|e|i|\u0438|\u0438\u043b\u0438)(?!\\p{L})"
                + "|\u548c|\u6216|\u3068)[\\s*\"]{0,5}"
                + "(?:or|and)?\\s{0,2}(?:option|choice|answer)?\\s{0,2}[(\\[\"*]{0,3}" + bare + end);
        this.before = Pattern.compile(words.before(), FLAGS);
        this.behind = Pattern.compile("(?<!" + word + ")[(\\[\"*]{0,3}" + label + "[)\\]\"*.]{0,3}[\\s*\"]{0,5}(?:"
                + words.holds() + ")", Pattern.UNICODE_CASE);
        this.alone = Pattern.compile(EDGE + "(?:" + words.keyword() + "[\\s:*#]{0,5})?[(\\[]?" + label + "[)\\].:]?"
                + EDGE, FLAGS);
        this.line = Pattern.compile("(?m)^[\\s*>#-]{0,9}[(\\[]?" + label + "[)\\].:](?=[\\s*]|$)");
    }

    /// @return the label of the option, with where it stood
    Optional<Extracted> find(String text) {
        Clauses clauses = new Clauses(text);
        Optional<AnswerTags.Inside> tag = AnswerTags.in(text);
        if (tag.isPresent()) {
            String inner = text.substring(tag.get().start(), tag.get().end());
            Optional<Extracted> inside = tag.get().only() ? said(inner, 0, inner.length()).or(() -> find(inner))
                    : find(inner);
            if (inside.isPresent() || tag.get().only()) {
                return inside.map(e -> new Extracted(e.answer(), Rule.TAG, e.start() + tag.get().start(), e.end()
                        + tag.get().start()));
            }
        }
        Optional<Extracted> box = Boxes.last(text, 0, text.length());
        if (box.isPresent()) {
            Optional<Extracted> stated = AnswerExtractor.last(AnswerPhrases.STANDARD.finalAnswer(), text)
                    .filter(at -> at > box.get().start())
                    .flatMap(at -> said(text, at, clauses.clauseEnd(at))).map(e -> Clauses.named(e, Rule.FINAL_ANSWER));
            return stated.or(() -> said(box.get().answer(), 0, box.get().answer().length())
                    .map(e -> new Extracted(e.answer(), Rule.BOXED, box.get().start(), box.get().end())));
        }
        List<Place> places = new ArrayList<>();
        AnswerExtractor.last(AnswerPhrases.STANDARD.finalAnswer(), text)
                .ifPresent(at -> places.add(new Place(at, Rule.FINAL_ANSWER)));
        AnswerExtractor.last(AnswerExtractor.HASHES, text).ifPresent(at -> places.add(new Place(at, Rule.HASHES)));
        AnswerExtractor.key(text).ifPresent(key -> places.add(new Place(key.start(), Rule.KEY)));
        AnswerExtractor.last(AnswerPhrases.STANDARD.answerLine(), text).filter(at -> !isOptionLine(text, at))
                .ifPresent(at -> places.add(new Place(at, Rule.ANSWER_LINE)));
        for (Place place : places) {
            Optional<Head> head = headAt(text, place.at(), clauses.clauseEnd(place.at()));
            if (head.isPresent()) {
                return head.get().label()
                        .map(label -> new Extracted(label, place.rule(), place.at(), clauses.clauseEnd(place.at())));
            }
        }
        return statement(text, clauses).or(() -> lines(text));
    }

    private record Place(int at, Rule rule) {}

    /// "A: Paris" begins an option, not the answer.
    private boolean isOptionLine(String text, int at) {
        int start = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
        return text.substring(start, Math.max(start, at)).strip().matches("[*>#-]*[aA][*\\s]*:.*")
                && line.matcher(text).results().count() > 1;
    }

    private Optional<Extracted> said(String text, int from, int to) {
        return headAt(text, from, to).flatMap(Head::label).map(label -> new Extracted(label, Rule.OPTION, from, to));
    }

    /// Whether a stretch begins with an option, or says one in its words.
    private Optional<Head> headAt(String given, int from, int to) {
        String text = DRESS.matcher(given.substring(from, to)).replaceAll(" ");
        Optional<String> words = choices == LETTERS ? Optional.empty() : choices.labelOfText(text.strip());
        if (words.isPresent()) {
            return Optional.of(new Head(words));
        }
        Matcher matcher = head.matcher(text);
        if (matcher.lookingAt()) {
            boolean bracketed = matcher.group("bare") == null;
            String label = bracketed ? matcher.group(2) : matcher.group("bare");
            if (second.matcher(text).region(matcher.end(), text.length()).lookingAt()) {
                return Optional.of(new Head(Optional.empty()));
            }
            if (bracketed || standsAlone(text, matcher.end(), label, matcher.group("keyword") != null)) {
                return Optional.of(new Head(Optional.of(known(label))));
            }
        }
        Optional<String> begun = choices == LETTERS ? Optional.empty() : choices.labelOfBeginning(text);
        return begun.map(label -> new Head(Optional.of(label)));
    }

    /// A bare letter is an option where the sentence ends, a bracket, colon or point closes it, or its reason follows.
    private boolean standsAlone(String text, int end, String label, boolean keyword) {
        boolean lower = Character.isLowerCase(label.charAt(0));
        String rest = text.substring(end);
        String next = rest.replaceFirst("^[*\"'_`]+", "");
        boolean over = next.isBlank() || next.matches("(?s)[)\\].,;:!?]*\\s*") || next.charAt(0) == '\n';
        if (over || lower) {
            // e and i are numbers.
            return (over && !label.equals("e") && !label.equals("i")) || !next.isEmpty() && next.charAt(0) == ')';
        }
        char sign = next.charAt(0);
        if (sign == ')' || sign == ']' || sign == ':' || sign == ',' || sign == ';' || sign == '!') {
            return true;
        }
        if (sign == '.') {
            return Character.isWhitespace(next.charAt(1)) || next.length() < 2;
        }
        if (UnspacedScripts.touches(next.codePointAt(0))) {
            return true;
        }
        String word = next.strip();
        return next.matches("(?s)\\s*\\n.*") || word.matches("(?s)[-\u2013\u2014(=\u2192].*")
                || Pattern.compile("(?:" + OptionPhrases.STANDARD.then() + ")", FLAGS).matcher(word).lookingAt()
                || keyword && !label.equals("A") && !label.equals("I") && !next.startsWith("'")
                        && !OptionPhrases.STANDARD.verb().matcher(word).lookingAt();
    }

    private String known(String label) {
        return choices.all().stream().map(Choices.Choice::label).filter(l -> l.equalsIgnoreCase(label)).findFirst()
                .orElse(label);
    }

    /// The last sentence that says an option is the answer, and is not turned round by a "not" before it.
    private Optional<Extracted> statement(String text, Clauses clauses) {
        Optional<Extracted> found = Optional.empty();
        for (Pattern announced : List.of(AnswerPhrases.STANDARD.answerIs(), before)) {
            Matcher matcher = announced.matcher(text);
            while (matcher.find()) {
                Optional<Head> head = isTurned(text, matcher.start()) ? Optional.empty()
                        : headAt(text, matcher.end(), clauses.clauseEnd(matcher.end()));
                if (head.isPresent() && found.map(f -> f.start() <= matcher.end()).orElse(true)) {
                    int at = matcher.end();
                    found = head.get().label()
                            .map(label -> new Extracted(label, Rule.OPTION, at, clauses.clauseEnd(at)));
                    if (found.isEmpty()) {
                        return found;
                    }
                }
            }
        }
        Matcher matcher = behind.matcher(text);
        while (matcher.find()) {
            if (!isTurned(text, matcher.start()) && !continues(text, matcher.end())
                    && !joinsBefore(text, matcher.start()) && found.map(f -> f.start() < matcher.start())
                    .orElse(true)) {
                found = Optional.of(new Extracted(known(matcher.group(1)), Rule.OPTION, matcher.start(),
                        matcher.end()));
            }
        }
        return found;
    }

    private static boolean isTurned(String text, int at) {
        int from = Math.max(0, at - 60);
        String clause = text.substring(from, at);
        int cut = Math.max(Math.max(clause.lastIndexOf(','), clause.lastIndexOf('\n')),
                Math.max(clause.lastIndexOf(". "), clause.lastIndexOf(';')));
        return OptionPhrases.STANDARD.not().matcher(clause.substring(cut + 1)).find();
    }

    /// "B is correct only if", "A is correct about".
    private static boolean continues(String text, int at) {
        return text.substring(at, Math.min(text.length(), at + 12))
                .matches("(?is)\\s(?:only|if|when|about|in that|or).*");
    }

    /// "A and B is correct", "A, B".
    private boolean joinsBefore(String text, int at) {
        String clause = text.substring(Math.max(0, at - 16), at);
        return clause.matches("(?is).*(?:and|or|und|oder|et|ou|,|/|\u548c|\u6216)[\\s(\\[\"*]{0,4}")
                && !clause.matches("(?is).*(?:so|then|thus|therefore),?\\s*");
    }

    /// A text that begins or ends with an option alone on its line, or begins with one and lists no others.
    private Optional<Extracted> lines(String text) {
        String stripped = text.strip();
        int offset = text.indexOf(stripped);
        int newline = stripped.indexOf('\n');
        String first = newline < 0 ? stripped : stripped.substring(0, newline);
        String last = stripped.substring(stripped.lastIndexOf('\n') + 1);
        for (String candidate : newline < 0 ? List.of(first) : List.of(last, first)) {
            Matcher only = alone.matcher(DRESS.matcher(candidate).replaceAll(" "));
            if (only.matches()) {
                return Optional.of(new Extracted(known(only.group(1)), Rule.OPTION, offset, offset
                        + stripped.length()));
            }
        }
        long listed = line.matcher(stripped).results().map(m -> m.group(1)).distinct().count();
        if (listed <= 1) {
            Matcher begins = line.matcher(first);
            Optional<Head> head = listed == 1 && !begins.lookingAt() ? Optional.empty()
                    : headAt(first, 0, first.length());
            if (head.isPresent()) {
                return head.get().label()
                        .map(label -> new Extracted(label, Rule.OPTION, offset, offset + first.length()));
            }
        }
        return choices == LETTERS ? Optional.empty()
                : choices.labelOfText(last.strip())
                        .map(label -> new Extracted(label, Rule.OPTION, offset, offset + stripped.length()));
    }

    /// @return the letter of a gold answer that is one: `B`, `(B)`, `B.`, `\text{B}`, `B) 12 apples`
    static Optional<String> letter(String gold) {
        String bare = DRESS.matcher(gold).replaceAll(" ").strip();
        Matcher letter = Pattern.compile(
                "[(\\[]?\\s?([A-J])\\s?[)\\].]?|[(\\[]([A-J])[)\\]]\\s.*|([A-J])[).]\\s.*|\\(([a-j])\\)",
                Pattern.DOTALL).matcher(bare);
        if (!letter.matches()) {
            return Optional.empty();
        }
        for (int i = 1; i <= letter.groupCount(); i++) {
            if (letter.group(i) != null) {
                return Optional.of(letter.group(i).toUpperCase(Locale.ROOT));
            }
        }
        return Optional.empty();
    }
}
