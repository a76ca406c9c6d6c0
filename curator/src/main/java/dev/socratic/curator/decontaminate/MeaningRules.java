package dev.socratic.curator.decontaminate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.config.StepConfig.Decontaminate;
import dev.socratic.curator.config.StepConfig.Decontaminate.Embeddings;
import dev.socratic.curator.config.StepConfig.Decontaminate.Judge;
import dev.socratic.curator.decontaminate.DecontaminateStep.AnswerMatch;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.curator.store.TextStore;
import dev.socratic.curator.text.NumberMultiset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The rules of [DecontaminateStep] that ask models: an encoder, a judge. They see the questions that the rules over
/// words let stay, all of them before the first is judged.
final class MeaningRules implements AutoCloseable {
    private final Decontaminate config;
    private final EvaluationIndex index;
    private final StepContext context;
    private final KeyTable seen = new KeyTable();
    private final TextStore texts; // of each question: its text, its right answer where it is known
    private final KeyTable numbers = new KeyTable(); // of each question that is looked at, by its id
    private final Map<Integer, Decision> leaks = new HashMap<>();
    private Optional<EvaluationVectors> vectors = Optional.empty();
    private Optional<RephraseJudge.Said> said = Optional.empty();

    MeaningRules(Decontaminate config, EvaluationIndex index, StepContext context) {
        this.config = config;
        this.index = index;
        this.context = context;
        this.texts = new TextStore(context.scratch().resolve("decontaminate.questions"));
    }

    /// What the right answers say of a row's question and an evaluation question.
    interface Answers {
        AnswerMatch compare(int item, String answer);
    }

    /// @return whether its question has not been seen before
    boolean isNew(Candidate row) {
        KeyTable.Key key = KeyTable.Key.of(row.questionId());
        boolean fresh = seen.get(key) == KeyTable.NONE;
        if (fresh) {
            seen.put(key, 0);
        }
        return fresh;
    }

    void add(Candidate row, String answer) {
        numbers.put(KeyTable.Key.of(row.questionId()), numbers.size());
        texts.add(row.subject());
        texts.add(answer);
    }

    void settle(Answers answers) throws InterruptedException {
        if (config.embeddings().isPresent()) {
            Embeddings rule = config.embeddings().get();
            EvaluationVectors found = EvaluationVectors.of(rule, context, index, numbers.size(),
                    row -> texts.get(2 * row));
            vectors = Optional.of(found);
            for (int row = 0; row < numbers.size(); row++) {
                leak(row, found.near(row), rule, answers);
            }
        }
        if (config.judge().isPresent()) {
            ask(config.judge().get());
        }
    }

    private void leak(int row, List<EvaluationVectors.Near> near, Embeddings rule, Answers answers) {
        Probe probe = Probe.of(texts.get(2 * row));
        String answer = texts.get(2 * row + 1);
        for (EvaluationVectors.Near one : near) {
            Probe evaluation = index.item(one.item()).probe();
            double agreement = NumberMultiset.agreement(evaluation.numbers(), probe.numbers());
            if (isSame(evaluation, agreement, one.cosine(), rule, answers.compare(one.item(), answer))) {
                leaks.put(row, DecontaminateStep.drop("evaluation_embedding", index.item(one.item()).question(),
                        agreement, evidence -> evidence.put("cosine", DecontaminateStep.round(one.cosine()))));
                return;
            }
        }
    }

    private boolean isSame(Probe evaluation, double agreement, double cosine, Embeddings rule, AnswerMatch answers) {
        if (evaluation.numbers().isEmpty()) {
            return agreement >= config.numbers() && cosine >= rule.cosineWithoutNumbers();
        }
        boolean near = agreement >= config.numbers() && cosine >= rule.cosine();
        boolean nearer = agreement >= rule.numbersOther() && cosine >= rule.cosineOtherNumbers();
        return switch (answers) {
            case EQUAL, UNKNOWN -> near || nearer;
            case DIFFERENT -> agreement >= config.numbers() && cosine >= rule.cosineWithoutNumbers();
        };
    }

