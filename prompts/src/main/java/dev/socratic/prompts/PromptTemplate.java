package dev.socratic.prompts;

import dev.socratic.core.config.NamedFiles;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.template.TemplateOptions;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.Question;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A prompt whose texts are Jinja, read once and rendered for each question, from any thread.
///
/// @param name             of the template, as rows and reports state it
/// @param version          changes whenever the text does
/// @param variables        what [#render] must be given, all of it and nothing else
/// @param exampleVariables what each example must have; empty if the template takes no examples
/// @param sections         turns of the conversation, in order
/// @param hash             SHA-256 of the file's text with `\n` line ends
public record PromptTemplate(
        String name, String version, List<String> variables, List<String> exampleVariables, List<Section> sections,
        String hash) {
    /// Undefined values are refused: a misspelt field would leave a hole in the prompt that nobody sees.
    static final TemplateOptions OPTIONS = TemplateOptions.DEFAULT.strict();

    /// What sections call the list of the examples, where there are any.
    static final String EXAMPLES = "examples";

    /// How files of one's own end.
    public static final String FILES = ".md";

    public PromptTemplate {
        variables = List.copyOf(variables);
        exampleVariables = List.copyOf(exampleVariables);
        sections = List.copyOf(sections);
    }

    /// @return names of the built-in templates that ask a question
    public static List<String> names() {
        return List.of("plain", "direct", "chain_of_thought", "boxed", "few_shot", "socratic");
    }

    /// @return names of the built-in templates for a teacher that knows more than whom it teaches
    ///         ([how](docs/privileged.md))
    public static List<String> teacherNames() {
        return List.of("solution", "demonstration", "feedback");
    }

    /// @return names of the built-in templates that the steps of strategies use ([which](docs/strategies.md))
    public static List<String> strategyNames() {
        return List.of("socratic_tutor", "socratic_tutor_learned", "socratic_student", "critique", "refine",
                "gen_select", "rephrase", "vary", "self_instruct", "evolve", "evolve_equal", "back_translate",
                "back_translate_score", "persona_question", "document_question", "document_answerable", "distractors",
                "unanswerable", "missing", "continue_solution");
    }

    /// @return names of the built-in templates of a tutor and of the student it leads
    public static List<String> tutorNames() {
        return List.of("tutor", "student");
    }

    /// @throws ConfigException if there is none of this name
    public static PromptTemplate builtin(String name) {
        if (!names().contains(name) && !teacherNames().contains(name) && !strategyNames().contains(name)
                && !tutorNames().contains(name)) {
            throw new ConfigException("prompt", "a built-in template or a file", "'" + name + "'",
                    Spelling.nearest(name, names()).map(near -> "write '" + near + "'")
                            .orElse("known: " + String.join(", ", names()) + "; a file is named by its path"));
        }
        try (InputStream in = PromptTemplate.class.getResourceAsStream(name + ".md")) {
            if (in == null) {
                throw new IllegalStateException(name + ".md is missing from the class path");
            }
            return PromptTemplateReader.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), name + ".md");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param nameOrFile a built-in name, or the path of a file: whatever has a separator in it or ends in `.md`
    /// @throws ConfigException if there is none, or it is wrong
    public static PromptTemplate named(String nameOrFile) {
        return NamedFiles.path(nameOrFile, FILES).map(PromptTemplate::read).orElseGet(() -> builtin(nameOrFile));
    }

    /// @throws ConfigException if the file cannot be read, or with every problem of the template
    public static PromptTemplate read(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            throw new ConfigException(
                    file.toString(), "a prompt template", "a pipe or a device",
                    "write what it gives into a file and name that");
        }
        try {
            return PromptTemplateReader.read(Files.readString(file), file.toString());
        } catch (CharacterCodingException e) {
            throw new ConfigException(file.toString(), "text in UTF-8", "other bytes", "convert the file to UTF-8", e);
        } catch (IOException e) {
            String got = Files.isDirectory(file) ? "a folder" : Files.exists(file)
                    ? "one that cannot be read" : "none there";
            throw new ConfigException(file.toString(), "a prompt template", got,
                    "check the path, or use one of " + String.join(", ", names()), e);
        }
    }

    /// @return whether [#render(Map, List)] wants examples
    public boolean takesExamples() {
        return !exampleVariables.isEmpty();
    }

    /// @return whether no value can make it fail: text and variables, and nothing done with them
    public boolean isPlain() {
        return sections.stream().allMatch(section -> section.template().isPlain());
    }

    /// @param question its text is the variable `question`
    /// @throws ConfigException if the template asks for more than that, or cannot be rendered with it; names the
    ///                         question
    public List<ChatMessage> messages(Question question, List<FewShotExample> examples) {
        try {
            return render(Map.of("question", question.question()), examples);
        } catch (ConfigException refused) {
            throw isPlain() ? refused : new ConfigException(refused.problems().stream().map(problem -> new Problem(
                    problem.place(), problem.expected(), problem.got() + " for question '" + question.id() + "'",
                    problem.remedy())).toList());
        }
    }

    /// @param values one for each of `variables`; put in as they are, braces and all
    /// @throws ConfigException if one is missing or too many, or if the template takes examples
    public List<ChatMessage> render(Map<String, String> values) {
        return render(values, List.of());
    }

    /// A system message that comes out blank, as where all of it hangs on a condition, is left out.
    ///
    /// @param examples each one turns into the template's example sections, in this order
    /// @throws ConfigException if a value is missing or too many, or one the template's filters cannot work with
    public List<ChatMessage> render(Map<String, String> values, List<FewShotExample> examples) {
        List<Problem> problems = new ArrayList<>();
        compare("", variables, values.keySet(), problems);
        if (takesExamples() && examples.isEmpty()) {
            problems.add(
                    new Problem(place(), "at least one example", "none",
                            "give a file of examples, or use chain_of_thought"));
        } else if (!takesExamples() && !examples.isEmpty()) {
            problems.add(
                    new Problem(place(), "no examples", String.valueOf(examples.size()),
                            "use a template with [example user], such as few_shot"));
        } else {
            examples.forEach(example ->
                    compare(" of example '" + example.id() + "'", exampleVariables, example.values().keySet(),
                            problems));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        Map<String, Object> context = new LinkedHashMap<>(values);
        if (takesExamples()) {
            context.put(EXAMPLES, examples.stream().map(this::declared).toList());
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (int i = 0; i < sections.size(); i++) {
            if (!sections.get(i).example()) {
                messages.add(sections.get(i).fill(context));
            } else if (i == 0 || !sections.get(i - 1).example()) {
                List<Section> block = sections.subList(i, sections.size()).stream().takeWhile(Section::example)
                        .toList();
                examples.forEach(example -> block.forEach(section -> messages.add(section.fill(example.values()))));
            }
        }
        messages.removeIf(message -> message.role().equals(ChatMessage.SYSTEM) && message.content().isBlank());
        return List.copyOf(messages);
    }

    private Map<String, String> declared(FewShotExample example) {
        Map<String, String> values = new LinkedHashMap<>();
        exampleVariables.forEach(name -> values.put(name, example.values().get(name)));
        return values;
    }

    private void compare(String of, List<String> wanted, Set<String> given, List<Problem> problems) {
        for (String name : wanted) {
            if (!given.contains(name)) {
                problems.add(
                        new Problem(place(), "a value for {{%s}}%s".formatted(name, of),
                                given.isEmpty() ? "no values" : "values for " + new TreeSet<>(given), ""));
            }
        }
        for (String name : new TreeSet<>(given)) {
            // An example may know more than the template asks for: files of examples are shared by several templates.
            if (of.isEmpty() && !wanted.contains(name)) {
                problems.add(
                        new Problem(place(), "values for " + wanted, "one for '" + name + "'",
                                "leave it out, or add {{" + name + "}} to the template"));
            }
        }
    }

    private String place() {
        return "prompt '" + name + "'";
    }
}
