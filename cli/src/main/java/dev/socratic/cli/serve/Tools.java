package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.socratic.core.text.Constraint;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.models.generate.LiveModel;
import dev.socratic.models.generate.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a chat request says of tools.
///
/// @param offered as they stand in the request; none where the model is to call none
/// @param format  how calls are written and read
/// @param forced  what the answer has to be, where a tool must be called: the call, behind what marks one
/// @param single  whether the answer ends with its first call
record Tools(List<JsonNode> offered, Optional<ToolFormat> format, Optional<Constraint> forced, boolean single) {
    private static final Tools NONE = new Tools(List.of(), Optional.empty(), Optional.empty(), false);
    private static final int MOST = 128;
    private static final String TOOLS = "tools";
    private static final String CHOICE = "tool_choice";

    /// @throws ApiFailure naming the field that is wrong
    static Tools read(RequestFields fields, LiveModel model) {
        for (String field : List.of("functions", "function_call")) {
            fields.only(field, "tools are offered in 'tools' here; leave the field out", value -> value.isEmpty()
                    && value.isArray() || value.asText().equals("none") || value.asText().equals("auto"));
        }
        JsonNode list = fields.raw(TOOLS);
        JsonNode choice = fields.value(CHOICE).orElse(JsonNodeFactory.instance.textNode("auto"));
        boolean parallel = fields.flag("parallel_tool_calls", true);
        if (list.isMissingNode() || list.isNull() || list.isArray() && list.isEmpty()) {
            if (!choice.asText().equals("auto") && !choice.asText().equals("none")) {
                throw fields.wrong(CHOICE, "'auto' or 'none' expected without tools; got "
                        + RequestFields.said(choice));
            }
            return NONE;
        }
        List<JsonNode> offered = offered(fields, list, choice);
        if (choice.asText().equals("none")) {
            return NONE;
        }
        if (!model.reads(TOOLS)) {
            throw fields.wrong(TOOLS, "the model's chat template reads no tools; leave the field out, or serve a "
                    + "model that was trained to call them");
        }
        ToolFormat format = ToolFormat.of(model.template()).orElseThrow(() -> fields.wrong(TOOLS, "the model's chat "
                + "template writes calls in a form that this server does not read; known: <tool_call>, [TOOL_CALLS], "
                + "Llama 3's JSON; leave the field out"));
        if (!parallel && format == ToolFormat.LISTED) {
            throw fields.wrong("parallel_tool_calls", "true expected: this model writes all of its calls as one list; "
                    + "got false");
        }
        return new Tools(offered, Optional.of(format), forced(fields, choice, offered, format), !parallel);
    }

    private static List<JsonNode> offered(RequestFields fields, JsonNode list, JsonNode choice) {
        if (!list.isArray() || list.size() > MOST) {
            throw fields.wrong(TOOLS, "a list of at most %s tools expected; got %s".formatted(MOST, list.isArray()
                    ? list.size() : RequestFields.said(list)));
        }
        List<JsonNode> offered = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode tool = list.get(i);
            JsonNode function = tool.path("function");
            String place = "%s[%s]".formatted(TOOLS, i);
            if (!tool.path("type").asText().equals("function") || !function.path("name").asText()
                    .matches("[A-Za-z0-9_.-]{1,128}")) {
                throw fields.wrong(place, "{\"type\": \"function\", \"function\": {\"name\", \"description\", "
                        + "\"parameters\"}} expected; got " + RequestFields.said(tool));
            }
            if (function.has("parameters") && !function.path("parameters").isObject()) {
                throw fields.wrong(place + ".function.parameters", "a JSON schema expected; got "
                        + RequestFields.said(function.path("parameters")));
            }
            if (function.path("strict").equals(BooleanNode.TRUE) && !forces(choice)) {
                throw fields.wrong(place + ".function.strict", "false expected unless tool_choice is 'required' or "
                        + "names a tool: the model is shown the parameters and not held to them; got true");
            }
            offered.add(tool);
        }
        return offered;
    }

    private static boolean forces(JsonNode choice) {
        return choice.isObject() || choice.asText().equals("required");
    }

    /// A tool that must be called is called because the answer can be nothing else.
    private static Optional<Constraint> forced(RequestFields fields, JsonNode choice, List<JsonNode> offered,
            ToolFormat format) {
        if (choice.asText().equals("auto")) {
            return Optional.empty();
        }
        String named = choice.path("function").path("name").asText();
        List<JsonNode> callable = choice.asText().equals("required") ? offered
                : offered.stream().filter(tool -> name(tool).equals(named)).toList();
        if (callable.isEmpty()) {
            throw fields.wrong(CHOICE, "'auto', 'none', 'required' or {\"type\": \"function\", \"function\": "
                    + "{\"name\": one of the tools}} expected; got " + RequestFields.said(choice));
        }
        return Optional.of(Structure.schema(fields, TOOLS, format.schema(callable)));
    }

    /// @return the same, as an answer with these tools is written
    /// @throws ApiFailure if it has to be something else, too
    GenerationParameters shape(RequestFields fields, GenerationParameters asked) {
        if (forced.isPresent() && asked.constrain().isPresent()) {
            throw fields.wrong(CHOICE, "'auto' or 'none' expected where the answer has to be of a format; leave one of "
                    + "them out");
        }
        List<String> stops = new ArrayList<>(asked.stop());
        if (single && format.equals(Optional.of(ToolFormat.TAGGED))) {
            stops.add(ToolFormat.CLOSE);
        }
        return new GenerationParameters(asked.sampling(), asked.maxTokens(), stops, asked.limits(), asked.prefix(),
                forced.or(asked::constrain));
    }

    /// @return the same, gone on to where the call is written
    Prompt.Chat shape(Prompt.Chat prompt) {
        return forced.isEmpty() ? prompt : (Prompt.Chat) prompt.with(format.orElseThrow().mark());
    }

    private static String name(JsonNode tool) {
        return tool.path("function").path("name").asText();
    }
}
