package dev.socratic.generator.verify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Finds text that goes round in circles. Words and single marks are counted as tokens, case ignored. Two signs:
///
/// - a loop: the same 1 to 64 tokens at least 4 times without a break, 40 tokens or more in all. What a model does
///   that has lost its way. Shorter runs are how tables, lists of zeros and songs look;
/// - a circle: more than half of the 8-grams are ones that stood in the text before, in a text of at least 96 tokens.
///   Worked answers repeat numbers and phrases, but not half of all they say.
///
/// Measured: at most one in a thousand of the correct answers in GSM8K's model solutions is called repetitive (a test).
final class Repetition {
    private static final int LONGEST_PERIOD = 64;
    private static final int LEAST_ROUNDS = 4;
    private static final int LEAST_LOOP = 40;
    private static final int GRAM = 8;
    private static final int LEAST_CIRCLE = 96;
    private static final double MOST_REPEATED = 0.5;
    private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+|[^\\s\\p{L}\\p{M}\\p{N}]");

    private Repetition() {}

    /// @return what goes round, in a few words
    static Optional<String> find(String text) {
        String[] words = TOKEN.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group)
                .toArray(String[]::new);
        int[] tokens = numbered(words);
        return loop(words, tokens).or(() -> circle(tokens));
    }

    /// With period p, a run of n tokens each equal to the one p before is n + p tokens of loop.
    private static Optional<String> loop(String[] words, int[] tokens) {
        for (int period = 1; period <= LONGEST_PERIOD; period++) {
            int run = 0;
            for (int i = period; i < tokens.length; i++) {
                run = tokens[i] == tokens[i - period] ? run + 1 : 0;
                int covered = run + period;
                if (covered >= LEAST_LOOP && covered >= LEAST_ROUNDS * period) {
                    List<String> round = Arrays.asList(words).subList(i - period + 1, i + 1);
                    String shown = String.join(" ", round.subList(0, Math.min(round.size(), 12)));
                    return Optional.of("\"%s\" again and again".formatted(shown));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> circle(int[] tokens) {
        if (tokens.length < LEAST_CIRCLE) {
            return Optional.empty();
        }
        double share = repeatedShare(tokens);
        return share > MOST_REPEATED
                ? Optional.of(
                        "%s %% of its %s-word sequences stood there before".formatted(Math.round(100 * share), GRAM))
                : Optional.empty();
    }

    /// @return share of the 8-grams, in [0, 1], that stood in the text before
    private static double repeatedShare(int[] tokens) {
        int grams = tokens.length - GRAM + 1;
        if (grams < 1) {
            return 0;
        }
        Map<List<Integer>, Boolean> seen = new HashMap<>();
        int repeated = 0;
        for (int i = 0; i < grams; i++) {
            List<Integer> gram = Arrays.stream(tokens, i, i + GRAM).boxed().toList();
            if (seen.put(gram, true) != null) { // null: not there before
                repeated++;
            }
        }
        return (double) repeated / grams;
    }

    private static int[] numbered(String[] words) {
        Map<String, Integer> numbers = new HashMap<>();
        return Arrays.stream(words).mapToInt(word -> numbers.computeIfAbsent(word, w -> numbers.size())).toArray();
    }
}
