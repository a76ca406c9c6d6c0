package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.text.Ngrams;
import dev.socratic.curator.text.Words;
import java.util.List;

/// Drops answers that repeat themselves. Three measures over the answer's words ([Words]), in the order they are asked:
///
/// - **loop**: the answer ends in at least `loops` copies of the same 1 to 40 words, one after the other, that cover
///   at least 12 words. How small models fail, whatever the length.
/// - **top n-gram**, n = 2, 3, 4: characters of the words that lie in the most frequent n-gram, as a share of all
///   characters.
/// - **duplicate n-grams**, n = 5 to 10: characters of the words that lie in an n-gram that occurred before, as a
///   share of all characters.
///
/// The last two are the rules of Gopher (Rae et al. 2021, arXiv:2112.11446, table A1). Their limits there (0.20,
/// 0.18, 0.16 and 0.15 to 0.10) are for web pages: a worked solution names its quantities again in every step
/// ("buildings to collapse"), and the first three alone would drop one in a hundred of the worked solutions of GSM8K
/// at 0.29, 0.32 and 0.32. The defaults here lie just above the largest values among its 7,473 training solutions
/// (0.44, 0.59, 0.44; 0.52 down to 0.36), so that none of them goes; short answers are judged by the loop only.
public final class RepetitionStep implements Step {
    private static final int LONGEST_LOOP = 40;
    private static final int LOOP_WORDS = 12;

    private final StepConfig.Repetition config;

    public RepetitionStep(StepConfig.Repetition config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "repetition";
    }

    @Override
    public Decision judge(Candidate row) {
        return row.turns().stream()
                .map(this::judge)
                .filter(decision -> decision instanceof Decision.Drop)
                .findFirst()
                .orElse(Decision.KEEP);
    }

    private Decision judge(String turn) {
        List<String> words = Words.of(turn);
        for (int period = 1; period <= Math.min(LONGEST_LOOP, words.size() / config.loops()); period++) {
            int copies = copiesAtTheEnd(words, period);
            if (copies >= config.loops() && copies * period >= LOOP_WORDS) {
                String unit = String.join(" ", words.subList(words.size() - period, words.size()));
                return new Decision.Drop(
                        "loop", Evidence.object().put("words", unit).put("copies", copies)
                                .put("limit", config.loops()));
            }
        }
        return words.size() < config.minWords() ? Decision.KEEP : ngrams(words);
    }

    private Decision ngrams(List<String> words) {
        for (int i = 0; i < config.topNgrams().size(); i++) {
            Ngrams.Top top = Ngrams.top(words, i + 2);
            if (top.share() > config.topNgrams().get(i)) {
                return drop("top_ngram", i + 2, top.share(), config.topNgrams().get(i)).with(top.ngram());
            }
        }
        for (int i = 0; i < config.duplicateNgrams().size(); i++) {
            double share = Ngrams.duplicateShare(words, i + 5);
            if (share > config.duplicateNgrams().get(i)) {
                return drop("duplicate_ngrams", i + 5, share, config.duplicateNgrams().get(i)).decision();
            }
        }
        return Decision.KEEP;
    }

    private static int copiesAtTheEnd(List<String> words, int period) {
        int equal = 0;
        for (int i = words.size() - 1; i - period >= 0 && words.get(i).equals(words.get(i - period)); i--) {
            equal++;
        }
        return equal / period + 1;
    }

    private record Over(String reason, ObjectNode evidence) {
        Decision with(String ngram) {
            return new Decision.Drop(reason, evidence.put("ngram", ngram));
        }

        Decision decision() {
            return new Decision.Drop(reason, evidence);
        }
    }

    private static Over drop(String reason, int n, double share, double limit) {
        return new Over(reason, Evidence.object().put("n", n).put("share", Evidence.round(share)).put("limit", limit));
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = Evidence.object().put("min_words", config.minWords()).put("loops", config.loops());
        config.topNgrams().forEach(facts.putArray("top_ngrams")::add);
        config.duplicateNgrams().forEach(facts.putArray("duplicate_ngrams")::add);
        return facts;
    }
}
