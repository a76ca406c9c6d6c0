package dev.socratic.generator;

import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import java.util.List;

/// A model with another one inside, for tests that step in between.
class DelegatingModel implements TextModel {
    private final TextModel inner;

    DelegatingModel(TextModel inner) {
        this.inner = inner;
    }

    @Override
    public ModelCard card() {
        return inner.card();
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        return inner.generate(requests);
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        return inner.score(requests);
    }

    @Override
    public void close() {
        inner.close();
    }
}
