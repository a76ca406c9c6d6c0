package dev.socratic.generator;

import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A teacher that can add two numbers, and now and then adds them wrong, loops, is cut short or is not there, as the
/// seed and the question say. A real model for whatever does not care how good it is.
final class Adder implements TextModel {
    private static final Pattern SUM = Pattern.compile("(\\d+) \\+ (\\d+)");

    private final int unit;
    private final int parallel;
    private final AtomicInteger calls = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    Adder(int unit, int parallel) {
        this.unit = unit;
        this.parallel = parallel;
    }

    /// @return how often it was called
    int calls() {
        return calls.get();
    }

    /// @return ids of everything it was asked, in order
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public ModelCard card() {
        return new ModelCard("adder", "weights:adder", "1", 0, unit, parallel, false);
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        calls.incrementAndGet();
        List<GenerationOutcome> outcomes = new ArrayList<>();
        for (GenerationRequest request : requests) {
            asked.add(request.id());
            outcomes.add(answer(request));
        }
        return outcomes;
    }

    private static GenerationOutcome answer(GenerationRequest request) {
        String question = request.messages().getLast().content();
        if (question.contains("unspeakable")) {
            return new Failure(request.id(), "adder: a question it can take; got another; leave it out", false);
        }
        Matcher sum = SUM.matcher(question);
        if (!sum.find()) {
            return new Completion(request.id(), "I'm sorry, but I can't help with that.", Optional.empty(),
                    FinishReason.STOP, usage(9));
        }
        int a = Integer.parseInt(sum.group(1));
        int b = Integer.parseInt(sum.group(2));
        return switch ((int) Math.floorMod(request.seed(), 5L)) {
            case 0 -> completion(request,
                    "<think>\n%s + %s = %s\n</think>\nThe answer is %s.".formatted(a, b, a + b + 1, a + b + 1));
            case 1 -> new Completion(request.id(), "<think>\nlet me see", Optional.empty(), FinishReason.LENGTH,
                    usage(4));
            case 2 -> completion(request,
                    "<think>\n" + "again and ".repeat(60) + "\n</think>\nThe answer is %s.".formatted(a + b));
            default -> completion(request,
                    "<think>\n%s + %s = %s\n</think>\nThe answer is %s.".formatted(a, b, a + b, a + b));
        };
    }

    private static Completion completion(GenerationRequest request, String text) {
        return new Completion(request.id(), text, Optional.empty(), FinishReason.STOP, usage(text.length() / 3));
    }

    private static Usage usage(int tokens) {
        return new Usage(12, tokens, 0);
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        throw new UnsupportedOperationException("an adder does not score");
    }

    @Override
    public void close() {}
}
