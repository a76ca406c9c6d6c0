package dev.socratic.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.error.Problem;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.Template.Output;
import dev.socratic.core.template.Template.Span;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.core.template.TemplateOptions;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// How a model's messages become the one text it reads, as the model's own template says; compiled once, safe for any
/// number of threads.
///
/// The text is complete: a template writes BOS and every control token itself, and [Tokenizer] adds none.
public final class ChatTemplate {
    /// Some templates print today's date. Whatever is to come out the same on another day (training, generated answers,
    /// an evaluation) reads this one instead, the day that Llama 3's own template falls back to: a student is asked on
    /// the day it was trained on.
    public static final Clock DAY = Clock.fixed(Instant.parse("2024-07-26T00:00:00Z"), ZoneOffset.UTC);

    /// As `transformers` sets Jinja up.
    static final TemplateOptions OPTIONS = TemplateOptions.DEFAULT.marking("generation");

    /// Name of a folder's main template.
    public static final String MAIN = "default";

    private final String place;
    private final String source;
    private final Template template;
    private final TemplateFields fields;
    private final Map<String, String> tokens;
    private final Clock clock;
    private final Map<String, JsonNode> variables;

    private ChatTemplate(String place, String source, Map<String, String> tokens, Clock clock) {
        this(place, source, tokens, clock, Map.of());
    }

    private ChatTemplate(String place, String source, Map<String, String> tokens, Clock clock,
            Map<String, JsonNode> variables) {
        this.variables = variables;
        this.place = place;
        this.source = source;
        this.fields = new TemplateFields(source);
        this.tokens = Map.copyOf(tokens);
        this.clock = clock;
        try {
            this.template = Template.parse(source, OPTIONS);
        } catch (TemplateFailure broken) {
            throw failure(broken);
        }
    }

    /// @param more variables that conversations have which do not say otherwise, such as `enable_thinking`
    /// @return the same template with them
    /// @throws ConfigException for one that it does not read
    public ChatTemplate with(Map<String, JsonNode> more) {
        List<Problem> problems = more.keySet().stream().filter(name -> !reads(name)).map(name -> new Problem(
                place, "a chat template that reads the variable '%s'".formatted(name), "one that does not",
                "leave it out of the template's arguments, or correct its name")).toList();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        Map<String, JsonNode> all = new LinkedHashMap<>(variables);
        all.putAll(more);
        return more.isEmpty() ? this : new ChatTemplate(place, source, tokens, clock, all);
    }

    /// A rendered conversation.
    ///
    /// @param text           what the model reads
    /// @param assistantSpans what the assistant wrote, one span per turn, in order: from the first character it has
    ///                       to write itself to its end-of-turn token included, white space after that not. `{%
    ///                       generation %}` marks are taken as they are.
    public record Rendered(String text, List<Span> assistantSpans) {
        public Rendered {
            assistantSpans = List.copyOf(assistantSpans);
        }
    }

    /// The template of a model folder, on the fixed [#DAY].
    ///
    /// @throws DataException if the folder has no template or one that cannot be read
    public static ChatTemplate of(Path folder) {
        return of(folder, DAY);
    }

    /// @param clock what templates that print a date read
    public static ChatTemplate of(Path folder, Clock clock) {
        return named(folder, MAIN, clock);
    }

    /// @param name of one of several templates (`tool_use`, `rag`); the main one is `default`
    public static ChatTemplate named(Path folder, String name, Clock clock) {
        TemplateFolder found = TemplateFolder.read(folder);
        String source = found.sources().get(name);
        if (source == null) {
            throw new DataException(
                    folder.toString(),
                    "a chat template" + (name.equals(MAIN) ? "" : " named '" + name + "'"),
                    found.sources().isEmpty() ? "none" : "only " + found.sources().keySet(),
                    "add a chat_template.jinja, or a chat_template in tokenizer_config.json; base models have none "
                            + "and take plain text");
        }
        return new ChatTemplate(found.places().get(name).toString(), source, found.tokens(), clock);
    }

    /// @return the special tokens of a model folder as `tokenizer_config.json` and `special_tokens_map.json` spell
    ///         them, by name (`eos_token`)
    public static Map<String, String> specialTokens(Path folder) {
        return TemplateFolder.read(folder).tokens();
    }

    /// @return the names of a model folder's chat templates, the main one being `default`; empty for base models
    public static Set<String> names(Path folder) {
        return TemplateFolder.read(folder).sources().keySet();
    }

    /// @param place  what to call it in messages
    /// @param tokens special tokens by name (`bos_token`), for the template to print
    public static ChatTemplate parse(String place, String source, Map<String, String> tokens, Clock clock) {
        return new ChatTemplate(place, source, tokens, clock);
    }

