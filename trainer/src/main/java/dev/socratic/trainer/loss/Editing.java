package dev.socratic.trainer.loss;

import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.plan.Plan;
import java.util.List;
import java.util.function.Consumer;

/// An objective's edit at a moment of the run.
///
/// @param plan           whose objective it is
/// @param progress       share of the budget used, which names the draws
/// @param counterfactual what is lost in the second pass of an interchange
/// @param silently       runs something whose losses are not counted
public record Editing(Plan plan, double progress, StepLoss counterfactual, Consumer<Runnable> silently) {
    public Edit edit() {
        return plan.objective().edit();
    }

    /// @return the student layers whose work the teacher does now
    public List<Plan.Block> replaced(Edit.Replace replace) {
        List<Plan.Block> blocks = plan.blocks();
        List<Boolean> runs = replace.runs(blocks.size(), progress);
        return blocks.stream().filter(block -> !runs.get(block.student())).toList();
    }

    /// @return the student layer after which an interchange happens now, and the teacher layers it stands for
    public Plan.Block exchanged(Edit.Interchange change) {
        return plan.blocks().get(change.layer(plan.blocks().size(), progress));
    }
}
