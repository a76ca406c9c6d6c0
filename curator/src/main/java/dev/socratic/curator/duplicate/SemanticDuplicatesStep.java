package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.embed.Vectors;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.config.StepConfig.SemanticDuplicates;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.curator.store.TextStore;
import dev.socratic.curator.store.VectorIndex;
import dev.socratic.curator.text.Words;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Drops rows that mean nearly what another row means: clusters of texts whose vectors have a cosine of at least
/// `cosine` (SemDeDup, Abbas et al. 2023, arXiv:2303.09540, without its k-means), and of each the best by `keep`
/// ([DuplicateClusters]). A text is compared with its `neighbours` nearest.
///
/// An encoder hears little of numbers and negations, so texts that differ in them are never compared, as in
/// [NearDuplicatesStep]; the defaults can be switched off one by one.
///
/// Memory: about 110 bytes a text; vectors and texts lie in files. Each text is embedded once in the life of a run
/// folder; rows are read twice.
public final class SemanticDuplicatesStep implements Step {
    private final SemanticDuplicates config;
    private final StepContext context;
    private final MemberRank rank;
    private final DuplicateClusters clusters;
    private final TextStore texts;
    private final VectorIndex vectors;
    private final MemberRows members;
    private long[] scopes = new long[16];
    private int[] lengths = new int[16];
    private int judged;
    private Optional<Vectors> embedded = Optional.empty();
    private String embedder = "";

    public SemanticDuplicatesStep(SemanticDuplicates config, StepContext context) {
        this.config = config;
        this.context = context;
        this.rank = new MemberRank("semantic_duplicates", config.keep(), config.score());
        this.clusters = new DuplicateClusters(config.chains(), rank.byPlace(),
                context.scratch().resolve("semantic_duplicates.members"));
        this.members = new MemberRows(config.on(), config.answers(), rank, clusters);
        this.texts = new TextStore(context.scratch().resolve("semantic_duplicates.texts"));
        this.vectors = new VectorIndex(context.scratch().resolve("semantic_duplicates.vectors"));
    }

    @Override
    public String name() {
        return "semantic_duplicates";
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row, RowScores scores) {
        Compared compared = Compared.of(row, config.on());
        OptionalInt added = members.add(row, scores, compared);
        if (added.isEmpty()) {
            return;
        }
        int member = added.getAsInt();
        texts.add(compared.text());
        if (member == scopes.length) {
            scopes = Arrays.copyOf(scopes, 2 * member);
            lengths = Arrays.copyOf(lengths, 2 * member);
        }
        scopes[member] = KeyTable.Key.of(compared.scope(Words.of(compared.text()), config.numbers(),
                config.negation())).high();
        lengths[member] = compared.text().length();
    }

    @Override
    public void looked() throws InterruptedException {
        rank.check();
        int[] byLength = IntStream.range(0, clusters.size()).boxed()
                .sorted((a, b) -> Integer.compare(lengths[a], lengths[b])).mapToInt(Integer::intValue).toArray();
        try (TextEmbedder model = context.models().embedder(config.embeddings())) {
            embedder = model.card().name() + " " + model.card().place();
            embedded = Optional.of(Vectors.of(model, context.stage(), clusters.size(),
                    number -> texts.get(byLength[number]), (number, vector) -> vectors.add(byLength[number], vector)));
        }
        vectors.finish();
        for (int member = 0; member < clusters.size(); member++) {
            if (vectors.has(member)) {
                join(member);
            }
        }
        clusters.settle(new ByVectors());
    }

    private void join(int member) {
        for (VectorIndex.Near near : vectors.nearest(vectors.get(member), config.neighbours() + 1)) {
            if (near.number() != member && near.cosine() >= config.cosine()
                    && scopes[near.number()] == scopes[member]) {
                clusters.join(member, near.number());
            }
        }
    }

    @Override
    public Decision judge(Candidate row) {
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
                .put("cosine", round(new ByVectors().of(member, partner)))
                .put("threshold", config.cosine())
                .put("on", config.on().spelled())
                .put("text", Compared.of(row, config.on()).text())
                .put("kept_text", clusters.member(partner).text());
        return new Decision.Drop("semantic_duplicate", evidence, scores);
    }

    private final class ByVectors implements DuplicateClusters.Likeness {
        @Override
        public double of(int a, int b) {
            return VectorIndex.dot(vectors.get(a), vectors.get(b));
        }

        @Override
        public boolean enough(double likeness) {
            return likeness >= config.cosine();
        }
    }

    @Override
    public Optional<String> incomplete() {
        return embedded.filter(all -> all.open() > 0).map(all -> String.format(Locale.ROOT,
                "semantic_duplicates: %d of %d texts without a vector, the first: %s; everything embedded is kept: run "
                        + "the same command again to embed the rest",
                all.open(), clusters.size(), all.problem().orElse("")));
    }

    @Override
    public Usage spent() {
        return embedded.map(Vectors::spent).orElse(Usage.NONE);
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("on", config.on().spelled())
                .put("embeddings", embedder)
                .put("cosine", config.cosine())
                .put("neighbours", config.neighbours())
                .put("numbers", config.numbers().name().toLowerCase(Locale.ROOT))
                .put("negation", config.negation().name().toLowerCase(Locale.ROOT))
                .put("answers", config.answers().name().toLowerCase(Locale.ROOT))
                .put("keep", config.keep().spelled())
                .put("chains", config.chains().name().toLowerCase(Locale.ROOT));
        config.score().ifPresent(score -> facts.put("score", score).put("without_score", rank.without()));
        return facts.put("texts", clusters.size()).put("clusters", clusters.clusters())
                .put("without_vector", clusters.size() - vectors.size());
    }

    private static double round(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    @Override
    public void close() {
        clusters.close();
        texts.close();
        vectors.close();
    }
}
