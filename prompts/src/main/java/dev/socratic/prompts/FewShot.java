package dev.socratic.prompts;

import dev.socratic.core.config.Default;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.seed.Seeds;
import dev.socratic.datasets.format.FileList;
import dev.socratic.datasets.source.Layout;
import dev.socratic.datasets.source.RowVariables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// Which examples go before a question.
///
/// @param examples files of rows: any format and layout that questions have
/// @param layout   how it names things; not used where `fields` are given
/// @param fields   variables of the prompt to paths in a row, such as `{question: problem, solution: worked, answer:
///                 answers[0]}`
/// @param k        how many before each question, at least 1
/// @param seed     of the choice
/// @param by       which examples are chosen
public record FewShot(
        FileList examples, @Default("auto") Layout layout, @Default("{}") Map<String, String> fields,
        @Default("4") int k, @Default("0") long seed,
        @Default("random") Choice by) {
    private static final String QUESTION = "question";

    /// Which examples are chosen. The choices that look at the question read the whole pool for each.
    public enum Choice {
        /// Each set equally likely, in an order of the draw's own.
        RANDOM,
        /// Those whose questions share most words with it ([WordLikeness]), the likest last, next to the question.
        SIMILAR,
        /// Like the question and unlike one another: maximal marginal relevance with equal parts (Carbonell and
        /// Goldstein 1998), the first chosen last.
        DIVERSE,
        /// Those with the longest solutions, in lines and then characters (Fu et al. 2022, arXiv:2210.00720).
        COMPLEX
    }

    public FewShot(Path examples, int k, long seed) {
        this(new FileList.File(examples), Layout.AUTO, Map.of(), k, seed);
    }

    /// Drawn at random.
    public FewShot(FileList examples, Layout layout, Map<String, String> fields, int k, long seed) {
        this(examples, layout, fields, k, seed, Choice.RANDOM);
    }

    public FewShot {
        fields = RowVariables.checked(fields);
        if (k < 1) {
            throw new IllegalArgumentException(
                    "k: at least 1; got %s; without examples use chain_of_thought".formatted(k));
        }
    }

    /// Chooses `k` different examples. The question itself is
    /// never among them, be it under another id: an example whose text is the question's, blanks and case aside, is
    /// passed over, and so is one with its id.
    ///
    /// @param pool       what [FewShotExample#read] gave
    /// @param questionId with the seed it decides the draw, so that a question has the same examples however many are
    ///                   asked beside it
    /// @return the chosen ones; their ids are to be stored with the answer
    /// @throws ConfigException if the pool has fewer than `k` others
    public List<FewShotExample> choose(List<FewShotExample> pool, String questionId, String question) {
        String text = plain(question);
        List<FewShotExample> left = new ArrayList<>(pool.stream()
                .filter(example -> !example.id().equals(questionId))
                .filter(example -> !plain(example.values().getOrDefault(QUESTION, "")).equals(text))
                .toList());
        if (left.size() < k) {
            throw new ConfigException("few_shot.k", "at most as many as there are other examples",
                    k + " of " + left.size(), "write a smaller k or give more examples");
        }
        return switch (by) {
            case RANDOM -> drawn(left, questionId);
            case SIMILAR -> WordLikeness.of(left, question).similar(k);
            case DIVERSE -> WordLikeness.of(left, question).diverse(k);
            case COMPLEX -> left.stream().sorted(Comparator.comparingLong(FewShot::steps)
                    .thenComparingInt(example -> solution(example).length()).reversed()).limit(k).toList();
        };
    }

    private static long steps(FewShotExample example) {
        return solution(example).lines().filter(line -> !line.isBlank()).count();
    }

    private static String solution(FewShotExample example) {
        return example.values().getOrDefault("solution", "");
    }

    private List<FewShotExample> drawn(List<FewShotExample> left, String questionId) {
        Random random = new Random(Seeds.derive(seed, "few_shot", questionId));
        List<FewShotExample> chosen = new ArrayList<>();
        while (chosen.size() < k) {
            chosen.add(left.remove(random.nextInt(left.size())));
        }
        return chosen;
    }

    private static String plain(String text) {
        return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }
}
