package dev.socratic.prompts;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.Default;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.text.ChatMessage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
/// `[example user]` and `[example assistant]` are told once for each example and fill their slots from it. Empty
/// lines at the start and the end of a section are dropped, the rest is kept as it is. `\{{` stands for `{{`. Every
/// slot must be declared and every declared variable used.
final class PromptReader {
    private static final Pattern HEADING = Pattern.compile("\\[(example )?([a-z_]+)\\]");
    private static final Pattern SLOT = Pattern.compile("\\\\\\{\\{|\\{\\{(?:\\s*([a-z][a-z0-9_]*)\\s*\\}\\})?");
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

    private PromptReader(String file, Header header) {
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
            throw new ConfigException(file + ":1", "a header between two lines '---'",
                    lines.isEmpty() ? "an empty file" : "'" + lines.getFirst() + "'",
                    "begin with ---, name: ..., version: ..., variables: [question], ---");
        }
        // The first line stays, as an empty one, so that problems of the header are placed at the file's own lines.
        Header header = ConfigReader.read("\n" + String.join("\n", lines.subList(1, end)), file, Header.class);
        PromptReader reader = new PromptReader(file, header);
        List<Section> sections = reader.sections(lines, end + 1);
        reader.checkUse();
        reader.checkOrder(sections);
        if (!reader.problems.isEmpty()) {
            throw new ConfigException(reader.problems);
        }
        return new PromptTemplate(header.name(), header.version(), header.variables(), header.exampleVariables(),
                sections, Hashes.sha256(text));
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
                problem(i, "a section [system], [user], [assistant], [example user] or [example assistant]",
                        "'" + lines.get(i) + "'",
                        "correct it; a line of text must not be one word in brackets alone");
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
        boolean example = heading.get().group(1) != null;
        List<Section.Part> parts = new ArrayList<>();
        for (int i = first; i < last; i++) {
            parts(lines.get(i), i, example, parts);
            if (i < last - 1) {
                parts.add(new Section.Text("\n"));
            }
        }
        return Optional.of(new Section(heading.get().group(2), example, parts));
    }

    private void parts(String line, int number, boolean example, List<Section.Part> parts) {
        Matcher slot = SLOT.matcher(line);
        int done = 0;
        while (slot.find()) {
            text(line.substring(done, slot.start()), parts);
            done = slot.end();
            if (slot.group().equals("\\{{")) {
                text("{{", parts);
            } else if (slot.group(1) == null) {
                problem(number, "a slot {{name}} in small letters, digits and _",
                        "'" + line.substring(slot.start()) + "'", "close it, or write \\{{ for the braces themselves");
            } else {
                slot(slot.group(1), number, example);
                parts.add(new Section.Slot(slot.group(1)));
            }
        }
        text(line.substring(done), parts);
    }

    private static void text(String text, List<Section.Part> parts) {
        if (!text.isEmpty()) {
            parts.add(new Section.Text(text));
        }
    }

    private void slot(String name, int line, boolean example) {
        List<String> declared = example ? header.exampleVariables() : header.variables();
        (example ? usedByExamples : used).add(name);
        if (!declared.contains(name)) {
            problem(line, "a variable that the header declares " + declared, "{{" + name + "}}",
                    "add it to " + (example ? "example_variables" : "variables") + " or correct it");
        }
    }

    private void checkUse() {
        header.variables().stream().filter(name -> !used.contains(name)).forEach(name ->
                problems.add(
                        new Problem(file + ": variables", "variables that a section uses", "'" + name + "'",
                                "use {{" + name + "}} or remove it")));
        header.exampleVariables().stream().filter(name -> !usedByExamples.contains(name)).forEach(name ->
                problems.add(
                        new Problem(file + ": example_variables", "variables that an example section uses",
                                "'" + name + "'", "use {{" + name + "}} or remove it")));
    }

    private void checkOrder(List<Section> sections) {
        if (sections.stream().noneMatch(section -> section.role().equals(ChatMessage.USER) && !section.example())) {
            problems.add(new Problem(file, "a section [user]", "none", "write what is asked below a line [user]"));
        }
        for (int i = 1; i < sections.size(); i++) {
            if (sections.get(i).role().equals(ChatMessage.SYSTEM)) {
                problems.add(
                        new Problem(file, "[system] as the first section only", "it as number " + (i + 1),
                                "move it to the top"));
            }
        }
        long blocks = java.util.stream.IntStream.range(0, sections.size())
                .filter(i -> sections.get(i).example() && (i == 0 || !sections.get(i - 1).example())).count();
        if (blocks > 1) {
            problems.add(
                    new Problem(file, "the example sections next to each other", blocks + " groups of them",
                            "put them together"));
        }
    }

    private void problem(int line, String expected, String got, String remedy) {
        problems.add(new Problem(file + ":" + (line + 1), expected, got, remedy));
    }
}
