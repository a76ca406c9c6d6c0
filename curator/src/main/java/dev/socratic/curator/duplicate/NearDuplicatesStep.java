package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig.NearDuplicates;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import java.nio.file.Path;
import java.util.Locale;

/// Drops rows whose text is nearly that of another row: clusters of alike texts, and of each the best by `keep`
/// ([DuplicateClusters]).
///
/// Why not one row of each cluster, as other tools do it: in a cluster, a text may go because it is like one that is
/// like one that stays, and the evidence is a chain. With `chains: keep`, the default, every dropped row has one kept
/// row with a true Jaccard similarity at or above the threshold.
///
/// Why two words a shingle: a question has 46 words (GSM8K, mean), and an edited word touches as many shingles as it
/// has words. Measured on the 7,473 training questions of GSM8K: of copies with one edit (a word replaced, deleted,
/// inserted or moved, or a number changed) 98 % are at or above a similarity of 0.8 with pairs of words, 83 % with
/// three words, 43 % with the five that are usual for web pages; with two edits 72, 33 and 7 %. And pairs are
/// specific enough: one pair of different questions in the whole set reaches 0.8, with any of them. On 4,000 of our
/// word problems, which share their templates and differ in names and numbers, pairs of words drop 11, single words
/// 373.
///
/// Questions that say nearly the same may still be two: with other numbers
/// ([dev.socratic.curator.text.NumberMultiset]), with a negation more ([dev.socratic.curator.text.Negations]), with
/// another right answer. The first two are never compared, the third never go for each other; the defaults can be
/// switched off one by one.
///
/// Memory: about 80 bytes a text, however long it is; texts, shingles and bands lie in files. Rows are read twice.
public final class NearDuplicatesStep implements Step {
    private final NearDuplicates config;
    private final NearTexts nearTexts;
    private final MemberRank rank;
    private final NearDuplicateIndex index;
    private final DuplicateClusters clusters;
    private final MemberRows members;
    private int judged;

    /// @param scratch a folder for temporary files; the caller deletes it
    public NearDuplicatesStep(NearDuplicates config, Path scratch) {
        this.config = config;
        this.nearTexts = new NearTexts(config);
        this.rank = new MemberRank("near_duplicates", config.keep(), config.score());
        this.index = new NearDuplicateIndex(
                config.threshold(), nearTexts.banding(), config.seed(), scratch);
        this.clusters = new DuplicateClusters(config.chains(), rank.byPlace(),
                scratch.resolve("near_duplicates.texts"));
        this.members = new MemberRows(config.on(), config.answers(), rank, clusters);
    }

    @Override
    public String name() {
        return "near_duplicates";
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row, RowScores scores) {
        Compared compared = Compared.of(row, config.on());
        // a member has the same number as its text in the index
        members.add(row, scores, compared).ifPresent(member -> index.add(nearTexts.shingles(compared)));
    }

    @Override
    public Decision judge(Candidate row) {
        if (!clusters.isSettled()) {
            rank.check();
            index.join(clusters);
            clusters.settle(new ByShingles());
        }
        int place = judged++;
        int member = members.of(row, place);
        int size = clusters.members(member);
        if (size == 1) {
            return Decision.KEEP;
        }
        RowScores scores = RowScores.of("cluster_size", size);
        return clusters.partner(member).<Decision>map(partner -> drop(row, member, partner, scores))
                .orElseGet(() -> new Decision.Keep(scores));
    }

    private Decision drop(Candidate row, int member, int partner, RowScores scores) {
        ObjectNode evidence = clusters.evidence(member, partner)
                .put("keep", config.keep().spelled())
                .put("jaccard", new ByShingles().of(member, partner))
                .put("threshold", config.threshold())
                .put("on", config.on().spelled())
                .put("text", Compared.of(row, config.on()).text())
                .put("kept_text", clusters.member(partner).text());
        return new Decision.Drop("near_duplicate", evidence, scores);
    }

    private final class ByShingles implements DuplicateClusters.Likeness {
        @Override
        public double of(int a, int b) {
            return index.jaccard(a, b);
        }

        @Override
        public boolean enough(double likeness) {
            return likeness >= config.threshold();
        }

        @Override
        public long[] keys(int number) {
            return index.keys(number);
        }
    }

    @Override
    public ObjectNode facts() {
        Banding banding = index.banding();
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("on", config.on().spelled())
                .put("threshold", config.threshold())
                .put("shingle", config.shingle())
                .put("numbers", config.numbers().name().toLowerCase(Locale.ROOT))
                .put("negation", config.negation().name().toLowerCase(Locale.ROOT))
                .put("answers", config.answers().name().toLowerCase(Locale.ROOT))
                .put("keep", config.keep().spelled())
                .put("chains", config.chains().name().toLowerCase(Locale.ROOT));
        config.score().ifPresent(score -> facts.put("score", score).put("without_score", rank.without()));
        facts.put("seed", config.seed())
                .put("bands", banding.bands())
                .put("rows", banding.rows());
        ObjectNode recall = facts.putObject("expected_recall");
        for (double s = config.threshold(); s < 1; s += 0.05) {
            recall.put(String.format(Locale.ROOT, "%.2f", s), round(banding.found(s)));
        }
        return facts.put("texts", clusters.size()).put("clusters", clusters.clusters())
                .put("compared", index.compared()).put("not_compared", index.leftOut())
                .put("index_bytes", index.memoryBytes() + clusters.memoryBytes() + members.memoryBytes());
    }

    private static double round(double share) {
        return Math.round(share * 1e6) / 1e6;
    }

    @Override
    public void close() {
        index.close();
        clusters.close();
    }
}
