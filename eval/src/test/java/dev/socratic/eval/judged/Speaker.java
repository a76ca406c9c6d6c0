package dev.socratic.eval.judged;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A model whose answer is a function of what was said; of a text "FAIL" it fails for good.
record Speaker(String name, Function<List<ChatMessage>, String> says) implements TextModel {
    @Override
    public ModelCard card() {
        return new ModelCard(name, "weights:" + name, "", 1024, 4, 1, false);
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
        return requests.stream().<GenerationOutcome>map(request -> {
            String text = says.apply(request.messages());
            return text.equals("FAIL") ? new GenerationOutcome.Failure(request.id(), "it cannot", false)
                    : new GenerationOutcome.Completion(request.id(), text, Optional.empty(), FinishReason.STOP,
                            new Usage(2, 1, 0));
        }).toList();
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
