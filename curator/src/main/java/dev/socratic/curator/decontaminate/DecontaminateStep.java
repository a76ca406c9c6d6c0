package dev.socratic.curator.decontaminate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.config.EvaluationQuestions;
import dev.socratic.curator.config.StepConfig.Decontaminate;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.KnownAnswer;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.curator.text.NumberMultiset;
import dev.socratic.curator.text.Words;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.RowStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Drops rows whose question is one of the evaluation questions, word for word in part or rephrased.
///
/// A row's question Q is taken to be an evaluation question E if one of two rules says so *and the numbers agree*:
/// - **n-gram**: at least half of E lies in runs of n words ([dev.socratic.curator.text.Words]) that stand in Q too,
///   and Q has at least the share `numbers` of E's numbers. One run alone says little: "how many hours a week does he
///   spend" is in many questions.
/// - **retrieval**: BM25 puts E among the first `top` for Q, their TF-IDF cosine is at least `cosine`, and their
///   numbers ([NumberMultiset]; number words count) agree both ways by at least `numbers`. A question without numbers
/// is told by its words alone, so more of them must agree.
///
/// Where the right answers to Q and E are known and are numbers, they count too. Equal ones: three quarters of the
/// agreement and of the cosine are enough. Different ones: it is another problem, however near its text, unless the
/// text is the same (nine tenths in runs with all numbers, or a cosine of 0.7) and the row's answer simply wrong.
///
/// Why numbers: story problems from one template share their sentences, so a plain n-gram rule would call nearly all
/// of them leaked, while the same story with other numbers is another problem with another answer. And because the
/// numbers carry much of the evidence, the threshold for words can be low enough to find rephrased questions, which
/// n-grams mostly miss. Why both ways: a long story has every small number that a short one has.
///
/// Measured (`bench/curator/Decontamination.java`) on GSM8K, 1,319 test questions as evaluation: of 1,319 paraphrases
/// by a language model (lm-sys/llm-decontaminator) 82.9 % are found, 92.9 % where the right answers are known; of
/// 7,473 training questions 11 and 1 go, all of them other problems. One run of words for the first rule and numbers
/// asked one way, as it was before, found 81.1 % and flagged 40, of which none was a leak either. On ARC, one half
/// against the other, 5 of 586 questions go. On our own word problems, which are made from templates, `numbers: 1` is
/// wanted.
///
/// Where the config names an encoder or a judge, all questions are looked at before the first is judged, and two more
/// rules follow for those that stay:
/// - **embeddings** ([EvaluationVectors]): E is among the nearest of Q, and either their numbers agree by `numbers` and
///   the cosine is at least `cosine`, or they agree by `numbers_other` and it is at least `cosine_other_numbers`; a
///   different right answer speaks against it as above.
/// - **judge** ([RephraseJudge]): a model says of the nearest, both ways round, that they are one question.
///
/// Each question is judged once; all its answers share the decision. Memory: about 60 bytes a question; with the two
/// further rules about 150.
public final class DecontaminateStep implements Step {
    private static final int KEPT = 0;
    private static final int DROPPED = 1;
    private static final double ENOUGH = 0.75;
    private static final double SAME_TEXT = 0.9;
    private static final double NEAR_TEXT = 0.7;

    private final Decontaminate config;
    private final EvaluationIndex index;
    private final KeyTable byQuestion = new KeyTable();
    private final Optional<MeaningRules> meaning;

    /// Where neither the config nor the recipe names an evaluation, every row stays and the facts say that nothing was
    /// checked.
    ///
    /// @param evaluation the questions of the recipe's own evaluation
    /// @throws ConfigException if a source is named that has no question
    public static DecontaminateStep of(Decontaminate config, StepContext context) {
        List<EvaluationQuestions> sources = new ArrayList<>(context.evaluation());
        config.against().forEach(source -> sources.add(new EvaluationQuestions("against", source, config.seed())));
        Map<String, Question> questions = new LinkedHashMap<>();
        for (EvaluationQuestions source : sources) {
            read(source, questions);
        }
        boolean words = config.models().isEmpty() && config.embedders().isEmpty();
        return new DecontaminateStep(config, questions.values(), words ? Optional.empty() : Optional.of(context));
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
        this(config, against, Optional.empty());
    }

    /// @param context where models are asked; empty where none is named
    public DecontaminateStep(Decontaminate config, Collection<Question> against, Optional<StepContext> context) {
        this.config = config;
        this.index = new EvaluationIndex(against, config.ngram());
        this.meaning = context.filter(asked -> index.size() > 0).map(asked -> new MeaningRules(config, index, asked));
    }

    @Override
    public String name() {
        return "decontaminate";
    }

    @Override
    public boolean looksAhead() {
        return meaning.isPresent();
    }

    @Override
    public void look(Candidate row) {
        meaning.ifPresent(rules -> {
            String answer = KnownAnswer.of(row).orElse("");
            if (rules.isNew(row) && judge(row.subject(), answer) == Decision.KEEP) {
                rules.add(row, answer);
            }
        });
    }

