package dev.socratic.curator.decontaminate;

import dev.socratic.core.embed.Vectors;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.config.StepConfig.Decontaminate.Embeddings;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.store.VectorIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// Which evaluation questions are nearest to each row's question, by the vectors of an encoder. Every text is embedded
/// once in the life of a run folder. Memory: 12 bytes for each of the nearest of a row; vectors lie in a file.
final class EvaluationVectors {
    private final int top;
    private final int[] items;
    private final double[] cosines;
    private final String embedder;
    private final long without;
    private final Optional<String> problem;
    private final long open;
    private final Usage spent;

    /// @param item   of the evaluation
    /// @param cosine of its vector and the row's
    record Near(int item, double cosine) {}

    private EvaluationVectors(int top, int[] items, double[] cosines, String embedder, Vectors all, Vectors rows) {
        this.top = top;
        this.items = items;
        this.cosines = cosines;
        this.embedder = embedder;
        this.without = all.failed() + all.open() + rows.failed() + rows.open();
        this.open = all.open() + rows.open();
        this.problem = all.problem().or(rows::problem);
        this.spent = rows.spent();
    }

    /// @param rows  how many
    /// @param texts of the rows' questions
    static EvaluationVectors of(Embeddings config, StepContext context, EvaluationIndex evaluation, int rows,
            IntFunction<String> texts) throws InterruptedException {
        int[] items = new int[Math.multiplyExact(rows, config.top())];
        Arrays.fill(items, -1);
        double[] cosines = new double[items.length];
        try (TextEmbedder model = context.models().embedder(config.model());
                VectorIndex index = new VectorIndex(context.scratch().resolve("evaluation.vectors"))) {
            Vectors all = Vectors.of(model, context.stage(), evaluation.size(),
                    number -> evaluation.item(number).question().question(), index::add);
            index.finish();
            Vectors ofRows = Vectors.of(model, context.stage(), rows, texts, (row, vector) -> {
                List<VectorIndex.Near> near = index.nearest(vector, config.top());
                for (int i = 0; i < near.size(); i++) {
                    items[row * config.top() + i] = near.get(i).number();
                    cosines[row * config.top() + i] = near.get(i).cosine();
                }
            });
            return new EvaluationVectors(config.top(), items, cosines,
                    model.card().name() + " " + model.card().place(), all, ofRows);
        }
    }

    /// @return the nearest first; none where the row has no vector
    List<Near> near(int row) {
        List<Near> near = new ArrayList<>();
        for (int i = row * top; i < (row + 1) * top && items[i] >= 0; i++) {
            near.add(new Near(items[i], cosines[i]));
        }
        return near;
    }

    String embedder() {
        return embedder;
    }

    /// @return texts without a vector
    long without() {
        return without;
    }

    /// @return by the stage, over all runs in the folder
    Usage spent() {
        return spent;
    }

    /// @return why some have none yet; empty where all that can have one do
    Optional<String> incomplete() {
        return open == 0 ? Optional.empty()
                : Optional.of("decontaminate: %s texts without a vector, the first: %s; everything embedded is kept: "
                        .formatted(open, problem.orElse("")) + "run the same command again to embed the rest");
    }
}
