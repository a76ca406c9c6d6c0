package dev.socratic.models.generate;

import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.network.Draws;
import dev.socratic.models.text.TextStream;
import dev.socratic.models.text.Tokenizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/// An answer as it grows, token by token.
final class Answer {
    private final long[] prompt;
    private final Sampling sampling;
    private final int limit;
    private final Set<Long> ends;
    private final StopTexts stops;
    private final TextStream stream;
    private final Watcher watcher;
    private final SplittableRandom random;
    private final StringBuilder text = new StringBuilder();
    private long[] written = new long[16];
    private int tokens;
    private int shown;
    private Optional<FinishReason> finish = Optional.empty();

    /// @param context longest prompt plus answer
    /// @param ends    ids that end it
    Answer(PromptReader.Tokens prompt, int context, Set<Long> ends, Tokenizer tokenizer, Watcher watcher) {
        this.prompt = prompt.ids();
        this.sampling = prompt.parameters().sampling();
        this.limit = Math.min(prompt.parameters().maxTokens(), context - prompt.ids().length);
        this.ends = ends;
        this.stops = new StopTexts(prompt.parameters().stop());
        this.stream = tokenizer.stream(true);
        this.watcher = watcher;
        this.random = Seeds.random(prompt.seed(), "tokens");
    }

    long[] prompt() {
        return prompt;
    }

    /// @return how many tokens it may have at most
    int most() {
        return limit;
    }

    /// @return how many more tokens it may have
    int remaining() {
        return limit - tokens;
    }

    int tokens() {
        return tokens;
    }

    /// @return what was written, without an end token, with what a stop text cut off
    long[] written() {
        return Arrays.copyOf(written, tokens > 0 && ends.contains(written[tokens - 1]) ? tokens - 1 : tokens);
    }

    Watcher watcher() {
        return watcher;
    }

    /// Ends it as it stands, if nobody waits for it any more.
    ///
    /// @return whether it ended so
    boolean abandoned() {
        if (!finished() && !watcher.wanted()) {
            finish = Optional.of(FinishReason.OTHER);
            return true;
        }
        return false;
    }

    /// How its next tokens are drawn: by the next numbers of its own generator, so that what it draws does not depend
    /// on who is asked along with it.
    Draws.Row draws(int steps) {
        return new Draws.Row(sampling, random.doubles(steps).toArray());
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
        if (tokens == written.length) {
            written = Arrays.copyOf(written, 2 * tokens);
        }
        written[tokens++] = token;
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
            watcher.wrote(text.substring(shown, certain));
            shown = certain;
        }
    }
}
