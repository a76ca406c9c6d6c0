package dev.socratic.datasets.verify;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// How much two texts share in order: with `lcs` the longest common subsequence of their words,
/// `precision = lcs / words of the candidate`, `recall = lcs / words of the reference`, `f1` their harmonic mean.
///
/// Source: Lin 2004, ROUGE, section 3.1, with beta 1 as `rouge_score` computes it. Deviation: words are runs of letters
/// and digits of any script, not of a to z alone.
///
/// @param precision in [0, 1]
/// @param recall    in [0, 1]
public record RougeL(double precision, double recall) {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    /// The words of a text, taken once where it is compared with many.
    ///
    /// @param words in small letters, in order
    public record Words(List<String> words) {
        public static Words of(String text) {
            return new Words(WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group).toList());
        }
    }

    /// Two empty texts share nothing.
    public static RougeL of(String reference, String candidate) {
        return of(Words.of(reference), Words.of(candidate));
    }

    public static RougeL of(Words reference, Words candidate) {
        int common = common(reference.words(), candidate.words());
        return new RougeL(share(common, candidate.words().size()), share(common, reference.words().size()));
    }

    public double f1() {
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    private static double share(int common, int all) {
        return all == 0 ? 0 : (double) common / all;
    }

    private static int common(List<String> first, List<String> second) {
        int[] before = new int[second.size() + 1];
        for (String word : first) {
            int[] now = new int[second.size() + 1];
            for (int j = 0; j < second.size(); j++) {
                now[j + 1] = word.equals(second.get(j)) ? before[j] + 1 : Math.max(before[j + 1], now[j]);
            }
            before = now;
        }
        return before[second.size()];
    }
}
