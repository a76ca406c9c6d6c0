package dev.socratic.core.ask;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What came of asking.
///
/// @param unsettled requests without a final outcome by number: failures that the next run asks again
/// @param stop      what ended the asking before every request had been sent: a budget, a model that no longer answers
/// @param spent     by this stage, over all runs in the folder
public record AskOutcome(
        Asks asks,
        TextModel model,
        AskStore store,
        Map<Integer, Failure> unsettled,
        Optional<String> stop,
        Usage spent) {
    public AskOutcome {
        unsettled = Map.copyOf(unsettled);
    }

    /// @param number of the request
    /// @return what became of it; a temporary failure where it is still to be asked
    public GenerationOutcome outcome(int number) {
        GenerationRequest request = asks.request(number);
        Failure passing = unsettled.get(number);
        if (passing != null) {
            return passing;
        }
        return store.find(RequestKey.of(model, request), request.id())
                .orElseGet(() -> new Failure(request.id(), "not asked: " + stop.orElse("the run was stopped"), true));
    }

    /// @return whether the request has its final outcome
    public boolean settled(int number) {
        return !(outcome(number) instanceof Failure failure && failure.temporary());
    }

    /// @param open how many requests have no final outcome
    /// @return why the stage is incomplete, with what to do; empty where nothing is open
    public Optional<String> incomplete(long open) {
        if (open == 0) {
            return Optional.empty();
        }
        String why = stop.or(() -> unsettled.entrySet().stream()
                        .min(Map.Entry.comparingByKey())
                        .map(first -> "the first: " + first.getValue().problem()))
                .orElse("the run was stopped");
        return Optional.of(String.format(
                Locale.ROOT,
                "%d of %d requests without an answer: %s; everything answered is kept: %s",
                open, asks.size(), why,
                stop.filter(s -> s.startsWith("budget.")).isPresent()
                        ? "raise the budget and run the same command again"
                        : "run the same command again to ask the rest"));
    }
}
