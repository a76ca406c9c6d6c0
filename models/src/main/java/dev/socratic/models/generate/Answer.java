package dev.socratic.models.generate;

import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Penalties;
import dev.socratic.models.constrain.Following;
import dev.socratic.models.network.Draws;
import dev.socratic.models.text.TextStream;
import dev.socratic.models.text.Tokenizer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/// An answer as it grows, token by token.
final class Answer {
    private final long[] prompt;
    private final GenerationParameters parameters;
    private final int limit;
    private final Set<Long> ends;
    private final StopTexts stops;
    private final TextStream stream;
    private final Watcher watcher;
    private final SplittableRandom random;
    private final Optional<Following> following;
    private final StringBuilder text = new StringBuilder();
    private long[] written = new long[16];
    private int tokens;
    private int shown;
    private boolean pending;
    /// Where stop texts are looked for: not in what the answer was begun with, nor before `min_tokens`.
    private int free;
    private final LongSupplier nanos;
    private final Deque<Draws.Noted> noted = new ArrayDeque<>();
    private long started;
    private Optional<FinishReason> finish = Optional.empty();

    /// @param context longest prompt plus answer
    /// @param eos     ids of the model's that end it
    /// @param following where it stands in what it has to be
    /// @param nanos   a clock
    Answer(PromptReader.Tokens prompt, int context, Set<Long> eos, Tokenizer tokenizer, Watcher watcher,
            Optional<Following> following, LongSupplier nanos) {
        this.prompt = prompt.ids();
        this.parameters = prompt.parameters();
        this.limit = Math.min(parameters.maxTokens(), context - prompt.ids().length);
        this.ends = new HashSet<>(eos);
        this.ends.addAll(parameters.limits().stopTokenIds());
        this.stops = new StopTexts(parameters.stop());
        this.text.append(prompt.begun());
        this.free = text.length();
        this.following = following;
        this.nanos = nanos;
        this.stream = tokenizer.stream(true);
        this.watcher = watcher;
        this.random = Seeds.random(prompt.seed(), "tokens");
    }

    long[] prompt() {
        return prompt;
    }

    /// @return the prompt and everything that was written and is read
    long[] ids() {
        int read = tokens - pending().length;
        long[] whole = Arrays.copyOf(prompt, prompt.length + read);
        System.arraycopy(written, 0, whole, prompt.length, read);
        return whole;
    }

    /// @return the last token where it was drawn and not read yet ([dev.socratic.models.network.Speculation]); empty
    ///         otherwise
    long[] pending() {
        return pending ? Arrays.copyOfRange(written, tokens - 1, tokens) : new long[0];
    }

    /// @param last whether the last token is not read yet
    void pending(boolean last) {
        pending = last && !finished();
    }

    /// Whether several tokens may be drafted at once: none of them changes how the next is drawn.
    boolean drafts() {
        return following.isEmpty() && parameters.sampling().penalties().equals(Penalties.NONE)
                && tokens >= parameters.limits().minTokens() && watcher.likeliest().isEmpty();
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
        boolean penalised = !parameters.sampling().penalties().equals(Penalties.NONE);
        Draws.Text before = penalised ? new Draws.Text(prompt, Arrays.copyOf(written, tokens)) : Draws.Text.UNKNOWN;
        return new Draws.Row(parameters.sampling(), random.doubles(steps).toArray(), before, late(), mask(), notes());
    }

    /// @return how many tokens may be drawn of it before it takes them: one where what may come depends on the last
    int ahead() {
        return following.isPresent() ? 1 : Integer.MAX_VALUE;
    }

    private long[] mask() {
        return following.map(allowed -> allowed.mask(ends(), tokens < parameters.limits().minTokens()))
                .orElse(new long[0]);
    }

    private long[] ends() {
        return ends.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    /// Ids that may not come before `min_tokens`; a mask sees to it where there is one.
    private Draws.Late late() {
        return following.isPresent() ? Draws.Late.NONE
                : new Draws.Late(ends(), Math.max(0, parameters.limits().minTokens() - tokens));
    }

    private Optional<Draws.Notes> notes() {
        OptionalInt likeliest = watcher.likeliest();
        return likeliest.isEmpty() ? Optional.empty()
                : Optional.of(new Draws.Notes(likeliest.getAsInt(), noted::add));
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
        started = tokens == 1 ? nanos.getAsLong() : started;
        if (!noted.isEmpty()) {
            watcher.drew(token, noted.remove());
        }
        if (ends.contains(token)) {
            end(stream.finish(), FinishReason.STOP);
            return;
        }
        add(stream.next(token));
        following.ifPresent(allowed -> allowed.accept(token));
        if (!finished() && following.filter(Following::whole).isPresent()) {
            end(stream.finish(), FinishReason.STOP);
        }
        if (!finished() && (tokens >= limit || overdue(nanos.getAsLong()))) {
            end(stream.finish(), FinishReason.LENGTH);
        }
        show();
    }

    private boolean overdue(long now) {
        return parameters.limits().timeLimit().filter(most -> now - started > most.toNanos()).isPresent();
    }

    private void end(String rest, FinishReason reason) {
        add(rest);
        finish = finish.or(() -> Optional.of(reason));
        show();
    }

    private void add(String piece) {
        int before = text.length();
        text.append(piece);
        if (tokens <= parameters.limits().minTokens()) {
            free = text.length();
            return;
        }
        OptionalInt stop = stops.in(text, before, free);
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
