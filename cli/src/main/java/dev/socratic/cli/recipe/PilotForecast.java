package dev.socratic.cli.recipe;

import dev.socratic.eval.stats.Quantiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a generation will take, from a few answers to it.
///
/// Of `n` answers with `x` tokens each, mean `m` and standard deviation `s` (n - 1), the `N` answers that are left take
/// `N m` tokens, and with 95 % between `N m -/+ t s sqrt(N + N^2 / n)`, where `t` is the 0.975 quantile of Student's
/// distribution with n - 1 degrees of freedom: the spread of a sum of N, and of the mean it is foretold by. Bounded by
/// nothing and by `N max_tokens`. The pilot's own answers are the first questions, not drawn at random, and the sum is
/// taken for normal: of fewer than 10 answers, and of questions in an order that means something, it is a guess.
///
/// Prompts: counted with a tokenizer where one is given; otherwise the estimate of all prompts, times what the server
/// counted of the pilot's over their estimate.
///
/// Time: `N` answers, `parallel` at a time, each as long as the pilot's took on average (`took parallel' / n`, where
/// parallel' of the pilot were under way at once), and no faster than the limits by minute allow.
///
/// @param answers      wanted of all questions
/// @param written      tokens of each of the pilot's answers, reasoning included
/// @param failed       of the pilot's that have no answer
/// @param cut          of the pilot's that ended at their limit
/// @param pilotPrompts tokens of the pilot's prompts, as they were counted
/// @param prompts      tokens of all prompts
/// @param exact        whether they are counted, not scaled
/// @param mostTokens   of one answer
/// @param parallel     requests on the wire at once
/// @param took         the pilot; empty where its answers were there before
/// @param limits       requests and tokens a minute
/// @param price        USD for tokens read and written
public record PilotForecast(
        long answers, List<Long> written, long failed, long cut, long pilotPrompts, long prompts, boolean exact,
        long mostTokens, int parallel, Optional<Duration> took, Limits limits, Price price) {
    private static final double LIKELY = 0.975;
    private static final double MINUTE = 60;

    public PilotForecast {
        written = List.copyOf(written);
    }

    /// @param requests a minute
    /// @param tokens   a minute
    public record Limits(Optional<Integer> requests, Optional<Long> tokens) {}

    /// What tokens cost.
    public interface Price {
        double usd(long read, long written);
    }

    /// @return answers that are still to be paid for
    public long left() {
        return Math.max(0, answers - written.size());
    }

    public double mean() {
        return written.stream().mapToLong(Long::longValue).average().orElse(0);
    }

    /// @return sample standard deviation; 0 of fewer than two
    public double deviation() {
        double mean = mean();
        double squares = written.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
        return written.size() < 2 ? 0 : Math.sqrt(squares / (written.size() - 1));
    }

    /// @return tokens that the answers still to come write: least, likeliest, most
    public long[] toWrite() {
        int n = written.size();
        double sum = left() * mean();
        double half = n < 2 ? Double.POSITIVE_INFINITY : Quantiles.student(LIKELY, n - 1.0) * deviation()
                * Math.sqrt(left() + (double) left() * left() / n);
        double most = (double) left() * mostTokens;
        return new long[] {(long) Math.floor(Math.max(0, sum - half)), Math.round(Math.min(sum, most)),
            (long) Math.ceil(Math.min(most, sum + half))};
    }

    /// @return tokens of prompts still to be read
    public long toRead() {
        return Math.max(0, prompts - pilotPrompts);
    }

    /// @return how long the rest takes; empty where nobody knows how long an answer takes
    public Optional<Duration> time() {
        if (took.isEmpty() || written.isEmpty()) {
            return Optional.empty();
        }
        double each = took.get().toNanos() / 1e9 * Math.min(parallel, written.size()) / written.size();
        double seconds = left() * each / parallel;
        double byRequests = limits.requests().map(most -> left() * MINUTE / most).orElse(0.0);
        double byTokens = limits.tokens().map(most -> (toRead() + toWrite()[1]) * MINUTE / most).orElse(0.0);
        return Optional.of(Duration.ofSeconds((long) Math.ceil(Math.max(seconds, Math.max(byRequests, byTokens)))));
    }

    /// @return what a person reads
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(say("pilot: %,d answers, %,d failed, %,d cut at %,d tokens; an answer has %.0f tokens on average "
                + "(standard deviation %.0f)", written.size(), failed, cut, mostTokens, mean(), deviation()));
        if (written.isEmpty()) {
            lines.add("pilot: without an answer nothing can be foretold");
            return lines;
        }
        long[] tokens = toWrite();
        lines.add(say("pilot: %,d answers are left: %,d prompt tokens (%s), %.4f USD; %,d new tokens, with 95 %% "
                + "between %,d and %,d, %.4f to %.4f USD", left(), toRead(), exact ? "counted with the tokenizer"
                : "estimated, scaled by what the server counted", price.usd(toRead(), 0), tokens[1], tokens[0],
                tokens[2], price.usd(0, tokens[0]), price.usd(0, tokens[2])));
        lines.add(say("pilot: together %.4f USD, with 95 %% between %.4f and %.4f; the pilot's answers are kept and "
                + "not paid again", price.usd(toRead(), tokens[1]), price.usd(toRead(), tokens[0]),
                price.usd(toRead(), tokens[2])));
        lines.add(time().map(time -> say("pilot: about %s at %,d at once", spelled(time), parallel))
                .orElse("pilot: how long it takes is not known, for these answers were there before"));
        return lines;
    }

    private static String spelled(Duration time) {
        return time.toHours() > 0 ? say("%d h %02d min", time.toHours(), time.toMinutesPart())
                : time.toMinutes() > 0 ? say("%d min %02d s", time.toMinutes(), time.toSecondsPart())
                : say("%d s", time.toSeconds());
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /// @return the same as an object a script reads
    public Map<String, Object> json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("answered", written.size());
        all.put("failed", failed);
        all.put("cut", cut);
        all.put("mean_tokens", mean());
        all.put("deviation_tokens", deviation());
        all.put("left", left());
        all.put("prompt_tokens", toRead());
        all.put("prompt_tokens_exact", exact);
        all.put("new_tokens", toWrite());
        all.put("usd", List.of(price.usd(toRead(), toWrite()[0]), price.usd(toRead(), toWrite()[1]),
                price.usd(toRead(), toWrite()[2])));
        time().ifPresent(time -> all.put("seconds", time.toSeconds()));
        return all;
    }
}