    /// @param addGenerationPrompt whether the text ends with the beginning of an answer. Then it is a question to the
    ///         model, and there are no spans but marked ones.
    /// @throws DataException if the template refuses the messages (its own message is in it), or if it cannot be told
    ///                       what the assistant wrote
    public Rendered render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        return render(new Conversation(messages), addGenerationPrompt);
    }

    /// The same of a conversation with tools, documents or variables of its own.
    public Rendered render(Conversation conversation, boolean addGenerationPrompt) {
        return render(context(conversation, addGenerationPrompt), clock);
    }

    private Map<String, Object> context(Conversation conversation, boolean addGenerationPrompt) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("messages", conversation.messages().stream().map(fields::spelled).toList());
        // As the reference does: named and None, so that `tools is defined` holds.
        context.put("tools", null);
        context.put("documents", null);
        context.putAll(variables);
        context.putAll(conversation.variables());
        context.put("add_generation_prompt", addGenerationPrompt);
        context.putAll(tokens);
        return context;
    }

    /// What of a conversation would be left out without a word: fields that the template names nowhere, turns whose
    /// text it does not print.
    ///
    /// @return the name of the first such thing: `tool_calls`, `reasoning`, `tools`, `documents`, or a role and `_turn`
    /// @throws DataException as [#render]
    public Optional<String> loses(Conversation conversation) {
        return fields.unread(conversation).or(() -> unprinted(conversation));
    }

    /// @return whether a field of messages, or a variable, makes a difference to the text of a conversation that has it
    public boolean uses(Conversation conversation, String field) {
        Map<String, JsonNode> variables = new LinkedHashMap<>(conversation.variables());
        variables.remove(field);
        List<ChatMessage> without = conversation.messages().stream().map(message -> message.without(field)).toList();
        try {
            return !text(context(conversation, false), clock)
                    .equals(text(context(new Conversation(without, variables), false), clock));
        } catch (DataException refused) {
            return true;
        }
    }

    /// Only texts that a template may have changed in printing cost another rendering.
    private Optional<String> unprinted(Conversation conversation) {
        String text = text(context(conversation, false), clock);
        List<ChatMessage> messages = conversation.messages();
        for (int i = 0; i < messages.size(); i++) {
            ChatMessage message = messages.get(i);
            String content = message.content().strip();
            if (!message.isAssistant() && !content.isEmpty() && !text.contains(content)) {
                List<ChatMessage> others = new ArrayList<>(messages);
                others.set(i, new ChatMessage(message.role(), content + "x", message.fields()));
                if (text(context(conversation.with(others), false), clock).equals(text)) {
                    return Optional.of(message.role() + "_turn");
                }
            }
        }
        return Optional.empty();
    }

    /// The full form.
    ///
    /// @param context everything the template sees, special tokens included: `messages`, `tools`,
    ///                `add_generation_prompt`, ...
    public Rendered render(Map<String, ?> context, Clock now) {
        Output output = output(context, now);
        boolean prompt = AssistantSpans.truth(context.get("add_generation_prompt"));
        return prompt && !known(output) ? new Rendered(output.text(), List.of()) : spanned(output, context, now);
    }

    /// The full form, with the spans of all turns also where the text ends with the beginning of an answer.
    public Rendered annotated(Map<String, ?> context, Clock now) {
        return spanned(output(context, now), context, now);
    }

    private Rendered spanned(Output output, Map<String, ?> context, Clock now) {
        return new Rendered(output.text(), known(output)
                ? output.marked()
                : new AssistantSpans(place, context, other -> output(other, now).text()).in(output.text()));
    }

    private static boolean known(Output output) {
        return !output.marked().isEmpty() && !output.markedInside();
    }

    /// @return the special tokens the template may print, by name; part of a full context
    public Map<String, String> tokens() {
        return tokens;
    }

    /// @return whether the template speaks of a variable of this name
    public boolean reads(String variable) {
        return variable.matches("[A-Za-z_][A-Za-z_0-9]*") && Pattern.compile("\\b" + variable + "\\b").matcher(source)
                .find();
    }

    /// @return as it stands in the model's folder
    public String source() {
        return source;
    }

    /// The text alone, dates being those of this template's clock.
    public String text(Map<String, ?> context) {
        return text(context, clock);
    }

    /// The text alone, for whoever needs no spans.
    public String text(Map<String, ?> context, Clock now) {
        return output(context, now).text();
    }

    private Output output(Map<String, ?> context, Clock now) {
        try {
            Map<String, Object> seen = new LinkedHashMap<>(ChatFunctions.of(now));
            context.forEach((name, value) -> seen.put(name, plain(value)));
            return template.render(seen);
        } catch (TemplateFailure stopped) {
            throw failure(stopped);
        }
    }

    /// Templates see messages as mappings.
    private static Object plain(Object value) {
        return switch (value) {
            case ChatMessage message -> message.named();
            case List<?> items -> items.stream().map(ChatTemplate::plain).toList();
            case null, default -> value;
        };
    }

    private DataException failure(TemplateFailure failure) {
        String where = failure.line() > 0 ? place + ":" + failure.line() : place;
        String said = FirstLine.of(failure);
        return switch (failure.kind()) {
            case RAISED -> new DataException(
                    where, "messages the chat template takes", "its refusal '" + said + "'", "mend the messages",
                    failure);
            case SYNTAX -> new DataException(
                    where, "a chat template", "'" + said + "'", "mend the template or take another", failure);
            case UNDEFINED, TYPE, VALUE -> new DataException(
                    where,
                    "messages the chat template can render",
                    failure.kind().reference() + " '" + said + "'",
                    "look at the roles, fields and types of the messages",
                    failure);
            case SECURITY, LIMIT -> new DataException(
                    where, "a chat template that only formats messages", "'" + said + "'", "take another template",
                    failure);
        };
    }
}
