package dev.socratic.trainer.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ToolFunction;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.objective.Rollout;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tools that a student calls while it writes: a turn that ends with calls is followed by their results, as its chat
/// template shows a tool's turn, and by its next turn. Results are read and no part of the loss.
///
/// Calls are those of Hermes, Qwen and SmolLM: `<tool_call>{"name": .., "arguments": {..}}</tool_call>`. Results of
/// several calls of a turn stand in one turn of the tool, a line each.
///
/// @param tokenizer the student's
/// @param behind    what the template puts behind a turn of the assistant, its end token included, up to the result
/// @param before    what it puts behind the result, up to the assistant's next turn
/// @param functions by which calls are answered
/// @param most      turns with calls in an answer
public record RolloutTools(Tokenizer tokenizer, String behind, String before, List<ToolFunction> functions, int most) {
    private static final Pattern CALL = Pattern.compile("<tool_call>(.*?)</tool_call>", Pattern.DOTALL);
    private static final String TURN = "a1b2c3turn";
    private static final String RESULT = "a1b2c3result";

    public RolloutTools {
        functions = List.copyOf(functions);
    }

    /// @param template the student's
    /// @throws ConfigException if it shows calls in another form, or no turns of tools
    public static RolloutTools of(Rollout.Tools config, ChatTemplate template, Tokenizer tokenizer) {
        if (!template.source().contains("<tool_call>")) {
            throw refused("calls written as <tool_call>{..}</tool_call>", "a template that shows none");
        }
        String whole;
        try {
            whole = template.render(List.of(ChatMessage.user("u"), ChatMessage.assistant(TURN),
                    new ChatMessage(ChatMessage.TOOL, RESULT)), true).text();
        } catch (DataException refused) {
            throw refused("turns of tools", refused.getMessage());
        }
        int turn = whole.indexOf(TURN);
        int result = whole.indexOf(RESULT);
        if (turn < 0 || result < turn) {
            throw refused("turns of tools", "a template that leaves them out");
        }
        List<ToolFunction> functions = config.use().stream().<ToolFunction>map(one -> switch (one) {
            case CALCULATOR -> new Calculator();
        }).toList();
        return new RolloutTools(tokenizer, whole.substring(turn + TURN.length(), result),
                whole.substring(result + RESULT.length()), functions, config.maxCalls());
    }

    private static ConfigException refused(String expected, String got) {
        return new ConfigException("rollout.student.tools", "a student whose chat template has " + expected, got,
                "leave tools out, or take a student that was taught to call them");
    }

    /// @param turn what the student wrote, its end token last
    /// @return what it reads before it goes on; empty where it calls nothing, or its end is another than the template's
    Optional<long[]> results(long[] turn) {
        String end = tokenizer.decode(new long[] {turn[turn.length - 1]}, false);
        Matcher calls = CALL.matcher(tokenizer.decode(turn, false));
        StringBuilder all = new StringBuilder();
        while (calls.find()) {
            all.append(all.isEmpty() ? "" : "\n").append(result(calls.group(1)));
        }
        return all.isEmpty() || !behind.startsWith(end) ? Optional.empty()
                : Optional.of(tokenizer.encode(behind.substring(end.length()) + all + before));
    }

    private String result(String call) {
        JsonNode read;
        try {
            read = Json.read(call, JsonNode.class, "call");
        } catch (DataException broken) {
            return "error: a call is an object of JSON with name and arguments";
        }
        String name = read.path("name").asText("");
        JsonNode arguments = read.has("arguments") ? read.path("arguments") : read.path("parameters");
        return functions.stream().filter(one -> one.name().equals(name)).findFirst().map(one -> one.call(arguments))
                .orElseGet(() -> "error: no tool '%s'; there is %s".formatted(name,
                        functions.stream().map(ToolFunction::name).toList()));
    }
}
