package dev.socratic.curator;

import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.step.StepModels;
import dev.socratic.curator.text.Words;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An embedder whose vectors can be told by hand: one number a meaning, how often a word of that meaning stands in the
/// text. Words without a synonym are a meaning of their own, by hash.
public final class WordEmbedder implements TextEmbedder {
    private static final int WIDTH = 512;
    private static final Map<String, String> SYNONYMS = Map.of("buys", "gets", "purchases", "gets", "purchase", "get",
            "market", "shop", "store", "shop", "big", "large", "automobile", "car", "kids", "children");

    public final List<String> read = new ArrayList<>();
    /// Texts that hold this are not embedded for now; empty for none.
    public String refuses = "";

    @Override
    public ModelCard card() {
        return new ModelCard("words", "weights:words", "1", 0, 4, 1, false);
    }

    @Override
    public List<Outcome> embed(List<String> texts) {
        read.addAll(texts);
        return texts.stream().map(this::outcome).toList();
    }

    private Outcome outcome(String text) {
        if (!refuses.isEmpty() && text.contains(refuses)) {
            return new Outcome.Failure("nobody is there", true);
        }
        float[] vector = new float[WIDTH];
        vector[0] = 0.01f; // no text is without length
        Words.of(text).forEach(word -> vector[Math.floorMod(SYNONYMS.getOrDefault(word, word).hashCode(), WIDTH)]++);
        return new Outcome.Vector(vector, new Usage(Words.of(text).size(), 0, 0));
    }

    /// A step's context with this embedder under every name.
    public StepContext context(Path folder, StepModels.Opener opener) {
        return new StepContext(List.of(), folder, new StageContext(folder, Progress.SILENT, Clock.systemUTC(), 1),
                new StepModels(opener, name -> this, List.of()));
    }

    @Override
    public void close() {}
}
