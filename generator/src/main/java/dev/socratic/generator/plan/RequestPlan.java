package dev.socratic.generator.plan;

import dev.socratic.core.ask.Asks;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.row.Trace;
import java.util.List;

/// Questions times samples: all samples of the first question, all of the second, and so on.
///
/// Requests are made when they are asked for, so that a plan of millions takes no more memory than its questions.
public final class RequestPlan implements Asks {
    private final List<Question> questions;
    private final GenerationSettings asking;

    /// @param questions each id once
    public RequestPlan(List<Question> questions, GenerationSettings asking) {
        this.questions = List.copyOf(questions);
        this.asking = asking;
        Math.multiplyExact(questions.size(), asking.samples()); // a plan has at most 2^31 - 1 requests
    }

    @Override
    public int size() {
        return questions.size() * asking.samples();
    }

    @Override
    public GenerationRequest request(int number) {
        return ask(number).request();
    }

    public PlannedAsk ask(int number) {
        return ask(questions.get(number / asking.samples()), number % asking.samples());
    }

    private PlannedAsk ask(Question question, int index) {
        GenerationParameters parameters = asking.parameters();
        long seed = Seeds.derive(asking.seed(), "generate", question.id(), Integer.toString(index));
        Trace.Draw draw = new Trace.Draw(parameters.sampling(), parameters.maxTokens(), seed, index);
        String id = RowIds.trace(question.id(), asking.prompt(), asking.teacher(), draw);
        return new PlannedAsk(id, question, asking.messages().apply(question), draw, parameters);
    }
}
