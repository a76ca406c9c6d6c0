package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.json.Json;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.ChatTemplate.Rendered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Renders a chat as a model would see it.
@Command(
        name = "template",
        description = "Renders a chat as the model would see it, to the last character.",
        mixinStandardHelpOptions = true)
final class TemplateCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL|FILE.jinja",
            description = "A Hugging Face folder, ORG/NAME[@REVISION] in the cache, or a template on its own.")
    private Path model;

    @Option(names = "--context", required = true, paramLabel = "FILE.json",
            description =
                    "An object with messages and whatever else the template sees: tools, add_generation_prompt, ... "
                    + "Special tokens come from the folder unless named here.")
    private Path contextFile;

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "default",
            description = "Which of a folder's templates (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--now", paramLabel = "ISO",
            description =
                    "What templates that print a date read: 2026-01-15T09:30:00, a date, or with an offset "
                            + "(default: now).")
    private Optional<String> now = Optional.empty();

    @Option(names = "--spans",
            description =
                    "A JSON object instead: text, and the spans the assistant wrote (start, end in characters, text).")
    private boolean spans;

    TemplateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        model = new HubModels(console.environment(), console::talk).place(model);
        Clock clock = now.map(TemplateCommand::fixed).orElse(Clock.systemDefaultZone());
        boolean folder = Files.isDirectory(model);
        ChatTemplate template = folder
                ? ChatTemplate.named(model, name, clock)
                : ChatTemplate.parse(model.toString(), source(), Map.of(), clock);
        Map<String, Object> context = new LinkedHashMap<>();
        if (folder) {
            // As the reference does: there, and None.
            context.put("tools", null);
            context.put("documents", null);
            context.put("add_generation_prompt", false);
            context.putAll(template.tokens());
        }
        JsonNode given = Json.read(contextFile, JsonNode.class);
        if (!given.isObject()) {
            throw new DataException(contextFile.toString(), "a JSON object with messages",
                    given.getNodeType().name().toLowerCase(java.util.Locale.ROOT), "");
        }
        given.properties().forEach(entry -> context.put(entry.getKey(), entry.getValue()));
        if (spans) {
            show(template.annotated(context, clock));
        } else {
            console.out().print(template.text(context, clock));
            console.out().flush();
        }
        return ExitCode.DONE;
    }

    /// Characters are Unicode code points, as scripts count them.
    private void show(Rendered rendered) {
        String text = rendered.text();
        List<Map<String, Object>> list = rendered.assistantSpans().stream().map(span -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("start", text.codePointCount(0, span.start()));
            one.put("end", text.codePointCount(0, span.end()));
            one.put("text", text.substring(span.start(), span.end()));
            return one;
        }).toList();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", text);
        object.put("spans", list);
        console.json(object);
    }

    private String source() {
        return RegularFiles.text(model);
    }

    private static Clock fixed(String text) {
        ZoneId zone = ZoneId.systemDefault();
        try {
            if (text.matches("[0-9-]{10}")) {
                return Clock.fixed(LocalDate.parse(text).atTime(LocalTime.MIDNIGHT).atZone(zone).toInstant(), zone);
            }
            if (text.matches(".*T.*(Z|[+-][0-9:]+)")) {
                OffsetDateTime time = OffsetDateTime.parse(text);
                return Clock.fixed(time.toInstant(), time.getOffset());
            }
            return Clock.fixed(LocalDateTime.parse(text).atZone(zone).toInstant(), zone);
        } catch (DateTimeException broken) {
            throw new ConfigException("--now", "a time such as 2026-01-15T09:30:00", "'" + text + "'",
                    "write it in ISO form");
        }
    }
}