    @Override
    public void looked() throws InterruptedException {
        if (meaning.isPresent()) {
            meaning.get().settle(this::compare);
        }
    }

    @Override
    public Optional<String> incomplete() {
        return meaning.flatMap(MeaningRules::incomplete);
    }

    @Override
    public Usage spent() {
        return meaning.map(MeaningRules::spent).orElse(Usage.NONE);
    }

    @Override
    public Decision judge(Candidate row) {
        if (index.size() == 0) {
            return Decision.KEEP;
        }
        KeyTable.Key question = KeyTable.Key.of(row.questionId());
        int known = byQuestion.get(question);
        if (known == KEPT) {
            return Decision.KEEP;
        }
        Optional<Decision> meant = meaning.flatMap(rules -> rules.leak(row));
        Decision decision = meant.orElseGet(() -> judge(row.subject(), KnownAnswer.of(row)
                .orElse(""))); // again for one that went: evidence is not held
        byQuestion.put(question, decision == Decision.KEEP ? KEPT : DROPPED);
        return decision;
    }

    Decision judge(String question) {
        return judge(question, "");
    }

    /// @param answer the right answer to the row's question; empty where it is not known
    Decision judge(String question, String answer) {
        Probe probe = Probe.of(question);
        for (int item : index.sharingARun(probe)) {
            Probe evaluation = index.item(item).probe();
            double numbers = NumberMultiset.share(evaluation.numbers(), probe.numbers());
            double covered = evaluation.coveredBy(probe, config.ngram());
            if (numbers >= config.numbers() && covered >= config.coverage() && covered > 0
                    && (compare(item, answer) != AnswerMatch.DIFFERENT || covered >= SAME_TEXT && numbers == 1)) {
                List<String> run = evaluation.longestRun(probe);
                return drop("evaluation_ngram", item, numbers, evidence -> evidence
                        .put("covered", round(covered)).put("ngram", String.join(" ", run)));
            }
        }
        if (config.retrieval().top() == 0) {
            return Decision.KEEP;
        }
        EvaluationIndex.Vector vector = index.vector(probe);
        for (EvaluationIndex.Hit hit : index.like(probe, config.retrieval().top())) {
            Probe evaluation = index.item(hit.item()).probe();
            double numbers = NumberMultiset.agreement(evaluation.numbers(), probe.numbers());
            double cosine = vector.cosine(index.item(hit.item()).vector());
            if (isSame(evaluation, numbers, cosine, compare(hit.item(), answer))) {
                return drop("evaluation_retrieval", hit.item(), numbers, evidence -> evidence
                        .put("cosine", round(cosine)).put("bm25", round(hit.bm25())));
            }
        }
        return Decision.KEEP;
    }

    /// What the right answers say of two questions.
    enum AnswerMatch {
        EQUAL,
        DIFFERENT,
        UNKNOWN
    }

    private boolean isSame(Probe evaluation, double numbers, double cosine, AnswerMatch answers) {
        if (evaluation.numbers().isEmpty()) {
            return numbers >= config.numbers() && cosine >= (config.numbers() == 0 ? config.retrieval().cosine()
                    : config.retrieval().cosineWithoutNumbers());
        }
        return switch (answers) {
            case EQUAL -> numbers >= (config.numbers() < 1 ? ENOUGH * config.numbers() : 1)
                    && cosine >= ENOUGH * config.retrieval().cosine();
            case DIFFERENT -> numbers >= config.numbers() && cosine >= Math.max(NEAR_TEXT, config.retrieval().cosine());
            case UNKNOWN -> numbers >= config.numbers() && cosine >= config.retrieval().cosine();
        };
    }

    /// Only numbers are compared: two letters of two tests are equal by chance.
    private AnswerMatch compare(int item, String answer) {
        Optional<String> gold = index.item(item).question().answer().flatMap(AnswerExtractor::gold)
                .map(Extracted::answer);
        if (gold.isEmpty() || !isNumber(gold.get()) || !isNumber(answer)) {
            return AnswerMatch.UNKNOWN;
        }
        return KnownAnswer.mayBeEqual(gold.get(), answer) ? AnswerMatch.EQUAL : AnswerMatch.DIFFERENT;
    }

    private static boolean isNumber(String answer) {
        List<String> words = Words.of(answer);
        return words.stream().filter(Words::isNumber).count() == 1 && words.size() <= 2;
    }

    private Decision drop(String reason, int item, double numbers, UnaryOperator<ObjectNode> more) {
        return drop(reason, index.item(item).question(), numbers, more);
    }

    static Decision drop(String reason, Question leaked, double numbers, UnaryOperator<ObjectNode> more) {
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
                .put("coverage", config.coverage())
                .put("numbers", config.numbers());
        facts.putObject("retrieval")
                .put("top", config.retrieval().top())
                .put("cosine", config.retrieval().cosine())
                .put("cosine_without_numbers", config.retrieval().cosineWithoutNumbers());
        meaning.ifPresent(rules -> rules.tell(facts));
        return facts.put("questions", byQuestion.size());
    }

    static double round(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    @Override
    public void close() {
        meaning.ifPresent(MeaningRules::close);
        index.close();
    }
}
