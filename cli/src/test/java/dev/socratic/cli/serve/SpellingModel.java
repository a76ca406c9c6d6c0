package dev.socratic.cli.serve;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.Usage;
import dev.socratic.models.generate.LiveModel;
import dev.socratic.models.generate.Prompt;
import dev.socratic.models.generate.Watcher;
import dev.socratic.models.generate.Writing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// A model whose tokens are words: it spells what it was asked, one word of every answer a step, and, when it draws at
/// all, signs with the seed. A prompt `too long` is too long, `unfit` is refused, and some words end a step with what
/// they say.
final class SpellingModel implements LiveModel {
    /// How many answers were written in each step.
    final List<Integer> units = Collections.synchronizedList(new ArrayList<>());
    /// Steps that may be made while it is gated.
    final Semaphore gate = new Semaphore(0);
    volatile boolean gated;
    volatile int pauseMillis;
    /// What it says its chat template is.
    volatile String template = "";
    /// What the last prompt was read with.
    volatile GenerationParameters parameters = GenerationParameters.greedy(1);
    volatile Prompt prompt = new Prompt.Text("");

    @Override
    public ModelCard card() {
        return new ModelCard("org/speller", "weights:0", "0", 64, 8, 1, false);
    }

    private record Spelled(String text, int messages, GenerationParameters parameters, long seed) implements Ready {
        @Override
        public long[] ids() {
            return new long[messages];
        }

        @Override
        public Ready with(long other) {
            return new Spelled(text, messages, parameters, other);
        }
    }

    @Override
    public Read read(Prompt prompt, GenerationParameters parameters, long seed) {
        this.prompt = prompt;
        this.parameters = parameters;
        String asked = switch (prompt) {
            case Prompt.Chat chat -> spelled(chat);
            case Prompt.Text text -> text.text();
            case Prompt.Tokens tokens -> "word ".repeat(tokens.ids().length).strip();
        };
        int messages = prompt instanceof Prompt.Chat chat ? chat.messages().size() : 1;
        return switch (asked) {
            case "too long" -> new Refused("messages: a prompt of 1 to 63 tokens; got 99; shorten it", true);
            case "unfit" -> new Refused("messages: roles that alternate; got two of the user", false);
            case "stack" -> throw new StackOverflowError();
            default -> new Spelled(asked, messages, parameters, seed);
        };
    }

    /// Like a template that writes `mood` before, and calls and thoughts of the assistant.
    private static String spelled(Prompt.Chat chat) {
        StringBuilder text = new StringBuilder();
        Optional.ofNullable(chat.variables().get("mood")).ifPresent(mood -> text.append(mood.asText()).append(' '));
        for (ChatMessage message : chat.messages()) {
            if (message.fields().containsKey("tool_calls")) {
                text.append(message.fields().get("tool_calls").toString().replace(' ', '_')).append(' ');
            }
        }
        return text.append(chat.messages().getLast().content()).toString();
    }

    @Override
    public boolean reads(String variable) {
        return List.of("mood", "tool_calls", "name").contains(variable) || template.contains(variable);
    }

    @Override
    public String template() {
        return template;
    }

    @Override
    public String text(long[] ids) {
        return "word ".repeat(ids.length).strip();
    }

    private static final class Growing {
        private final Spelled prompt;
        private final Watcher watcher;
        private final List<String> words;
        private final StringBuilder text = new StringBuilder();
        private int written;

        Growing(Spelled prompt, Watcher watcher) {
            this.prompt = prompt;
            this.watcher = watcher;
            boolean greedy = prompt.parameters().sampling().temperature() == 0;
            String signed = greedy ? prompt.text() : prompt.text() + " " + prompt.seed();
            this.words = List.of(signed.split(" "));
        }

        /// @return whether it is finished
        boolean step() {
            GenerationParameters parameters = prompt.parameters();
            if (written == words.size() || parameters.stop().contains(words.get(written))) {
                return finish(FinishReason.STOP);
            }
            if (written == parameters.maxTokens()) {
                return finish(FinishReason.LENGTH);
            }
            String word = words.get(written);
            switch (word) {
                case "break" -> throw new IllegalStateException("broken weights");
                case "memory" -> throw new OutOfMemoryError("Java heap space");
                case "link" -> throw new NoClassDefFoundError("a/b/C");
                default -> { }
            }
            String piece = (written++ > 0 ? " " : "") + word;
            text.append(piece);
            watcher.wrote(piece);
            return false;
        }

        private boolean finish(FinishReason reason) {
            Usage usage = new Usage(prompt.messages(), written, 0);
            watcher.done(new Completion("", text.toString(), Optional.empty(), reason, usage), new long[written]);
            return true;
        }
    }

    @Override
    public Writing writing() {
        return new Writing() {
            private final List<Growing> rows = new ArrayList<>();

            @Override
            public void join(Ready prompt, Watcher watcher) {
                rows.add(new Growing((Spelled) prompt, watcher));
            }

            @Override
            public void advance() throws InterruptedException {
                if (gated) {
                    gate.acquire();
                }
                Thread.sleep(pauseMillis);
                rows.removeIf(row -> !row.watcher.wanted());
                units.add(rows.size());
                rows.removeIf(Growing::step);
            }

            @Override
            public int open() {
                return rows.size();
            }

            @Override
            public void close() {
                rows.clear();
            }
        };
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
        throw new UnsupportedOperationException("a server writes side by side");
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        throw new UnsupportedOperationException("no scores");
    }

    @Override
    public void close() {}
}
