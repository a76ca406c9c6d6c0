package dev.socratic.models.generate;

import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.text.TextStream;
import dev.socratic.models.text.Tokenizer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// An answer as it grows, token by token.
final class Answer {
    private final long[] prompt;
    private final Sampling sampling;
    private final int limit;
    private final Set<Long> ends;
    private final StopTexts stops;
    private final TextStream stream;
    private final Consumer<String> pieces;
    private final SplittableRandom random;
    private final StringBuilder text = new StringBuilder();
    private int tokens;
    private int shown;
    private Optional<FinishReason> finish = Optional.empty();

    /// @param context longest prompt plus answer
    /// @param ends    ids that end it
    /// @param pieces  is given the text as it becomes certain; joined, the pieces are the answer
    Answer(long[] prompt, Sampling sampling, int context, Set<Long> ends, Tokenizer tokenizer, Consumer<String> pieces) {
        this.prompt = prompt;
        this.sampling = sampling;
        this.limit = Math.min(sampling.maxTokens(), context - prompt.length);
        this.ends = ends;
        this.stops = new StopTexts(sampling.stop());
        this.stream = tokenizer.stream(true);
        this.pieces = pieces;
        this.random = Seeds.random(sampling.seed(), "tokens");
    }

    long[] prompt() {
        return prompt;
    }

    Sampling sampling() {
        return sampling;
    }

    /// @return how many more tokens it may have
    int remaining() {
        return limit - tokens;
    }

    int tokens() {
        return tokens;
    }

    /// @return the next numbers of this answer's own generator: what it draws does not depend on who is asked along with it
    double[] uniforms(int steps) {
        return random.doubles(steps).toArray();
    }

    boolean finished() {
        return finish.isPresent();
    }

    /// @throws IllegalStateException while it is still growing
    FinishReason finish() {
        return finish.orElseThrow(IllegalStateException::new);
    }

    /// @return the whole text once it is finished
    String text() {
        return text.toString();
    }

    /// Takes the next token, unless the answer is finished.
    void accept(long token) {
        if (finished()) {
            return;
        }
        tokens++;
        if (ends.contains(token)) {
            end(stream.finish(), FinishReason.STOP);
            return;
        }
        add(stream.next(token));
        if (!finished() && tokens >= limit) {
            end(stream.finish(), FinishReason.LENGTH);
        }
        show();
    }

    private void end(String rest, FinishReason reason) {
        add(rest);
        finish = finish.or(() -> Optional.of(reason));
        show();
    }

    private void add(String piece) {
        int before = text.length();
        text.append(piece);
        OptionalInt stop = stops.in(text, before);
        if (stop.isPresent()) {
            text.setLength(stop.getAsInt());
            finish = Optional.of(FinishReason.STOP);
        }
    }

    private void show() {
        int certain = finished() ? text.length() : text.length() - stops.pending(text);
        if (certain > shown) {
            pieces.accept(text.substring(shown, certain));
            shown = certain;
        }
    }
}
