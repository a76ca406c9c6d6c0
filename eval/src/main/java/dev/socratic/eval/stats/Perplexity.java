package dev.socratic.eval.stats;

import dev.socratic.core.text.TextScore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// How well a model foresees texts, by token, by word and by byte: only the latter two compare models with different
/// tokenizers.
///
/// With `L` the sum of log probabilities in nats over all texts: `exp(-L / tokens)`, `exp(-L / words)`,
/// `exp(-L / bytes)`, `-L / bytes / ln 2`. Words are what lies between blanks and bytes those of UTF-8, as
/// lm-evaluation-harness counts them, of whole texts: also of their first token, which is only read.
///
/// @param documents texts of which something was predicted
/// @param tokens    predicted
/// @param nll       `-L / tokens`, nats a token
/// @param error     its standard error; none of a single sample
/// @param samples   what that takes for independent: documents, or the windows of a single one
public record Perplexity(long documents, long tokens, long words, long bytes, double nll, Optional<Double> error,
        Samples samples) {
    private static final Pattern BLANKS = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    /// What is drawn independently of one another.
    public enum Samples { DOCUMENTS, WINDOWS }

    /// A text and how likely it is.
    public record Document(String text, TextScore score) {}

    /// @param all at least one of which something was predicted; the others are passed over
    public static Perplexity of(List<Document> all) {
        List<Document> read = all.stream().filter(document -> document.score().tokens() > 0).toList();
        if (read.isEmpty()) {
            throw new IllegalArgumentException("documents: at least one of two tokens; got none");
        }
        Samples samples = read.size() > 1 ? Samples.DOCUMENTS : Samples.WINDOWS;
        List<TextScore.Window> drawn = switch (samples) {
            case DOCUMENTS -> read.stream().map(Document::score).map(score ->
                    new TextScore.Window(score.logProbability(), Math.toIntExact(score.tokens()))).toList();
            case WINDOWS -> read.getFirst().score().windows();
        };
        long tokens = drawn.stream().mapToLong(TextScore.Window::tokens).sum();
        double nll = -drawn.stream().mapToDouble(TextScore.Window::logProbability).sum() / tokens;
        return new Perplexity(read.size(), tokens,
                read.stream().mapToLong(document -> BLANKS.split(document.text(), -1).length).sum(),
                read.stream().mapToLong(document -> document.text().getBytes(StandardCharsets.UTF_8).length).sum(),
                nll, error(drawn, tokens, nll), samples);
    }

    /// Of a ratio of two sums over n samples, by linearisation: `sqrt(n / (n - 1) sum (x_i - m t_i)^2) / sum t_i`.
    /// Source: Cochran 1977, Sampling Techniques, 6.19.
    private static Optional<Double> error(List<TextScore.Window> drawn, long tokens, double nll) {
        double n = drawn.size();
        double squares = drawn.stream().mapToDouble(one -> Math.pow(-one.logProbability() - nll * one.tokens(), 2))
                .sum();
        return n < 2 ? Optional.empty() : Optional.of(Math.sqrt(n / (n - 1) * squares) / tokens);
    }

    public double byToken() {
        return Math.exp(nll);
    }

    public double byWord() {
        return Math.exp(nll * tokens / words);
    }

    public double byByte() {
        return Math.exp(nll * tokens / bytes);
    }

    public double bitsPerByte() {
        return nll * tokens / bytes / Math.log(2);
    }

    /// @return 95 % interval of the perplexity by token, normal in its logarithm
    public Optional<Interval> ci95() {
        return error.map(one -> new Interval(Math.exp(nll - Interval.Z95 * one), Math.exp(nll + Interval.Z95 * one)));
    }
}
