package dev.socratic.cli.serve;

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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// A model whose tokens are words: it spells what it was asked, one word a token, and, when it draws at all, signs with the seed.
/// A prompt `too long` fails for good, `busy` for now, `break` throws.
final class SpellingModel implements TextModel {
    final List<Integer> units = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch gate = new CountDownLatch(1);
    volatile boolean gated;

    @Override
    public ModelCard card() {
        return new ModelCard("org/speller", "weights:0", "0", 64, 8, 1, false);
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        units.add(requests.size());
        if (requests.stream().map(GenerationRequest::id).distinct().count() != requests.size()) {
            throw new IllegalStateException("ids are not unique");
        }
        if (gated) {
            gate.await();
        }
        return requests.stream().map(request -> answer(request, piece -> {})).toList();
    }

    GenerationOutcome stream(GenerationRequest request, Consumer<String> pieces) {
        return answer(request, pieces);
    }

    private static GenerationOutcome answer(GenerationRequest request, Consumer<String> pieces) {
        String asked = request.messages().getLast().content();
        switch (asked) {
            case "too long" -> {
                return new Failure(request.id(), "prompt: at most 64 tokens; got 99; shorten it", false);
            }
            case "busy" -> {
                return new Failure(request.id(), "the disk is full", true);
            }
            case "break" -> throw new IllegalStateException("broken weights");
            default -> {}
        }
        String signed = request.sampling().temperature() > 0 ? asked + " " + request.sampling().seed() : asked;
        List<String> words = new ArrayList<>(List.of(signed.split(" ")));
        StringBuilder text = new StringBuilder();
        int written = 0;
        FinishReason finish = FinishReason.STOP;
        for (String word : words) {
            if (request.sampling().stop().contains(word)) {
                break;
            }
            if (written == request.sampling().maxTokens()) {
                finish = FinishReason.LENGTH;
                break;
            }
            String piece = (written++ > 0 ? " " : "") + word;
            text.append(piece);
            pieces.accept(piece);
        }
        return new Completion(request.id(), text.toString(), Optional.empty(), finish, new Usage(request.messages().size(), written, 0));
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        throw new UnsupportedOperationException("no scores");
    }

    @Override
    public void close() {}
}
