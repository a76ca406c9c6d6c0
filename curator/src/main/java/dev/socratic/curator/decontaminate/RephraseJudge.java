package dev.socratic.curator.decontaminate;

import dev.socratic.core.ask.AskOutcome;
import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.Asker;
import dev.socratic.core.ask.Asks;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.config.StepConfig.Decontaminate.Judge;
import dev.socratic.curator.step.StepContext;
import dev.socratic.datasets.answer.ReasoningSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A model that says whether one question is another one rephrased, asked both ways round: a judge likes what it is
/// shown first. The method of the LLM decontaminator (Yang et al. 2023, arXiv:2311.04850), which asks one way. Verdicts
/// are kept in the run folder by what was asked, as all that is asked is.
final class RephraseJudge {
    private static final int MOST_TOKENS = 1024;
    private static final Pattern VERDICT = Pattern.compile("(?i)\\b(yes|no)\\b");
    private static final String PROMPT = """
            Here are two questions. Is the second one a rephrasing of the first, so that whoever has seen the answer \
            to one knows the answer to the other? Names, wording and the order of the sentences may differ. Other \
            quantities, or another thing that is asked for, make another question. Answer with one word, yes or no.

            First question:
            %s

            Second question:
            %s""";

    /// Two questions to be compared.
    ///
    /// @param row  number of the row's question
    /// @param item of the evaluation
    record Pair(int row, int item, String question, String evaluation, double cosine) {}

    /// What was said of a pair.
    ///
    /// @param forth whether the evaluation's question is the row's rephrased; empty where nothing clear was said
    /// @param back  the other way round
    record Verdict(Optional<Boolean> forth, Optional<Boolean> back) {
        boolean same(Judge.Agree agree) {
            return switch (agree) {
                case EITHER -> forth.orElse(false) || back.orElse(false);
                case BOTH -> forth.orElse(false) && back.orElse(false);
            };
        }

        boolean unclear() {
            return forth.isEmpty() || back.isEmpty();
        }
    }

    /// @param verdicts   of the pairs, in their order
    /// @param incomplete why some are still open
    record Said(String model, List<Verdict> verdicts, Optional<String> incomplete, Usage spent) {}

    private RephraseJudge() {}

    static Said of(Judge config, StepContext context, List<Pair> pairs) throws InterruptedException {
        Asks asks = new Asks() {
            @Override
            public int size() {
                return 2 * pairs.size();
            }

            @Override
            public GenerationRequest request(int number) {
                Pair pair = pairs.get(number / 2);
                String prompt = number % 2 == 0 ? PROMPT.formatted(pair.question(), pair.evaluation())
                        : PROMPT.formatted(pair.evaluation(), pair.question());
                return new GenerationRequest(Integer.toString(number), List.of(ChatMessage.user(prompt)),
                        GenerationParameters.greedy(MOST_TOKENS), 0);
            }
        };
        String stage = context.stage().run().stage();
        try (TextModel model = context.models().opener().open(config.model());
                AskStore store = AskStore.open(context.asked())) {
            AskOutcome outcome = new Asker(asks, model, store, stage, BudgetConfig.NONE, stage::equals,
                    Progress.telling(context.stage().progress()::note)).ask();
            List<Verdict> verdicts = new ArrayList<>();
            long open = 0;
            for (int pair = 0; pair < pairs.size(); pair++) {
                open += outcome.settled(2 * pair) && outcome.settled(2 * pair + 1) ? 0 : 1;
                verdicts.add(new Verdict(read(outcome.outcome(2 * pair)), read(outcome.outcome(2 * pair + 1))));
            }
            return new Said(model.card().name() + " " + model.card().place(), verdicts,
                    outcome.incomplete(open).map(why -> "decontaminate.judge: " + why), outcome.spent());
        }
    }

    private static Optional<Boolean> read(GenerationOutcome outcome) {
        return switch (outcome) {
            case GenerationOutcome.Completion said -> verdict(said.text());
            case GenerationOutcome.Failure ignored -> Optional.empty();
        };
    }

    /// @return the first yes or no behind the reasoning
    static Optional<Boolean> verdict(String said) {
        Matcher found = VERDICT.matcher(ReasoningSplit.of(said).answer());
        return found.find() ? Optional.of(found.group().equalsIgnoreCase("yes")) : Optional.empty();
    }
}
