package dev.socratic.datasets.tutoring;

import dev.socratic.datasets.tutoring.SubQuestions.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many of the gold sub-questions a tutor asks, by their words.
///
/// Words are compared in lower case, without the commonest ones (articles, forms of be, do and have, "how many") and
/// without endings (`-s`, `-es`, `-ed`, `-ing`). A sentence that asks goes to the one sub-question with which it has
/// the highest F1 of words, the earlier of equals, and covers it if at least [#SHARE] of that sub-question's words
/// stand in it. So a tutor who repeats the whole problem as one question covers one step, not all.
///
/// Words, not meaning: a paraphrase without a shared word is not seen, so this is a lower bound. Measured on the 1,319
/// sub-question lists of GSM8K's test set: see docs/judging.md.
public final class Coverage {
    /// Share of a sub-question's words that must be there.
    public static final double SHARE = 0.6;

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(?:['\\u2019]\\p{L}+)?");
    private static final Set<String> COMMON = Set.of("a", "an", "the", "is", "are", "was", "were", "be", "been", "do",
            "does", "did", "has", "have", "had", "how", "many", "much", "what", "which", "of", "in", "on", "at", "to",
            "for", "and", "or", "it", "its", "he", "she", "they", "his", "her", "their", "them", "that", "this",
            "there", "if", "then", "so", "with", "by", "from", "as", "we", "you", "will", "would", "can", "could",
            "all", "total", "number", "amount");

    private Coverage() {}

    /// @param said what a tutor says, turn by turn
    /// @return for each step the number of the turn, from 0, that first asks it; empty where none does
    public static List<Optional<Integer>> of(List<Step> steps, List<String> said) {
        List<Set<String>> wanted = steps.stream().map(step -> words(step.question())).toList();
        List<Optional<Integer>> covered = new ArrayList<>();
        steps.forEach(step -> covered.add(Optional.empty()));
        for (int turn = 0; turn < said.size(); turn++) {
            for (String sentence : Asking.sentences(said.get(turn))) {
                int best = best(wanted, words(sentence));
                if (best >= 0 && covered.get(best).isEmpty()) {
                    covered.set(best, Optional.of(turn));
                }
            }
        }
        return List.copyOf(covered);
    }

    /// @return the sub-question that a sentence asks
    public static Optional<Integer> asked(List<Step> steps, String sentence) {
        int best = best(steps.stream().map(step -> words(step.question())).toList(), words(sentence));
        return best < 0 ? Optional.empty() : Optional.of(best);
    }

    private static int best(List<Set<String>> wanted, Set<String> said) {
        int best = -1;
        double most = 0;
        for (int i = 0; i < wanted.size(); i++) {
            Set<String> shared = new HashSet<>(wanted.get(i));
            shared.retainAll(said);
            double f1 = wanted.get(i).isEmpty() ? 0
                    : 2.0 * shared.size() / (wanted.get(i).size() + said.size());
            if (f1 > most) {
                most = f1;
                best = shared.size() >= SHARE * wanted.get(i).size() ? i : -1;
            }
        }
        return best;
    }

    static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            String word = matcher.group().replaceFirst("['\\u2019]s$", "");
            if (!COMMON.contains(word)) {
                words.add(stem(word));
            }
        }
        return words;
    }

    private static String stem(String word) {
        for (String ending : List.of("ing", "ies", "es", "ed", "s", "e")) {
            if (word.length() > ending.length() + 2 && word.endsWith(ending)) {
                return word.substring(0, word.length() - ending.length());
            }
        }
        return word;
    }
}
