package dev.socratic.models.generate;

import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.models.constrain.Constraints;
import dev.socratic.models.generate.LiveModel.Read;
import dev.socratic.models.generate.LiveModel.Ready;
import dev.socratic.models.generate.LiveModel.Refused;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// What a prompt is in tokens, or why the model cannot answer it. Whatever is wrong with a prompt is wrong with it
/// alone and stays wrong: its request fails for good, and no other does. For any number of threads.
///
/// @param template throws a [DataException] where the model has none
/// @param context  longest prompt plus answer
/// @param constraints what answers may have to be
/// @param marks    what stands before a text that no template writes
record PromptReader(Supplier<ChatTemplate> template, Tokenizer tokenizer, TextMarks marks, int context,
        Constraints constraints) {

    /// A prompt of this model.
    ///
    /// @param begun the beginning of the answer, where it stands in the prompt
    record Tokens(long[] ids, GenerationParameters parameters, long seed, String begun) implements Ready {
        @Override
        public Ready with(long other) {
            return new Tokens(ids, parameters, other, begun);
        }
    }

    Read read(Prompt prompt, GenerationParameters parameters, long seed) {
        if (prompt instanceof Prompt.Tokens && !parameters.prefix().isBlank()) {
            return new Refused("prefix: a prompt of text, with which it can be joined; got token ids; write its tokens "
                    + "behind them", false);
        }
        Optional<String> unknown = unknown(parameters);
        return unknown.isPresent() ? new Refused(unknown.get(), false)
                : read(prompt.with(parameters.prefix().strip()), parameters.prefix().strip(), parameters, seed);
    }

    /// @return what is wrong with ids that the tokenizer does not have
    private Optional<String> unknown(GenerationParameters parameters) {
        int vocabulary = tokenizer.vocabularySize();
        Stream<String> biased = parameters.sampling().logitBias().keySet().stream().filter(id -> id >= vocabulary)
                .map(id -> "logit_bias: ids of tokens, below %s; got %s; leave it out".formatted(vocabulary, id));
        Stream<String> stopping = parameters.limits().stopTokenIds().stream().filter(id -> id >= vocabulary)
                .map(id -> "stop_token_ids: ids of tokens, below %s; got %s; leave it out".formatted(vocabulary, id));
        return Stream.concat(biased, stopping).findFirst();
    }

    private Read read(Prompt prompt, String begun, GenerationParameters parameters, long seed) {
        try {
            parameters.constrain().ifPresent(constraint -> constraints.follow(constraint, begun));
            String place = switch (prompt) {
                case Prompt.Chat chat -> "messages";
                case Prompt.Text text -> "prompt";
                case Prompt.Tokens tokens -> "prompt";
            };
            Optional<long[]> ids = switch (prompt) {
                case Prompt.Chat chat -> hopeless(chat) ? Optional.<long[]>empty()
                        : tokenizer.encodeWithin(rendered(chat), context - 1);
                case Prompt.Text text -> tokenizer.encodeWithin(text.text(), context - 1).map(this::begun);
                case Prompt.Tokens tokens -> Optional.of(tokens.ids()).filter(given -> given.length < context);
            };
            if (ids.isPresent() && ids.get().length > 0 && ids.get().length < context) {
                return new Tokens(ids.get(), parameters, seed, begun);
            }
            boolean empty = ids.isPresent() && ids.get().length == 0;
            return new Refused(("%s: a prompt of 1 to %s tokens, so that the context of %s has room for an "
                    + "answer; got %s; "
                    + "shorten it or take a model with a longer context").formatted(
                            place, context - 1, context, empty ? "0" : context + " or more"), !empty);
        } catch (DataException unfit) {
            return new Refused(unfit.getMessage().lines().findFirst().orElse(""), false);
        } catch (StackOverflowError deep) {
            return new Refused("messages: messages that the chat template can write; got some that are nested "
                    + "too deeply; "
                    + "flatten them", false);
        }
    }

    /// A text without anything in it stays so: there is nothing to go on from.
    long[] begun(long[] ids) {
        long[] start = marks.start().stream().limit(ids.length == 0 ? 0 : marks.before(ids))
                .mapToLong(Long::longValue).toArray();
        return LongStream.concat(Arrays.stream(start), Arrays.stream(ids)).toArray();
    }

    /// Whether a message alone is too long, so that nothing needs to be rendered. Templates leave out of what the
    /// assistant wrote what it thought, and write everything else.
    private boolean hopeless(Prompt.Chat chat) {
        return chat.messages().stream()
                .filter(message -> !message.role().equals(ChatMessage.ASSISTANT))
                .anyMatch(message -> tokenizer.exceeds(message.content(), context - 1));
    }

    String rendered(Prompt.Chat chat) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("messages", chat.messages());
        // As the reference does: named and None, so that `tools is defined` holds.
        context.put("tools", null);
        context.put("documents", null);
        context.put("add_generation_prompt", !chat.continues());
        context.putAll(template.get().tokens());
        context.putAll(chat.variables());
        String text = template.get().text(context);
        return chat.continues() ? cut(text, chat.messages().getLast().content().strip()) : text;
    }

    /// The text up to where the last message is to go on.
    private static String cut(String text, String last) {
        int at = text.lastIndexOf(last);
        if (at < 0 || last.isEmpty()) {
            throw new DataException("messages",
                    "a last message that the chat template writes as it is, to be continued",
                    last.isEmpty() ? "an empty one" : "one that it changes", "leave continue_final_message out");
        }
        return text.substring(0, at + last.length());
    }
}
