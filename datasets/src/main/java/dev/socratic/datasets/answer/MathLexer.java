package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a cleaned answer into tokens, or refuses it.
///
/// A comma with three digits after it groups thousands outside brackets and separates elements inside: `1,234` is a
/// number, `(1,234)` a pair.
final class MathLexer {
    private static final Pattern GROUPED =
            Pattern.compile("[1-9]\\d{0,2}(?:,\\d{3})+(?![\\d,])(?:\\.\\d+)?"
            + "|[1-9]\\d{0,2}(?:'\\d{3})+(?![\\d'])(?:\\.\\d+)?"
            + "|[1-9]\\d{0,2}(?:\\.\\d{3}){2,}(?![\\d.,])");
    private static final Pattern PLAIN = Pattern.compile("(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d{1,4}(?![\\w]))?");
    private static final Pattern COMMAND = Pattern.compile("\\\\([a-zA-Z]+|.)", Pattern.DOTALL);
    private static final Pattern RUN = Pattern.compile("[\\p{L}]+(?:['\u2019][\\p{L}]+)*");
    /// `x=1orx=2`.
    private static final Pattern GLUED_JOINT = Pattern.compile("(or|and)(?:\\p{Lu}.*|\\p{L})");
    /// Commands that change how their argument looks, not what it is: in those of text letters are words, in those of
    /// formulas factors.
    private static final Set<String> TEXTS = Set.of(
            "text", "mbox", "hbox", "textnormal", "textrm", "textbf", "textit", "textsf", "texttt", "textsc", "textsl",
                    "textup", "textmd", "emph", "uline");
    private static final Set<String> FONTS = Set.of(
            "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathnormal", "mathcal", "mathfrak", "mathscr",
                    "operatorname", "boldsymbol", "bm", "pmb",
            "bold", "underline", "ensuremath", "underbar", "mathop", "mathbin", "mathrel", "mathord", "smash",
                    "cellcolor");
    /// One that makes a formula of a text, as the dollar of `\$27 per week` does not.
    private static final Pattern BACKSLASH = Pattern.compile("\\\\(?![$%&#])");
    private static final int NESTED_FONTS = 16;
    private static final Pattern MATHS = Pattern.compile(".*[\\d+*/=^<>|_\\\\].*|-.*", Pattern.DOTALL);
    private static final Map<String, String> SIGN_COMMANDS = Map.ofEntries(
            Map.entry("cdot", "*"), Map.entry("times", "*"), Map.entry("div", "/"), Map.entry("le", "\u2264"),
                    Map.entry("leq", "\u2264"),
            Map.entry("leqslant", "\u2264"), Map.entry("ge", "\u2265"), Map.entry("geq", "\u2265"),
                    Map.entry("geqslant", "\u2265"),
            Map.entry("lt", "<"), Map.entry("gt", ">"), Map.entry("ne", "\u2260"), Map.entry("neq", "\u2260"),
                    Map.entry("approx", "\u2248"),
            Map.entry("pm", "\u00b1"), Map.entry("mp", "\u2213"), Map.entry("cup", "\u222a"), Map.entry("in", "\u2208"),
            Map.entry("{", "\\{"), Map.entry("}", "\\}"), Map.entry("lbrace", "\\{"), Map.entry("rbrace", "\\}"),
                    Map.entry("%", "%"),
            Map.entry("$", "$"), Map.entry("lvert", "|"), Map.entry("rvert", "|"), Map.entry("vert", "|"),
                    Map.entry("|", "|"),
            Map.entry("mid", "|"), Map.entry("\\", "\\\\"), Map.entry("degree", "\u00b0"), Map.entry("colon", ":"));
    private static final Set<String> KNOWN_RUNS = Set.of(
            "sin", "cos", "tan", "cot", "sec", "csc", "ln", "log", "exp", "sqrt", "pi", "and", "or", "infinity", "inf",
                    "percent", "pct");

