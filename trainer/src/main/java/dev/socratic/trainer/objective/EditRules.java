package dev.socratic.trainer.objective;

import java.util.List;

/// Which terms have a meaning with which edit.
final class EditRules {
    private EditRules() {}

    /// @throws IllegalArgumentException for the first that has none
    static void check(Edit edit, List<Term> terms) {
        boolean counterfactual = terms.stream().anyMatch(term -> term.pass() == Pass.COUNTERFACTUAL);
        require(edit instanceof Edit.None
                || terms.stream().noneMatch(term -> term.isSequenceLevel() || term.on() != On.DATA),
                "edit: models are changed inside over the rows of the step, not over whole answers or pairs of "
                        + "them; write edit: none, or remove those terms");
        require(edit instanceof Edit.None
                || terms.stream()
                        .noneMatch(term -> term.distance() instanceof Distance.InfoNce nce && nce.memoryBank() > 0),
                "edit: states are read more than once, and a memory bank would keep each; write info_nce "
                        + "without memory_bank, or "
                        + "edit: none");
        switch (edit) {
            case Edit.None ignored -> alone(counterfactual);
            case Edit.Perturb ignored -> {
                alone(counterfactual);
                require(terms.stream().noneMatch(EditRules::chosen),
                        "edit: 'perturb' reads each token twice, and a policy would judge both; write another "
                                + "weigh, or edit: none");
            }
            case Edit.Replace ignored -> {
                alone(counterfactual);
                require(terms.stream().noneMatch(term -> term.tap().isFeature()),
                        "edit: 'replace' mixes the layers of both models, so that only what comes out can be "
                                + "compared; write tap: logits in every term");
            }
            case Edit.Interchange ignored -> {
                require(counterfactual,
                        "edit: 'interchange' makes a second pass, which no term reads; write pass: counterfactual "
                                + "in one, or edit: none");
                require(terms.stream()
                        .noneMatch(term -> term.pass() == Pass.COUNTERFACTUAL
                                && !(term.against() instanceof Against.Teacher)),
                        "pass: what a changed student should say only the changed teacher knows; write against: "
                                + "teacher, or pass: plain");
            }
        }
    }

    /// @return whether a learned policy chooses the teachers of a term
    static boolean chosen(Term term) {
        return term.against() instanceof Against.Teachers teachers && teachers.weigh() == Against.Weighing.POLICY;
    }

    private static void alone(boolean counterfactual) {
        require(!counterfactual,
                "pass: 'counterfactual' is made by an interchange alone; write edit: interchange, or pass: plain");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
