package dev.socratic.curator.decontaminate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.config.EvaluationQuestions;
import dev.socratic.curator.config.StepConfig.Decontaminate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.KnownAnswer;
import dev.socratic.curator.step.Row;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.curator.text.Numbers;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.RowStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Drops rows whose question is one of the evaluation questions, word for word in part or rephrased.
///
/// A row's question Q is taken to be an evaluation question E if one of two rules says so *and the numbers agree*:
/// - **n-gram**: Q and E share a run of n words ([dev.socratic.curator.text.Words]); an E with fewer words stands in Q whole.
/// - **retrieval**: BM25 puts E among the first `top` for Q, and their TF-IDF cosine is at least `cosine`.
///
/// The numbers agree if at least the share `numbers` of E's numbers ([Numbers]; number words count) stand in Q too. Why: story problems
/// from one template share their sentences, so a plain n-gram rule would call nearly all of them leaked (and with rules for names or
/// blanked numbers, all), while the same story with other numbers is another problem with another answer. With the numbers asked, the same
/// frame with other numbers stays and the same problem goes, also if it is reworded; and because the numbers carry much of the evidence, the
/// thresholds for words can be low enough to find rephrased questions, which 8-grams alone mostly miss. A question without numbers is
/// judged by its words only.
///
/// Measured on GSM8K (1,319 test questions as evaluation, 7,473 training questions, which should mostly stay; test questions with word
/// edits as leaks, which should go): with the defaults 40 training questions are flagged and every copy with up to 16 edited words is
/// found; the 8-gram rule alone flags 4 and finds 64 to 96 % of the copies with 4 edits, 8 to 45 % of those with 16. Copies whose numbers
/// were edited too are found in part only (65 % with 4 edits of any kind; 93 % with `numbers: 0.5`, which flags 351): that is the price of
/// keeping templates. On our own word problems (500 with held-out numbers against 4,000 to train on) `numbers: 1` flags 26, 0.75 flags
/// 312, and no rule for numbers 3,946: a corpus made from templates wants `numbers: 1`.
///
/// Each question is judged once; all its answers share the decision.
public final class DecontaminateStep implements Step {
    private static final int KEPT = 0;
    private static final int DROPPED = 1;

    private final Decontaminate config;
    private final EvaluationIndex index;
    private final KeyTable byQuestion = new KeyTable();

    /// Where neither the config nor the recipe names an evaluation, every row stays and the facts say that nothing was
    /// checked.
    ///
    /// @param evaluation the questions of the recipe's own evaluation
    /// @throws ConfigException if a source is named that has no question
    public static DecontaminateStep of(Decontaminate config, List<EvaluationQuestions> evaluation) {
        List<EvaluationQuestions> sources = new ArrayList<>(evaluation);
        config.against().forEach(source -> sources.add(new EvaluationQuestions("against", source, config.seed())));
        Map<String, Question> questions = new LinkedHashMap<>();
        for (EvaluationQuestions source : sources) {
            read(source, questions);
        }
        return new DecontaminateStep(config, questions.values());
    }

    /// Rows that are no questions are none to the evaluation either, which counts them as it runs.
    private static void read(EvaluationQuestions source, Map<String, Question> questions) {
        boolean any = false;
        try (Quarantine.Listed unreadable = Quarantine.list();
                RowStream<Question> rows = source.questions().open(unreadable, source.seed())) {
            for (Question question : rows) {
                any = true;
                questions.putIfAbsent(question.id(), question);
            }
            if (!any) {
                String first = unreadable.rows().stream().findFirst().map(row -> "; the first row: " + row.reason())
                        .orElse("");
                throw new ConfigException(
                        "decontaminate, questions of '%s'".formatted(source.task()), "at least one evaluation question",
                                "none" + first,
                        "mend the path or the fields of that source");
            }
        }
    }

    /// @param against the evaluation questions, instead of those the config names
    public DecontaminateStep(Decontaminate config, Collection<Question> against) {
        this.config = config;
        this.index = new EvaluationIndex(against, config.ngram());
    }

    @Override
    public String name() {
        return "decontaminate";
    }

    @Override
    public Decision judge(Row row) {
        KeyTable.Key question = KeyTable.Key.of(row.questionId());
        int known = byQuestion.get(question);
        if (known == KEPT) {
            return Decision.KEEP;
        }
        Decision decision = judge(row.subject(), KnownAnswer.of(row)
                .orElse("")); // again for one that went: evidence is not held
        byQuestion.put(question, decision == Decision.KEEP ? KEPT : DROPPED);
        return decision;
    }

    Decision judge(String question) {
        return judge(question, "");
    }

    private Decision judge(String question, String answer) {
        Probe probe = Probe.of(question);
        for (int item : index.sharingARun(probe)) {
            double numbers = numbers(item, probe);
            List<String> run = numbers < config.numbers() ? List.of() : index.item(item).probe().longestRun(probe);
            if (run.size() >= Math.min(config.ngram(), index.item(item).probe().words().size()) && !run.isEmpty()) {
                return drop("evaluation_ngram", item, numbers, evidence -> evidence.put("ngram", String.join(" ", run)));
            }
        }
        if (config.retrieval().top() == 0) {
            return Decision.KEEP;
        }
        EvaluationIndex.Vector vector = index.vector(probe);
        for (EvaluationIndex.Hit hit : index.like(probe, config.retrieval().top())) {
            double numbers = numbers(hit.item(), probe);
            double cosine = numbers < config.numbers() ? 0 : vector.cosine(index.item(hit.item()).vector());
            if (cosine >= config.retrieval().cosine()) {
                return drop(
                        "evaluation_retrieval",
                        hit.item(),
                        numbers,
                        evidence -> evidence.put("cosine", round(cosine)).put("bm25", round(hit.bm25())));
            }
        }
        return Decision.KEEP;
    }

    private double numbers(int item, Probe probe) {
        return Numbers.share(index.item(item).probe().numbers(), probe.numbers());
    }

    private Decision drop(String reason, int item, double numbers, UnaryOperator<ObjectNode> more) {
        Question leaked = index.item(item).question();
        return new Decision.Drop(
                reason,
                more.apply(JsonNodeFactory.instance
                        .objectNode()
                        .put("evaluation_id", leaked.id())
                        .put("evaluation_source", leaked.source())
                        .put("evaluation_question", leaked.question())
                        .put("shared_numbers", round(numbers))));
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = JsonNodeFactory.instance
                .objectNode()
                .put("evaluation_questions", index.size())
                .put("ngram", config.ngram())
                .put("numbers", config.numbers());
        facts.putObject("retrieval").put("top", config.retrieval().top()).put("cosine", config.retrieval().cosine());
        return facts.put("questions", byQuestion.size());
    }

    private static double round(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    @Override
    public void close() {
        index.close();
    }
}
