package dev.socratic.eval;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A model that adds two numbers, and gets some sums wrong: `What is 3 + 4?`.
///
/// @param name     of the model
/// @param unit     requests a unit
/// @param parallel units at once
/// @param slip     every sum divisible by this comes out one too large; 0 for none
/// @param patience after so many units it is interrupted, as by a user or a kill
/// @param asked    how many requests it has answered
public record Calculator(String name, int unit, int parallel, int slip, int patience, AtomicInteger asked)
        implements TextModel {
    private static final Pattern SUM = Pattern.compile("(\\d+) \\+ (\\d+)");

    public static Calculator withSlip(int slip) {
        return new Calculator("calculator", 4, 1, slip, Integer.MAX_VALUE, new AtomicInteger());
    }

    public Calculator ofUnits(int size, int atOnce) {
        return new Calculator(name, size, atOnce, slip, patience, asked);
    }

    Calculator stoppingAfter(int units) {
        return new Calculator(name, unit, parallel, slip, units, new AtomicInteger());
    }

    @Override
    public ModelCard card() {
        return new ModelCard(name, "weights:0123", "0123", 1024, unit, parallel, false);
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        if (asked.get() >= (long) patience * unit) {
            throw new InterruptedException();
        }
        asked.addAndGet(requests.size());
        return requests.stream().map(this::answer).toList();
    }

    private GenerationOutcome answer(GenerationRequest request) {
        ChatMessage last = request.messages().getLast();
        Matcher sum = SUM.matcher(last.content());
        if (!sum.find()) {
            return new GenerationOutcome.Failure(request.id(), "calculator: a sum; got '%s'".formatted(last.content()),
                    last.content().contains("later"));
        }
        int right = Integer.parseInt(sum.group(1)) + Integer.parseInt(sum.group(2));
        int said = slip > 0 && right % slip == 0 ? right + 1 : right;
        String text = "<think>\n%s + %s = %s\n</think>\nThe answer is %s.".formatted(sum.group(1), sum.group(2), said,
                said);
        FinishReason finish = right > 1000 ? FinishReason.LENGTH : FinishReason.STOP;
        return new GenerationOutcome.Completion(request.id(), text, Optional.empty(), finish, new Usage(10, 5, 0.001));
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
