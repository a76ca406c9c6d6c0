package dev.socratic.models.embed;

import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.Usage;
import dev.socratic.models.engine.Compute;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A folder of `sentence-transformers` that embeds ([SentenceEncoder]). Of a text longer than it reads the beginning is
/// embedded, as sentence-transformers does; how many there were is among the notes.
public final class FolderEmbedder implements TextEmbedder {
    private final SentenceEncoder encoder;
    private final String name;
    private final int together;
    private long cut;

    private FolderEmbedder(SentenceEncoder encoder, String name, int together) {
        this.encoder = encoder;
        this.name = name;
        this.together = together;
    }

    /// @param together texts read together
    /// @throws dev.socratic.core.error.DataException if it is no sentence encoder, or one that is not done here
    public static FolderEmbedder open(Path folder, int together, Compute compute) {
        return new FolderEmbedder(SentenceEncoder.open(folder, compute), String.valueOf(folder.getFileName()),
                together);
    }

    @Override
    public ModelCard card() {
        return new ModelCard(name, "weights:" + encoder.revision(), encoder.revision(), encoder.maxTokens(), together,
                1, false);
    }

    @Override
    public List<Outcome> embed(List<String> texts) {
        List<long[]> rows = texts.stream().map(this::read).toList();
        List<float[]> vectors = encoder.embed(rows);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            outcomes.add(new Outcome.Vector(vectors.get(i), new Usage(rows.get(i).length, 0, 0)));
        }
        return outcomes;
    }

    /// The tokens of a text, of a long one those of its longest beginning that fits, to within an eighth.
    private long[] read(String text) {
        Optional<long[]> whole = encoder.read(text);
        if (whole.isPresent()) {
            return whole.get();
        }
        cut++;
        String beginning = text;
        Optional<long[]> fits = Optional.empty();
        while (fits.isEmpty()) {
            int characters = beginning.codePointCount(0, beginning.length());
            beginning = beginning.substring(0, beginning.offsetByCodePoints(0, characters * 7 / 8));
            fits = encoder.read(beginning);
        }
        return fits.get();
    }

    @Override
    public Map<String, Object> notes() {
        return cut == 0 ? Map.of() : Map.of("texts_cut", cut);
    }

    @Override
    public void close() {
        encoder.close();
    }
}
