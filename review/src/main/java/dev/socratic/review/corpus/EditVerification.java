package dev.socratic.review.corpus;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.curator.Steps;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.review.EditedRow;
import dev.socratic.curator.review.Opinion;
import dev.socratic.curator.step.AskedText;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.answer.Choices;
import dev.socratic.datasets.answer.ReasoningSplit;
import dev.socratic.datasets.source.Exchange;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Checks a row as it would be with somebody's edit: its final answer against the right one, as `generate` does, and
/// the steps of the curation that look at one row.
public final class EditVerification {
    private static final List<StepConfig> STEPS = List.of(new StepConfig.Format(false, Optional.empty(), true),
            new StepConfig.Artifacts(true, true), new StepConfig.Refusal(),
            new StepConfig.Repetition(50, List.of(0.50, 0.60, 0.50), List.of(0.60, 0.55, 0.55, 0.55, 0.50, 0.45), 6));

    private final RowDetails details;

    EditVerification(RowDetails details) {
        this.details = details;
    }

    /// @return `{final_answer, gold, verdicts: [{check, passed, detail}], passed}`
    ObjectNode of(ObjectNode raw, Opinion.TextEdit edit) {
        ObjectNode row = EditedRow.of(raw, edit);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode verdicts = JsonNodeFactory.instance.arrayNode();
        boolean passed = true;
        try {
            Exchange exchange = Exchange.of(row);
            Optional<ObjectNode> asked = details.asked(raw);
            Optional<String> gold = RowDetails.gold(raw, asked);
            String answer = ReasoningSplit.of(exchange.answer()).answer();
            String question = row.path("question").asText(AskedText.of(exchange));
            Choices choices = Choices.of(Map.of(), question);
            AnswerCheck.find(answer, choices).map(Extracted::answer)
                    .ifPresent(found -> json.put("final_answer", found));
            if (gold.isPresent()) {
                json.put("gold", gold.get());
                AnswerCheck.Result result = AnswerCheck.STANDARD.check(gold.get(), answer, choices);
                passed = result.equal();
                verdicts.addObject().put("check", "final_answer").put("passed", result.equal())
                        .put("detail", result.equal() ? "" : result.why());
            }
            Candidate candidate = new Candidate(exchange, exchange.id(), exchange.questionId(), question, gold);
            for (StepConfig config : STEPS) {
                try (Step step = Steps.of(config, List.of(), Path.of(""))) {
                    Decision decision = step.judge(candidate);
                    boolean stays = !(decision instanceof Decision.Drop);
                    passed &= stays;
                    verdicts.addObject().put("check", step.name()).put("passed", stays).put("detail",
                            decision instanceof Decision.Drop drop ? drop.reason() + ": " + drop.evidence() : "");
                }
            }
        } catch (DataException none) {
            passed = false;
            verdicts.addObject().put("check", "row").put("passed", false).put("detail", none.getMessage());
        }
        json.set("verdicts", verdicts);
        return json.put("passed", passed);
    }
}
