package dev.socratic.prompts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.ChatMessage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptTemplateTest {
    private static final Map<String, String> QUESTION = Map.of("question", "What is 2 + 2?");

    @TempDir
    Path folder;

    @Test
    void everyTemplateFileIsBuiltInUnderItsOwnName() throws IOException, URISyntaxException {
        Path resources = Path.of(PromptTemplate.class.getResource("plain.md").toURI()).getParent();
        try (Stream<Path> files = Files.list(resources)) {
            TreeSet<String> named = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".md"))
                    .map(file -> file.replace(".md", "")).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(new TreeSet<>(PromptTemplate.names()), named);
        }
        for (String name : PromptTemplate.names()) {
            assertEquals(name, PromptTemplate.builtin(name).name());
        }
    }

    /// The embedded teacher is trained under these very words (defaults of `datasets.wordproblems.Form`, pinned there
    /// as well).
    @Test
    void whatTheBuiltInPromptsSayIsPinned() {
        assertEquals("What is 2 + 2?", said("plain"));
        assertEquals("What is 2 + 2?\nAnswer only.", said("direct"));
        assertEquals("What is 2 + 2?\nThink step by step.", said("chain_of_thought"));
        assertEquals("What is 2 + 2?\nThink step by step. Put the final answer in \\boxed{}.", said("boxed"));
        assertEquals("What is 2 + 2?\nBreak this into smaller questions and answer each.", said("socratic"));
    }

    @Test
    void fewShotTellsEachExampleAsEarlierTurns() {
        PromptTemplate template = PromptTemplate.builtin("few_shot");
        List<ChatMessage> messages = template.render(QUESTION,
                List.of(example("a", "1 + 1?", "2"), example("b", "3 + 3?", "6")));
        assertEquals(List.of(
                ChatMessage.user("1 + 1?\nThink step by step."), ChatMessage.assistant("work\nThe answer is 2."),
                ChatMessage.user("3 + 3?\nThink step by step."), ChatMessage.assistant("work\nThe answer is 6."),
                ChatMessage.user("What is 2 + 2?\nThink step by step.")), messages);
        assertTrue(template.takesExamples());
    }

    @Test
    void aValueIsNeverExpandedAgain() {
        assertEquals("{{question}} \\{{ $1 \\1\nAnswer only.",
                PromptTemplate.builtin("direct").render(Map.of("question", "{{question}} \\{{ $1 \\1")).getFirst()
                        .content());
    }

    @Test
    void bracesCanBeSaidAndEmptyLinesInsideASectionStay() {
        PromptTemplate template = PromptReader.read(
                "---\nname: x\nversion: 2\nvariables: [q, r_2]\n---\n\n[system]\nUse "
                        + "\\{{q}}.\n\n[user]\n\n{{q}}\n\n  {{ r_2 }}{{q}}\n\n", "x.md");
        assertEquals(List.of(ChatMessage.system("Use {{q}}."), ChatMessage.user("A\n\n  BA")),
                template.render(Map.of("q", "A", "r_2", "B")));
        assertEquals("2", template.version());
    }

    @Test
    void theHashIsOfTheTextWhateverTheLineEnds() {
        String text = "---\nname: x\nversion: 1\nvariables: [q]\n---\n[user]\n{{q}}\n";
        assertEquals(PromptReader.read(text, "a").hash(), PromptReader.read(text.replace("\n", "\r\n"), "b").hash());
        assertNotEquals(PromptReader.read(text, "a").hash(),
                PromptReader.read(text.replace("{{q}}", "{{q}}!"), "a").hash());
    }

    @Test
    void whatRenderIsGivenMustFitExactly() {
        PromptTemplate plain = PromptTemplate.builtin("plain");
        assertEquals("prompt 'plain': a value for {{question}}; got no values", message(() -> plain.render(Map.of())));
        assertEquals(
                "prompt 'plain': values for [question]; got one for 'answer'; leave it out, or add {{answer}} to "
                        + "the template",
                message(() -> plain.render(Map.of("question", "?", "answer", "4"))));
        assertEquals("prompt 'plain': no examples; got 1; use a template with [example user], such as few_shot",
                message(() -> plain.render(QUESTION, List.of(example("a", "b", "c")))));
        PromptTemplate few = PromptTemplate.builtin("few_shot");
        assertEquals(
                "prompt 'few_shot': at least one example; got none; give a file of examples, or use chain_of_thought",
                        message(() -> few.render(QUESTION)));
        assertEquals("prompt 'few_shot': a value for {{answer}} of example 'e'; got values for [question, solution]",
                message(() ->
                        few.render(QUESTION, List.of(new Example("e", Map.of("question", "?", "solution", "s"))))));
    }

    @Test
    void everyProblemOfATemplateIsSaidAtOnceWithItsLine() {
        assertEquals(
                """
                x.md:8: a slot {{name}} in small letters, digits and _; got '{{q'; close it, or write \\{{ for the braces themselves
                x.md:9: a variable that the header declares [q, r]; got {{s}}; add it to variables or correct it
                x.md:10: a section [system], [user], [assistant], [example user] or [example assistant]; got '[asistant]'; correct it; a line of text must not be one word in brackets alone
                x.md:12: text below the section; got none; write some or remove the section
                x.md: variables: variables that a section uses; got 'q'; use {{q}} or remove it
                x.md: variables: variables that a section uses; got 'r'; use {{r}} or remove it
                x.md: example_variables: variables that an example section uses; got 'e'; use {{e}} or remove it""",
                message(() -> PromptReader.read(
                        "---\nname: x\nversion: 1\nvariables: [q, r]\nexample_variables: "
                                + "[e]\n---\n[user]\n{{q\n{{s}}\n[asistant]\nhello\n[system]\n", "x.md")));
    }

    @Test
    void theHeaderIsReadStrictly() {
        assertEquals(
                "x.md:1: a header between two lines '---'; got 'Hello'; begin with ---, name: ..., version: ..., "
                        + "variables: [question], ---",
                message(() -> PromptReader.read("Hello", "x.md")));
        String unknown =
                message(() ->
                        PromptReader.read("---\nname: x\nversion: 1\nvariable: [q]\n---\n[user]\n{{q}}\n", "x.md"));
        assertTrue(unknown.startsWith("x.md:4:1"), unknown);
        assertTrue(unknown.contains("variables"), unknown);
    }

    @Test
    void anUnknownNameAndAMissingFileSayWhatThereIs() {
        assertEquals(
                "prompt: a built-in template or a file; got 'cot'; known: plain, direct, chain_of_thought, boxed, "
                        + "few_shot, socratic; a file is named by its path",
                message(() -> PromptTemplate.builtin("cot")));
        Path missing = folder.resolve("none.md");
        assertEquals(
                missing + ": a prompt template; got none there; check the path, or use one of plain, direct, "
                        + "chain_of_thought, boxed, few_shot, socratic",
                message(() -> PromptTemplate.read(missing)));
    }

    @Test
    void aFileIsReadLikeABuiltInOne() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.md"),
                "---\nname: mine\nversion: 3\nvariables: [question]\n---\n[user]\n{{question}} Why?\n");
        assertEquals(List.of(ChatMessage.user("What is 2 + 2? Why?")), PromptTemplate.read(file).render(QUESTION));
    }

    private static Example example(String id, String question, String answer) {
        return new Example(id, Map.of("question", question, "solution", "work", "answer", answer));
    }

    private static String said(String name) {
        List<ChatMessage> messages = PromptTemplate.builtin(name).render(QUESTION);
        assertEquals(1, messages.size());
        assertEquals(ChatMessage.USER, messages.getFirst().role());
        return messages.getFirst().content();
    }

    private static String message(org.junit.jupiter.api.function.Executable code) {
        return assertThrows(ConfigException.class, code).getMessage();
    }
}