    private void ask(Judge rule) throws InterruptedException {
        List<RephraseJudge.Pair> pairs = new ArrayList<>();
        for (int row = 0; row < numbers.size(); row++) {
            if (!leaks.containsKey(row)) {
                String question = texts.get(2 * row);
                int number = row;
                proposals(row, question, rule).forEach(near -> pairs.add(new RephraseJudge.Pair(number, near.item(),
                        question, index.item(near.item()).question().question(), near.cosine())));
            }
        }
        RephraseJudge.Said all = RephraseJudge.of(rule, context, pairs);
        said = Optional.of(all);
        for (int i = 0; i < pairs.size(); i++) {
            RephraseJudge.Pair pair = pairs.get(i);
            RephraseJudge.Verdict verdict = all.verdicts().get(i);
            if (verdict.same(rule.agree()) && !leaks.containsKey(pair.row())) {
                Probe evaluation = index.item(pair.item()).probe();
                leaks.put(pair.row(), DecontaminateStep.drop("evaluation_judge", index.item(pair.item()).question(),
                        NumberMultiset.agreement(evaluation.numbers(), Probe.of(pair.question()).numbers()),
                        evidence -> evidence.put("cosine", DecontaminateStep.round(pair.cosine()))
                                .put("judge", all.model())
                                .put("forth", verdict.forth().orElse(false))
                                .put("back", verdict.back().orElse(false))));
            }
        }
    }

    private List<EvaluationVectors.Near> proposals(int row, String question, Judge rule) {
        List<EvaluationVectors.Near> near = new ArrayList<>();
        if (vectors.isPresent()) {
            near.addAll(vectors.get().near(row));
        } else {
            Probe probe = Probe.of(question);
            EvaluationIndex.Vector vector = index.vector(probe);
            index.like(probe, rule.top()).forEach(hit -> near.add(new EvaluationVectors.Near(hit.item(),
                    vector.cosine(index.item(hit.item()).vector()))));
        }
        return near.stream().filter(one -> one.cosine() >= rule.cosine()).limit(rule.top()).toList();
    }

    /// @return why the row goes by one of these rules
    Optional<Decision> leak(Candidate row) {
        return Optional.ofNullable(leaks.get(numbers.get(KeyTable.Key.of(row.questionId()))));
    }

    Optional<String> incomplete() {
        return vectors.flatMap(EvaluationVectors::incomplete)
                .or(() -> said.flatMap(RephraseJudge.Said::incomplete));
    }

    Usage spent() {
        return said.map(RephraseJudge.Said::spent).or(() -> vectors.map(EvaluationVectors::spent)).orElse(Usage.NONE);
    }

    void tell(ObjectNode facts) {
        config.embeddings().ifPresent(rule -> facts.putObject("embeddings")
                .put("model", vectors.map(EvaluationVectors::embedder).orElse(""))
                .put("top", rule.top()).put("cosine", rule.cosine())
                .put("cosine_other_numbers", rule.cosineOtherNumbers()).put("numbers_other", rule.numbersOther())
                .put("cosine_without_numbers", rule.cosineWithoutNumbers())
                .put("without_vector", vectors.map(EvaluationVectors::without).orElse(0L)));
        config.judge().ifPresent(rule -> facts.putObject("judge")
                .put("model", said.map(RephraseJudge.Said::model).orElse(""))
                .put("top", rule.top()).put("cosine", rule.cosine())
                .put("agree", rule.agree().name().toLowerCase(Locale.ROOT))
                .put("pairs", said.map(all -> all.verdicts().size()).orElse(0))
                .put("unclear", said.map(all -> all.verdicts().stream().filter(RephraseJudge.Verdict::unclear).count())
                        .orElse(0L)));
    }

    @Override
    public void close() {
        texts.close();
    }
}
