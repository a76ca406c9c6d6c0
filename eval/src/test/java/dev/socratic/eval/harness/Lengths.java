package dev.socratic.eval.harness;

import dev.socratic.core.error.DataException;
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
import java.util.concurrent.atomic.AtomicInteger;

/// A model that finds a text the likelier the shorter it is, and answers a prompt with what stands between `<` and `>`.
/// A text with `!` is more than it can read; a context loses as many tokens as it has `~`.
///
/// @param patience after so many calls it is interrupted, as by a kill
record Lengths(int patience, AtomicInteger calls) implements TextModel {
    Lengths() {
        this(Integer.MAX_VALUE, new AtomicInteger());
    }

    @Override
    public ModelCard card() {
        return new ModelCard("lengths", "weights:77", "77", 100, 2, 1, true);
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        count();
        return requests.stream().<GenerationOutcome>map(request -> {
            String prompt = request.messages().getLast().content();
            String text = prompt.substring(prompt.lastIndexOf('<') + 1, prompt.lastIndexOf('>'));
            return new GenerationOutcome.Completion(request.id(), text, Optional.empty(), FinishReason.STOP,
                    new Usage(3, 2, 0));
        }).toList();
    }

    private void count() throws InterruptedException {
        if (calls.incrementAndGet() > patience) {
            throw new InterruptedException();
        }
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        return requests.stream().map(request -> {
            if (request.continuation().contains("!")) {
                throw new DataException("continuation", "at most 100 tokens, the model's context", "many",
                        "shorten it");
            }
            return new ContinuationScore(-request.continuation().length(), 1, request.continuation().length() < 4,
                    (int) request.context().chars().filter(sign -> sign == '~').count());
        }).toList();
    }

    @Override
    public List<Double> likelihoods(List<String> texts) {
        return texts.stream().map(text -> -1.0 * text.length()).toList();
    }

    @Override
    public String written(List<ChatMessage> messages, boolean continues) {
        StringBuilder out = new StringBuilder();
        messages.forEach(message -> out.append('[').append(message.role()).append(']').append(message.content()));
        return out.append(continues ? "" : "[assistant]").toString();
    }

    @Override
    public void close() {}
}
