package dev.socratic.core.embed;

import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.TokenEstimate;
import dev.socratic.core.text.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An embedder as a model that is asked: the answer to a text is its vector ([VectorText]). So vectors take the one way
/// to models there is ([dev.socratic.core.ask.Asker]), with its store, its account and its retries.
record AskedEmbedder(TextEmbedder embedder) implements TextModel {
    /// Nothing is drawn.
    static final GenerationParameters NOTHING = GenerationParameters.greedy(1);

    @Override
    public ModelCard card() {
        return embedder.card();
    }

    @Override
    public String shape() {
        return "embedding";
    }

    @Override
    public Usage most(GenerationRequest request) {
        long tokens = TokenEstimate.ofMessages(request.messages());
        return new Usage(tokens, 0, embedder.price(tokens));
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        List<TextEmbedder.Outcome> came = embedder.embed(requests.stream()
                .map(request -> request.messages().getFirst().content()).toList());
        List<GenerationOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            outcomes.add(outcome(requests.get(i).id(), came.get(i)));
        }
        return outcomes;
    }

    private static GenerationOutcome outcome(String id, TextEmbedder.Outcome came) {
        return switch (came) {
            case TextEmbedder.Outcome.Vector vector -> {
                try {
                    yield new GenerationOutcome.Completion(id, VectorText.of(VectorText.unit(vector.numbers())),
                            Optional.empty(), FinishReason.STOP, vector.usage());
                } catch (IllegalArgumentException unfit) {
                    yield new GenerationOutcome.Failure(id, unfit.getMessage(), false);
                }
            }
            case TextEmbedder.Outcome.Failure failure ->
                new GenerationOutcome.Failure(id, failure.problem(), failure.temporary());
        };
    }

    @Override
    public Map<String, Object> notes() {
        return embedder.notes();
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        throw new UnsupportedOperationException("an encoder gives no probabilities of a text; score with a decoder");
    }

    @Override
    public void close() {
        embedder.close();
    }
}
