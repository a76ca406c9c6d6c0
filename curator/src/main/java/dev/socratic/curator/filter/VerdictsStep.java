package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.datasets.row.Trace;
import dev.socratic.datasets.row.Trace.Verdict;
import java.util.List;

/// Drops rows that failed a check when they were made; the reason is the name of the first check that failed.
public final class VerdictsStep implements Step {
    private final StepConfig.Verdicts config;

    public VerdictsStep(StepConfig.Verdicts config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "verdicts";
    }

    @Override
    public Decision judge(Candidate row) {
        for (Verdict verdict : row.trace().map(Trace::verdicts).orElse(List.of())) {
            if (!verdict.passed() && !config.ignore().contains(verdict.check())) {
                return new Decision.Drop(
                        verdict.check(), Evidence.object().put("check", verdict.check())
                                .put("detail", verdict.detail()));
            }
        }
        return Decision.KEEP;
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = Evidence.object();
        config.ignore().forEach(facts.putArray("ignore")::add);
        return facts;
    }
}
