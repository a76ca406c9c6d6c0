package dev.socratic.core.ask;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Meter;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A model that says what it is told, and does what the words say: `later` fails for now, `never` for good, `twice`
/// needs two attempts, the first of which nobody can count.
final class Echo implements TextModel {
    static final double PRICE = 1;

    private final int unit;
    private final boolean metered;
    private final ConcurrentLinkedQueue<List<String>> units = new ConcurrentLinkedQueue<>();

    Echo(int unit, boolean metered) {
        this.unit = unit;
        this.metered = metered;
    }

    /// @return what was asked together, in the order of asking
    List<List<String>> units() {
        return List.copyOf(units);
    }

    List<String> asked() {
        return units.stream().flatMap(List::stream).toList();
    }

    static GenerationRequest request(String id, String words) {
        return new GenerationRequest(id, List.of(ChatMessage.user(words)), GenerationParameters.greedy(10), 0);
    }

    @Override
    public ModelCard card() {
        return new ModelCard("echo", "weights:echo", "1", 0, unit, 1, false);
    }

    @Override
    public boolean metered() {
        return metered;
    }

    @Override
    public Usage most(GenerationRequest request) {
        return new Usage(5, 10, PRICE);
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
        units.add(requests.stream().map(Echo::words).toList());
        return requests.stream().map(Echo::outcome).toList();
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests, Meter meter) throws InterruptedException {
        units.add(requests.stream().map(Echo::words).toList());
        List<GenerationOutcome> outcomes = new ArrayList<>();
        for (GenerationRequest request : requests) {
            if (words(request).contains("twice")) {
                if (!meter.leave(request)) {
                    return List.of(new Failure(request.id(), "echo: no room", true));
                }
                meter.back(request, Optional.empty());
            }
            if (!meter.leave(request)) {
                return List.of(new Failure(request.id(), "echo: no room", true));
            }
            GenerationOutcome outcome = outcome(request);
            meter.back(request, Optional.of(outcome instanceof Completion c ? c.usage() : Usage.NONE));
            outcomes.add(outcome);
        }
        return outcomes;
    }

    private static String words(GenerationRequest request) {
        return request.messages().getLast().content();
    }

    private static GenerationOutcome outcome(GenerationRequest request) {
        String words = words(request);
        if (words.contains("later") || words.contains("never")) {
            return new Failure(request.id(), "echo: " + words, words.contains("later"));
        }
        return new Completion(request.id(), words, Optional.empty(), FinishReason.STOP, new Usage(5, 10, PRICE));
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        throw new UnsupportedOperationException("an echo does not score");
    }

    @Override
    public void close() {}
}