    private final String text;
    private final boolean formula;
    private final int nested;
    private final List<MathToken> tokens = new ArrayList<>();
    private int at;
    private int brackets;

    private MathLexer(String text, boolean formula, int nested) {
        this.text = text;
        this.formula = formula || BACKSLASH.matcher(text).find() || text.indexOf('^') >= 0 || text.indexOf('_') >= 0;
        this.nested = nested;
    }

    static List<MathToken> tokens(String cleaned) {
        if (cleaned.length() > Bounds.ANSWER) {
            throw new Refusal("an answer of more than %s characters".formatted(Bounds.ANSWER));
        }
        return new MathLexer(cleaned, false, 0).all();
    }

    private List<MathToken> all() {
        while (at < text.length()) {
            step();
            if (tokens.size() > Bounds.TOKENS) {
                throw new Refusal("more than %s tokens".formatted(Bounds.TOKENS));
            }
        }
        return tokens;
    }

    private void step() {
        int from = at;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return;
        }
        boolean spaced = at > from;
        char c = text.charAt(at);
        if (Character.isDigit(c) || c == '.' && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1))) {
            number(spaced);
        } else if (c == '\\') {
            command(spaced);
        } else if (Character.isLetter(c)) {
            letters(spaced);
        } else if (("+-*/^_!,;:=<>()[]{}|%&'" + Primaries.CURRENCIES).indexOf(c) >= 0) {
            brackets += "([".indexOf(c) >= 0 ? 1 : ")]".indexOf(c) >= 0 ? -1 : 0;
            at++;
            add(Kind.SIGN, String.valueOf(c), spaced);
        } else {
            throw new Refusal("the sign '%s'".formatted(c));
        }
    }

    private void number(boolean spaced) {
        Matcher grouped = GROUPED.matcher(text).region(at, text.length()).useTransparentBounds(true);
        Matcher plain = PLAIN.matcher(text).region(at, text.length()).useTransparentBounds(true);
        String digits;
        if (brackets == 0 && grouped.lookingAt()) {
            digits = ungrouped(grouped.group());
            at = grouped.end();
        } else if (plain.lookingAt()) {
            digits = plain.group();
            at = plain.end();
        } else {
            throw new Refusal("digits of another script");
        }
        if (digits.length() > Bounds.DIGITS) {
            throw new Refusal("a number of more than %s digits".formatted(Bounds.DIGITS));
        }
        add(Kind.NUMBER, digits, spaced);
    }

    /// Without commas or apostrophes, and without points where there are two and more of them.
    private static String ungrouped(String digits) {
        String plain = digits.replace(",", "").replace("'", "");
        return plain.indexOf('.') == plain.lastIndexOf('.') ? plain : plain.replace(".", "");
    }

    private void command(boolean spaced) {
        Matcher matcher = COMMAND.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw new Refusal("a lone backslash");
        }
        String name = matcher.group(1);
        at = matcher.end();
        if (SIGN_COMMANDS.containsKey(name)) {
            brackets += name.equals("{") ? 1 : name.equals("}") ? -1 : 0;
            add(Kind.SIGN, SIGN_COMMANDS.get(name), spaced);
        } else if (TEXTS.contains(name) || FONTS.contains(name)) {
            set(name, braced(), spaced);
        } else if (name.equals("begin") || name.equals("end")) {
            add(Kind.COMMAND, name + " " + braced().replace("*", ""), spaced);
        } else if (name.equals("infty")) {
            add(Kind.COMMAND, "infinity", spaced);
        } else {
            add(Kind.COMMAND, name.equals("dfrac") || name.equals("tfrac") || name.equals("cfrac") ? "frac" : name,
                    spaced);
        }
    }

    /// What stands in `\text{...}` or `\mathbf{...}`: words, or else the same as without the command.
    private void set(String command, String inner, boolean spaced) {
        if (!MATHS.matcher(inner.strip()).matches()) {
            words(command, inner, spaced);
            return;
        }
        if (nested == NESTED_FONTS) {
            throw new Refusal("more than %s fonts within each other".formatted(NESTED_FONTS));
        }
        List<MathToken> inside = new MathLexer(inner.strip(), FONTS.contains(command), nested + 1).all();
        // In braces it is one value; a unit or an "and" in front belongs to what stands before.
        boolean value = !inside.isEmpty() && inside.getFirst().kind() != Kind.WORD && !inside.getLast().is("=");
        if (value) {
            add(Kind.SIGN, "{", spaced);
        }
        tokens.addAll(inside);
        if (value) {
            add(Kind.SIGN, "}", false);
        }
    }

    /// The words of `\text{...}`; a single upright letter (`\mathrm{e}`) is that letter.
    private void words(String command, String inner, boolean spaced) {
        String plain = inner.strip();
        if (plain.length() == 1 && Character.isLetter(plain.charAt(0)) && !command.equals("text")) {
            add(Kind.LETTER, plain, spaced);
        } else if (KNOWN_RUNS.contains(plain)) {
            add(Kind.WORD, plain, true);
        } else if (!plain.isEmpty()) {
            add(Kind.WORD, plain.replaceAll("\\s+", " "), true);
        }
    }

    /// @return what stands in the braces that follow; the rest of the text after commands like `\rm` without any
    private String braced() {
        int open = at;
        while (open < text.length() && text.charAt(open) == ' ') {
            open++;
        }
        if (open == text.length() || text.charAt(open) != '{') {
            return "";
        }
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                at = i + 1;
                return text.substring(open + 1, i);
            }
        }
        throw new Refusal("a brace that is never closed");
    }

    /// In a formula letters are factors of their own; in plain text two and more are a word, unless they stick to a
    /// number (`2xy`).
    private void letters(boolean spaced) {
        Matcher run = RUN.matcher(text).region(at, text.length());
        if (!run.lookingAt()) {
            throw new Refusal("the sign '%s'".formatted(text.charAt(at)));
        }
        String word = sameScript(run.group());
        if (UnspacedScripts.touches(word.codePointAt(0))) {
            int factor = NumberWords.factorLength(word);
            String piece = factor > 0 && !tokens.isEmpty() ? word.substring(0, factor) : word;
            at += piece.length();
            add(Kind.WORD, piece, true);
            return;
        }
        boolean afterNumber = !tokens.isEmpty() && tokens.getLast().kind() == Kind.NUMBER;
        Matcher joint = GLUED_JOINT.matcher(word);
        if (!spaced && !tokens.isEmpty() && joint.matches()) {
            at += joint.group(1).length();
            add(Kind.WORD, joint.group(1), true);
        } else if (isWord(word, spaced, afterNumber)) {
            at += word.length();
            add(Kind.WORD, word, spaced);
        } else {
            at++;
            add(Kind.LETTER, word.substring(0, 1), spaced);
        }
    }

    /// @return the beginning of a run of letters that is all of scripts whose words touch, or all of others
    private static String sameScript(String run) {
        boolean touching = UnspacedScripts.touches(run.codePointAt(0));
        int end = 0;
        while (end < run.length() && UnspacedScripts.touches(run.codePointAt(end)) == touching) {
            end += Character.charCount(run.codePointAt(end));
        }
        return run.substring(0, end);
    }

    private boolean isWord(String word, boolean spaced, boolean afterNumber) {
        if (word.length() < 2) {
            return false;
        }
        boolean known = KNOWN_RUNS.contains(word.toLowerCase(Locale.ROOT)) || Units.isUnit(word) && !tokens.isEmpty();
        boolean factors = afterNumber && !spaced && word.length() < 3;
        boolean unit = afterNumber && spaced && word.length() > 2;
        return known || unit || !formula && !factors;
    }

    private void add(Kind kind, String what, boolean spaced) {
        tokens.add(new MathToken(kind, what, spaced));
    }
}
