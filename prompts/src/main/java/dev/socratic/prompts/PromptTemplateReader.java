package dev.socratic.prompts;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.core.text.ChatMessage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Reads a template file.
///
/// ```
/// ---
/// name: chain_of_thought
/// version: 1
/// variables: [question]
/// ---
/// [user]
/// {{question}}
/// Think step by step.
/// ```
/// The header is YAML between two lines `---`; its keys are `name`, `version`, `variables`, `example_variables` and
/// `description`, others are refused. Then sections, each begun by a line `[system]`, `[user]` or `[assistant]`;
/// `[example user]` and `[example assistant]` are told once for each example and see its variables alone. Empty lines
/// at the start and the end of a section are dropped.
///
/// The text of a section is Jinja ([dev.socratic.core.template]), undefined values refused; what is opened in a
/// section is closed in it. Every name it reads must be declared and every declared one be read. Where examples are
/// declared, the other sections may go over them as `examples`. A comment stands on lines of its own: inside a line it
/// would more often be text that is lost without a word.
final class PromptTemplateReader {
    private static final Pattern HEADING = Pattern.compile("\\[(example )?([a-z_]+)\\]");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern ESCAPED = Pattern.compile("\\\\\\{\\{");
    private static final Pattern COMMENT = Pattern.compile("(?s)\\{#.*?#\\}");
    private static final Pattern RAW =
            Pattern.compile("(?s)\\{%[-+]?\\s*raw\\s*-?%\\}.*?\\{%[-+]?\\s*endraw\\s*[-+]?%\\}");
    private static final Pattern NOT_BREAK = Pattern.compile(".");
    private static final Set<String> ROLES =
            new LinkedHashSet<>(List.of(ChatMessage.SYSTEM, ChatMessage.USER, ChatMessage.ASSISTANT));

    /// What stands between the two `---`.
    record Header(
            String name,
            String version,
            @Default("[]") List<String> variables,
            @Default("[]") List<String> exampleVariables,
            Optional<String> description) {}

    private final String file;
    private final Header header;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> used = new LinkedHashSet<>();
    private final Set<String> usedByExamples = new LinkedHashSet<>();
    private boolean allRead = true;

    private PromptTemplateReader(String file, Header header) {
        this.file = file;
        this.header = header;
    }

    /// @param file what the text is called in messages
    /// @throws ConfigException with every problem of the header, or else of the sections
    static PromptTemplate read(String raw, String file) {
        String text = (raw.startsWith("\uFEFF") ? raw.substring(1) : raw).replace("\r\n", "\n");
        List<String> lines = text.lines().toList();
        int end = lines.isEmpty() || !lines.getFirst().equals("---")
                ? -1
                : lines.subList(1, lines.size()).indexOf("---") + 1;
        if (end < 1) {
            throw new ConfigException(
                    file + ":1", "a header between two lines '---'",
                    lines.isEmpty() ? "an empty file" : "'" + lines.getFirst() + "'",
                    "begin with ---, name: ..., version: ..., variables: [question], ---");
        }
        // The first line stays, as an empty one, so that problems of the header are placed at the file's own lines.
        Header header = ConfigReader.read("\n" + String.join("\n", lines.subList(1, end)), file, Header.class);
        PromptTemplateReader reader = new PromptTemplateReader(file, header);
        reader.checkNames();
        List<Section> sections = reader.sections(lines, end + 1);
        if (reader.allRead) {
            reader.checkUse();
            reader.checkOrder(sections);
        }
        if (!reader.problems.isEmpty()) {
            throw new ConfigException(reader.problems);
        }
        return new PromptTemplate(
                header.name(), header.version(), header.variables(), header.exampleVariables(), sections,
                Hashes.sha256(text));
    }

    private void checkNames() {
        checkNames("variables", header.variables());
        checkNames("example_variables", header.exampleVariables());
        if (!header.exampleVariables().isEmpty() && header.variables().contains(PromptTemplate.EXAMPLES)) {
            problems.add(new Problem(
                    file + ": variables", "names beside '%s'".formatted(PromptTemplate.EXAMPLES), "it",
                    "call it otherwise: in a template with example_variables it is the list of the examples"));
        }
    }

    private void checkNames(String key, List<String> names) {
        names.stream().filter(name -> !NAME.matcher(name).matches() || Template.isWord(name)).forEach(name ->
                problems.add(new Problem(
                        file + ": " + key, "names in small letters, digits and _ that are no words of Jinja",
                        "'" + name + "'", "call it otherwise")));
    }

    private List<Section> sections(List<String> lines, int from) {
        List<Section> sections = new ArrayList<>();
        Optional<Matcher> heading = Optional.empty();
        int start = from;
        for (int i = from; i <= lines.size(); i++) {
            Optional<Matcher> next = i == lines.size()
                    ? Optional.empty()
                    : Optional.of(HEADING.matcher(lines.get(i))).filter(Matcher::matches);
            if (next.isEmpty() && i < lines.size()) {
                continue;
            }
            section(heading, lines, start, i).ifPresent(sections::add);
            if (next.isPresent() && !ROLES.contains(next.get().group(2))) {
                problem(
                        i, "a section [system], [user], [assistant], [example user] or [example assistant]",
                        "'" + lines.get(i) + "'", "correct it; a line of text must not be one word in brackets alone");
            }
            heading = next;
            start = i + 1;
        }
        return sections;
    }

