package dev.socratic.eval.judged;

import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.TextModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Judged tasks made ready, then asked.
public final class JudgedRun {
    private final List<JudgedWork> works;

    private JudgedRun(List<JudgedWork> works) {
        this.works = List.copyOf(works);
    }

    /// Everything that can be wrong with rubrics, prompts, rows and labels shows here, before anything is asked.
    ///
    /// @param folder receives quarantine files
    public static JudgedRun of(List<JudgedTask> tasks, long seed, Path folder) {
        List<JudgedWork> works = new ArrayList<>();
        for (JudgedTask task : tasks) {
            works.add(switch (task) {
                case JudgedTask.Judge judge -> AnswerJudging.of(judge, seed, folder);
                case JudgedTask.Pairwise pairwise -> PairJudging.of(pairwise, seed, folder);
                case JudgedTask.MultiTurn turns -> ConversationJudging.of(turns, seed, folder);
                case JudgedTask.Socratic socratic -> TutorDialogues.of(socratic, seed, folder);
            });
        }
        return new JudgedRun(works);
    }

    /// Asks what no earlier run has asked.
    ///
    /// @param name   of the model in tables
    /// @param others whom tasks name
    /// @param stage  to whose account it goes
    /// @param counts the stages whose spending counts against the limits
    public JudgedResults ask(String name, TextModel model, NamedModels others, AskStore store, String stage,
            BudgetConfig budget, Predicate<String> counts, Progress progress) throws InterruptedException {
        Panel.Ledger ledger = new Panel.Ledger(store, stage, budget, counts, progress);
        try (Panel panel = new Panel(name, model, others, ledger)) {
            List<JudgedResult> results = new ArrayList<>();
            for (JudgedWork work : works) {
                results.add(work.ask(panel));
            }
            return new JudgedResults(results, panel.usage(), panel.incomplete());
        }
    }
}
