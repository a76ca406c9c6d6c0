package dev.socratic.eval.judged;

import dev.socratic.core.ask.AskOutcome;
import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.Asker;
import dev.socratic.core.ask.Asks;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Everybody who is asked for some judged tasks: the model that is evaluated and those opened by name, once each and
/// until all is done. All they take is on the account of one stage.
final class Panel implements AutoCloseable {
    private final String evaluated;
    private final TextModel model;
    private final NamedModels named;
    private final Ledger ledger;
    private final Map<String, TextModel> opened = new LinkedHashMap<>();
    private final Map<String, Usage> usage = new TreeMap<>();
    private Optional<String> stopped = Optional.empty();
    private Optional<String> incomplete = Optional.empty();

    /// To whose account asking goes.
    ///
    /// @param counts the stages whose spending counts against the limits
    record Ledger(AskStore store, String stage, BudgetConfig budget, Predicate<String> counts, Progress progress) {}

    /// @param evaluated what the model is called in tables
    Panel(String evaluated, TextModel model, NamedModels named, Ledger ledger) {
        this.evaluated = evaluated;
        this.model = model;
        this.named = named;
        this.ledger = ledger;
    }

    String evaluated() {
        return evaluated;
    }

    void note(String line) {
        ledger.progress().note(line);
    }

    /// @return of the model that is evaluated, in the order of the requests
    List<GenerationOutcome> ask(List<GenerationRequest> requests) throws InterruptedException {
        return ask(evaluated, model, requests);
    }

    /// @param who a key of `models`
    /// @return in the order of the requests; what nobody has answered yet is a temporary failure
    List<GenerationOutcome> ask(String who, List<GenerationRequest> requests) throws InterruptedException {
        return ask(who, model(who), requests);
    }

    /// @param who a key of `models`
    TextModel model(String who) {
        TextModel known = opened.get(who);
        if (known == null) {
            known = named.open(who);
            opened.put(who, known);
        }
        return known;
    }

    private List<GenerationOutcome> ask(String who, TextModel asked, List<GenerationRequest> requests)
            throws InterruptedException {
        if (requests.isEmpty()) {
            return List.of();
        }
        // Once a model or the budget has given out, what is there is taken, and nobody is asked any more.
        AskOutcome found = stopped.isPresent()
                ? new AskOutcome(Asks.of(requests), asked, ledger.store(), Map.of(), stopped, Usage.NONE)
                : new Asker(Asks.of(requests), asked, ledger.store(), ledger.stage(), ledger.budget(),
                        ledger.counts(), ledger.progress()).ask();
        stopped = stopped.or(found::stop);
        List<GenerationOutcome> outcomes = new ArrayList<>();
        long open = 0;
        for (int i = 0; i < requests.size(); i++) {
            GenerationOutcome outcome = found.outcome(i);
            outcomes.add(outcome);
            open += isOpen(outcome) ? 1 : 0;
            if (outcome instanceof GenerationOutcome.Completion done) {
                usage.merge(who, done.usage(), Usage::plus);
            }
        }
        if (incomplete.isEmpty()) {
            incomplete = found.incomplete(open);
        }
        return outcomes;
    }

    static boolean isOpen(GenerationOutcome outcome) {
        return outcome instanceof GenerationOutcome.Failure failed && failed.temporary();
    }

    /// @return why requests are still open, with what to do
    Optional<String> incomplete() {
        return incomplete;
    }

    /// @return what the answers took, by who gave them; whatever was asked in vain is on the stage's account alone
    Map<String, Usage> usage() {
        return Collections.unmodifiableMap(new TreeMap<>(usage)); // in one order, whichever process writes it
    }

    @Override
    public void close() {
        opened.values().forEach(TextModel::close);
    }
}
