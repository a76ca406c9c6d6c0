package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.datasets.answer.ReasoningSplit;
import dev.socratic.datasets.verify.Refusals;
import java.util.Optional;

/// Drops rows in which the assistant declines to answer ([Refusals]), in any of its turns; of a pair, the preferred
/// answer is judged. The same phrases that `generate` checks its own answers by.
public final class RefusalStep implements Step {
    @Override
    public String name() {
        return "refusal";
    }

    @Override
    public Decision judge(Candidate row) {
        if (row.isText()) {
            return Decision.KEEP;
        }
        for (String turn : row.turns()) {
            Optional<String> phrase = Refusals.find(ReasoningSplit.of(turn).answer());
            if (phrase.isPresent()) {
                return new Decision.Drop("refusal", Evidence.object().put("phrase", phrase.get()));
            }
        }
        return Decision.KEEP;
    }

    @Override
    public ObjectNode facts() {
        return Evidence.object();
    }
}
