package dev.socratic.curator.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.embed.Vectors;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.config.StepConfig.Clusters;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.store.FloatsStore;
import dev.socratic.curator.store.TextStore;
import dev.socratic.curator.store.VectorIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Says of each row what it is about: the number of its cluster, its cosine with the cluster's centre, and its place
/// on a map of the corpus (`clusters.x`, `clusters.y`, in the unit square). Drops nothing; `quotas` and `mix` by a
/// score, the review page's map and its facet `cluster` use what it says.
///
/// Clusters and map are learnt from at most `sample` rows, drawn by the seed, and all rows are placed among them: each
/// in the cluster of the nearest centre, on the map between the five nearest of the sample. Rows with no words, and
/// those that an endpoint gives no vector, have none of these scores; they are counted.
///
/// Memory: 16 bytes a row, and for each row of the sample its text and its vector; rows are read twice.
public final class ClustersStep implements Step {
    private static final int PLACED_BY = 5;

    private final Clusters config;
    private final StepContext context;
    private final TextStore texts;
    private int[] clusters = new int[0]; // of each row; -1 without one
    private float[][] measured = new float[0][]; // of each row: cosine, x, y
    private Optional<Vectors> embedded = Optional.empty();
    private String space = "words";
    private List<String> names = List.of();
    private int[] rows = new int[0]; // of each cluster
    private int size;
    private int judged;

    public ClustersStep(Clusters config, StepContext context) {
        this.config = config;
        this.context = context;
        this.texts = new TextStore(context.scratch().resolve("clusters.texts"));
    }

    @Override
    public String name() {
        return "clusters";
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row) {
        texts.add(row.text(config.on()));
        size++;
    }

    @Override
    public void looked() throws InterruptedException {
        clusters = new int[size];
        Arrays.fill(clusters, -1);
        boolean[] there = new boolean[size];
        Optional<FloatsStore> written = config.embeddings().isPresent() ? embed(there) : words(there);
        if (written.isEmpty()) {
            return;
        }
        try (FloatsStore vectors = written.get(); VectorIndex index = new VectorIndex(
                context.scratch().resolve("clusters.index"))) {
            place(vectors, there, index);
        }
    }

    private Optional<FloatsStore> embed(boolean[] there) throws InterruptedException {
        List<FloatsStore> stores = new ArrayList<>(); // the width is known with the first vector
        try (TextEmbedder model = context.models().embedder(config.embeddings().orElseThrow())) {
            space = model.card().name() + " " + model.card().place();
            embedded = Optional.of(Vectors.of(model, context.stage(), size, texts::get, (number, vector) -> {
                if (stores.isEmpty()) {
                    stores.add(store(vector.length));
                }
                stores.getFirst().put(number, vector);
                there[number] = true;
            }));
        }
        return stores.stream().findFirst();
    }

    private Optional<FloatsStore> words(boolean[] there) {
        TextSpace words = new TextSpace(Arrays.stream(drawn(IntStream.range(0, size).toArray()))
                .mapToObj(texts::get).toList(), config.seed());
        FloatsStore store = store(TextSpace.width());
        boolean any = false;
        for (int row = 0; row < size; row++) {
            Optional<float[]> vector = words.vector(texts.get(row));
            if (vector.isPresent()) {
                store.put(row, vector.get());
                there[row] = true;
                any = true;
            }
        }
        if (!any) {
            store.close();
            return Optional.empty();
        }
        return Optional.of(store);
    }

    private FloatsStore store(int width) {
        return new FloatsStore(context.scratch().resolve("clusters.vectors"), width);
    }

    /// @return at most as many as the sample has, drawn by what is in the rows' numbers, in their order
    private int[] drawn(int[] all) {
        if (all.length <= config.sample()) {
            return all;
        }
        return Arrays.stream(all).boxed()
                .sorted(Comparator.comparingLong(row -> Seeds.derive(config.seed(), "sample", Integer.toString(row))))
                .limit(config.sample()).sorted().mapToInt(Integer::intValue).toArray();
    }

    private void place(FloatsStore vectors, boolean[] there, VectorIndex index) {
        int[] sample = drawn(IntStream.range(0, size).filter(row -> there[row]).toArray());
        float[][] points = Arrays.stream(sample).mapToObj(vectors::get).toArray(float[][]::new); // [sample, width]
        SphericalKMeans means = SphericalKMeans.of(points, config.clustersOf(size), config.seed());
        rows = new int[means.clusters()];
        ClusterNames naming = new ClusterNames(means.clusters());
        for (int i = 0; i < sample.length; i++) {
            index.add(i, points[i]);
            naming.add(means.nearest(points[i]).number(), texts.get(sample[i]));
        }
        index.finish();
        names = naming.names();
        NeighbourMap map = NeighbourMap.of(points, index, config.seed());
        measured = new float[3][size];
        int next = 0;
        for (int row = 0; row < size; row++) {
            if (there[row]) {
                float[] vector = vectors.get(row);
                boolean sampled = next < sample.length && sample[next] == row;
                double[] at = sampled ? map.place(next++) : map.between(index.nearest(vector, PLACED_BY)); // [2]
                SphericalKMeans.Assigned cluster = means.nearest(vector);
                clusters[row] = cluster.number();
                rows[cluster.number()]++;
                measured[0][row] = (float) cluster.cosine();
                measured[1][row] = (float) at[0];
                measured[2][row] = (float) at[1];
            }
        }
    }

    @Override
    public Decision judge(Candidate row) {
        int at = judged++;
        if (clusters[at] < 0) {
            return Decision.KEEP;
        }
        Map<String, Double> scores = new LinkedHashMap<>();
        scores.put("cluster", (double) clusters[at]);
        scores.put("cosine", (double) measured[0][at]);
        scores.put("x", (double) measured[1][at]);
        scores.put("y", (double) measured[2][at]);
        return new Decision.Keep(new RowScores(scores));
    }

    @Override
    public Optional<String> incomplete() {
        return embedded.filter(all -> all.open() > 0).map(all -> String.format(Locale.ROOT,
                "clusters: %d of %d rows without a vector, the first: %s; everything embedded is kept: run the same "
                        + "command again to embed the rest", all.open(), size, all.problem().orElse("")));
    }

    @Override
    public Usage spent() {
        return embedded.map(Vectors::spent).orElse(Usage.NONE);
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("on", config.on().spelled()).put("space", space).put("sample", Math.min(size, config.sample()))
                .put("seed", config.seed());
        ArrayNode clusters = facts.putArray("clusters");
        for (int number = 0; number < names.size(); number++) {
            clusters.addObject().put("number", number).put("name", names.get(number)).put("rows", rows[number]);
        }
        return facts.put("without_vector", size - Arrays.stream(rows).sum());
    }

    @Override
    public void close() {
        texts.close();
    }
}