    private Optional<Section> section(Optional<Matcher> heading, List<String> lines, int from, int to) {
        int first = from;
        int last = to;
        while (first < last && lines.get(first).isBlank()) {
            first++;
        }
        while (last > first && lines.get(last - 1).isBlank()) {
            last--;
        }
        if (heading.isEmpty()) {
            if (first < last) {
                problem(first, "a section before any text", "'" + lines.get(first) + "'", "write [user] above it");
            }
            return Optional.empty();
        }
        if (first == last) {
            problem(from - 1, "text below the section", "none", "write some or remove the section");
            return Optional.empty();
        }
        return section(heading.get(), String.join("\n", lines.subList(first, last)), first);
    }

    /// @param before lines of the file before the text
    private Optional<Section> section(Matcher heading, String text, int before) {
        boolean example = heading.group(1) != null;
        checkSigns(text, before);
        return template(text, before, example)
                .map(template -> new Section(heading.group(2), example, template, file, before));
    }

    /// Signs that would be lost, or mean something else than whoever wrote them thinks.
    private void checkSigns(String text, int before) {
        String outsideRaw = RAW.matcher(text).replaceAll(raw -> NOT_BREAK.matcher(raw.group()).replaceAll(" "));
        String outsideComments =
                COMMENT.matcher(outsideRaw).replaceAll(comment -> NOT_BREAK.matcher(comment.group()).replaceAll(" "));
        Matcher escaped = ESCAPED.matcher(outsideComments);
        while (escaped.find()) {
            problem(
                    before + breaks(outsideComments, escaped.start()), "'{{' as Jinja writes it", "'\\{{'",
                    "write {% raw %}{{{% endraw %} for the signs themselves, or {{ '\\\\' }}{{ for a backslash before "
                            + "a value");
        }
        Matcher comment = COMMENT.matcher(outsideRaw);
        while (comment.find()) {
            String left = outsideRaw.substring(outsideRaw.lastIndexOf('\n', comment.start()) + 1, comment.start());
            int end = outsideRaw.indexOf('\n', comment.end());
            String right = outsideRaw.substring(comment.end(), end < 0 ? outsideRaw.length() : end);
            if (!left.isBlank() || !right.isBlank()) {
                problem(
                        before + breaks(outsideRaw, comment.start()), "a comment on lines of its own",
                        "'%s' inside a line".formatted(FirstLine.of(comment.group())),
                        "put it above the line, or write {% raw %}{#{% endraw %} where the signs are text");
            }
        }
    }

    private static int breaks(String text, int to) {
        return (int) text.substring(0, to).chars().filter(c -> c == '\n').count();
    }

    private Optional<Template> template(String text, int before, boolean example) {
        try {
            Template template = Template.parse(text, PromptTemplate.OPTIONS);
            template.names().forEach((name, line) -> variable(name, before + line - 1, example));
            return Optional.of(template);
        } catch (TemplateFailure broken) {
            allRead = false;
            problem(
                    before + Math.max(1, broken.line()) - 1, "a template in Jinja", "'" + broken.getMessage() + "'",
                    "mend it, or write {% raw %} ... {% endraw %} around signs that are text");
            return Optional.empty();
        }
    }

    private void variable(String name, int line, boolean example) {
        List<String> declared = new ArrayList<>(example ? header.exampleVariables() : header.variables());
        if (!example && !header.exampleVariables().isEmpty()) {
            declared.add(PromptTemplate.EXAMPLES);
        }
        (example ? usedByExamples : used).add(name);
        if (!declared.contains(name)) {
            problem(
                    line, "a variable that the header declares " + declared, "{{" + name + "}}",
                    Spelling.nearest(name, declared).map(near -> "write {{" + near + "}}").orElse(
                            "add it to " + (example ? "example_variables" : "variables") + " or correct it"));
        }
    }

    private void checkUse() {
        header.variables().stream().filter(name -> !used.contains(name)).forEach(name ->
                problems.add(new Problem(
                        file + ": variables", "variables that a section uses", "'" + name + "'",
                        "use {{" + name + "}} or remove it")));
        if (used.contains(PromptTemplate.EXAMPLES)) {
            return;
        }
        header.exampleVariables().stream().filter(name -> !usedByExamples.contains(name)).forEach(name ->
                problems.add(new Problem(
                        file + ": example_variables", "variables that an example section uses", "'" + name + "'",
                        "use {{" + name + "}} or remove it")));
    }

    private void checkOrder(List<Section> sections) {
        if (sections.stream().noneMatch(section -> section.role().equals(ChatMessage.USER) && !section.example())) {
            problems.add(new Problem(file, "a section [user]", "none", "write what is asked below a line [user]"));
        }
        for (int i = 1; i < sections.size(); i++) {
            if (sections.get(i).role().equals(ChatMessage.SYSTEM)) {
                problems.add(new Problem(
                        file, "[system] as the first section only", "it as number " + (i + 1), "move it to the top"));
            }
        }
        long blocks = IntStream.range(0, sections.size())
                .filter(i -> sections.get(i).example() && (i == 0 || !sections.get(i - 1).example())).count();
        if (blocks > 1) {
            problems.add(new Problem(
                    file, "the example sections next to each other", blocks + " groups of them", "put them together"));
        }
    }

    /// @param line from 0
    private void problem(int line, String expected, String got, String remedy) {
        problems.add(new Problem(file + ":" + (line + 1), expected, got, remedy));
    }
}
