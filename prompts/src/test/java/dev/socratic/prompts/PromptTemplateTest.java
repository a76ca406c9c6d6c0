package dev.socratic.prompts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.Question;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
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
            TreeSet<String> all = new TreeSet<>(PromptTemplate.names());
            all.addAll(PromptTemplate.teacherNames());
            all.addAll(PromptTemplate.strategyNames());
            all.addAll(PromptTemplate.tutorNames());
            assertEquals(all, named);
        }
        for (String name : PromptTemplate.names()) {
            assertEquals(name, PromptTemplate.builtin(name).name());
        }
        for (String name : PromptTemplate.strategyNames()) {
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
    void emptyLinesInsideASectionStay() {
        PromptTemplate template = read("variables: [q, r_2]\n---\n\n[system]\nUse {{ '{{' }}q}}.\n\n[user]\n\n{{q}}\n\n"
                + "  {{ r_2 }}{{q}}\n\n");
        assertEquals(
                List.of(ChatMessage.system("Use {{q}}."), ChatMessage.user("A\n\n  BA")),
                template.render(Map.of("q", "A", "r_2", "B")));
        assertEquals("2", template.version());
    }

    /// Version, hash of the file and hash of what it says, taken before prompts were Jinja. A template's text may
    /// change, with its version; how the same text is rendered may not.
    @Test
    void everyShippedTemplateSaysTheSameBytesAsBefore() {
        String odd = "  {{question}} {% if x %} {# c #} \\{{ $1\r\n<b>&\"'\u00fc\u65e5\ud83d\ude00\n\n";
        Map<String, String> pins = Map.ofEntries(
                Map.entry("plain", "1 f419ab3518e3b1ae7000453e02b72df9955514be611cbd09232aa889c1a08f27 "
                        + "b7389361d6327e6bc6cdff79b46f0d0a923467fb0b816ff75ec8e4c69fcf7547"),
                Map.entry("direct", "1 c6790bd0a4b72f053f2e705ba8b6e0c5a4b7b72bb95f380db683e7689864c3d7 "
                        + "ae7c0abcc570219e4cf44bd632c17daf537bef4695f66706b8c82350eb53c948"),
                Map.entry("chain_of_thought", "1 d23bb26db1b1e22b4f83419dce05bff192c3d0d6ca78f128fe5231d4ae69b40d "
                        + "73a8b2f852169b2e0c8e7c70edefc0d6fcc1bae651f7fa418cc815f63e962531"),
                Map.entry("boxed", "1 d5667393723ce3cef8af35014067f9eb77817df81a05051173726905132b4296 "
                        + "3916e14c3e6dc5e09a0f82e9a1e3b4afd22346053b472198d05516f89be02055"),
                Map.entry("few_shot", "1 d030ff006262ce4380c4db9f1d5b49495770b5125ad51d586014c9c2cf70f03d "
                        + "2852ee51fcb4e96a2dcdd5fdb69e1d59f9d3e6b4d905e3c2d03f7dceb5b016c8"),
                Map.entry("socratic", "1 f7687ec26f18639d98eb226214ec1cbbaded1b1573ca3d18beb83c8b3dc777a4 "
                        + "f5dd980a75f4c8511b3f545ae50cb539ddbac4cc1285aa2724ace14a4f2bda3d"));
        assertEquals(pins.keySet(), Set.copyOf(PromptTemplate.names()));
        for (String name : PromptTemplate.names()) {
            PromptTemplate template = PromptTemplate.builtin(name);
            Map<String, String> values = new LinkedHashMap<>();
            template.exampleVariables().forEach(variable -> values.put(variable, variable + ": " + odd));
            List<FewShotExample> examples = template.takesExamples()
                    ? List.of(new FewShotExample("a", values),
                            new FewShotExample("b", Map.of("question", "q2", "solution", "s2", "answer", "a2")))
                    : List.of();
            String all = template.render(Map.of("question", odd), examples).stream()
                    .map(message -> message.role() + "\n" + message.content() + "\n\n").collect(Collectors.joining());
            assertEquals(pins.get(name), template.version() + " " + template.hash() + " " + Hashes.sha256(all), name);
            assertTrue(template.isPlain(), name);
        }
    }

    @Test
    void aTemplateMayUseLoopsConditionsAndFilters() {
        PromptTemplate template = read("""
                variables: [question]
                example_variables: [question, answer]
                ---
                [system]
                {# Proofs only. #}
                {% if 'prove' in question | lower %}
                Write a proof.
                {% endif %}

                [user]
                {% for example in examples %}
                {{ loop.index }}. {{ example.question }} -> {{ example.answer | upper }}
                {% endfor %}
                {%- set words = question.split() %}
                {{ words | length }} words: {{ question | trim }}
                """);
        List<FewShotExample> examples = List.of(example("a", "1 + 1?", "two"), example("b", "3 + 3?", "six"));
        assertEquals(
                List.of(
                        ChatMessage.system("Write a proof."),
                        ChatMessage.user("1. 1 + 1? -> TWO\n2. 3 + 3? -> SIX\n3 words: Prove that 1=1.")),
                template.render(Map.of("question", " Prove that 1=1. "), examples));
        assertEquals(
                List.of(ChatMessage.USER),
                template.render(QUESTION, examples).stream().map(ChatMessage::role).toList(),
                "a blank system message is none");
        assertFalse(template.isPlain());
    }

    @Test
    void blocksLeaveNoEmptyLinesAtTheEndsAndThoseOfAPlainTemplatesValueStay() {
        PromptTemplate blocks = read("variables: [q]\n---\n[user]\n{% if true %}\n\n  {{q}}\n\n\n{% endif %}\n");
        assertEquals("  A\n\nB", blocks.render(Map.of("q", "A\n\nB\n")).getFirst().content());
        assertEquals("A", blocks.render(Map.of("q", "A" + "\n".repeat(200_000))).getFirst().content().strip());
        assertEquals("", blocks.render(Map.of("q", "\n\n")).getFirst().content().strip());
        assertEquals("\n A \n\n", read("variables: [q]\n---\n[user]\n{{q}}\n").render(Map.of("q", "\n A \n\n"))
                .getFirst().content());
    }

    @Test
    void signsThatAreTextAreSaidByRawAndLatexStays() {
        PromptTemplate template = read("variables: [q]\n---\n[user]\n{% raw %}{{q}} {% if %} {# #}{% endraw %} "
                + "\\boxed{} ${ {{q}} }$ "
                + "a{b}c } %} #} }} { % {{ '{%' }}\n");
        assertEquals("{{q}} {% if %} {# #} \\boxed{} ${ A }$ a{b}c } %} #} }} { % {%",
                template.render(Map.of("q", "A")).getFirst().content());
    }

    /// What meant something else while prompts had slots alone, and what would be lost without a word.
    @Test
    void signsThatMeanSomethingElseThanTheyLookAreRefusedWithTheirLine() {
        assertEquals(
                """
                x.md:7: '{{' as Jinja writes it; got '\\{{'; write {% raw %}{{{% endraw %} for the signs \
                themselves, or {{ '\\\\' }}{{ for a backslash before a value""",
                message(() -> read("variables: [q]\n---\n[user]\n{{q}} \\{{q}}\n")));
        assertEquals(
                "x.md:9: a comment on lines of its own; got '{#1#}' inside a line; put it above the line, or write "
                        + "{% raw %}{#{% endraw %} where the signs are text",
                message(() -> read("variables: [q]\n---\n[user]\n{# fine\nhere #}\n{{q}} see {#1#}\n")));
    }

    @Test
    void brokenJinjaIsRefusedWithItsLineAndAWayOut() {
        String way = "; mend it, or write {% raw %} ... {% endraw %} around signs that are text";
        assertEquals(
                "x.md:9: a template in Jinja; got 'one of [elif, else, endif] expected; got end of the template'" + way,
                message(() -> read("variables: [q]\n---\n[user]\n{{q}}\n{% if q %}\nno end\n")));
        assertEquals(
                "x.md:8: a template in Jinja; got 'No filter named 'uper'.'" + way,
                message(() -> read("variables: [q]\n---\n[user]\n{{q}}\n{{ q | uper }}\n")));
        assertEquals(
                "x.md:7: a template in Jinja; got 'unknown block 'x''" + way,
                message(() -> read("variables: [q]\n---\n[user]\n100 {% x %} {{q}}\n")));
        assertEquals(
                "x.md:7: a template in Jinja; got 'unknown block 'generation''" + way,
                message(() -> read("variables: [q]\n---\n[user]\n{% generation %}{{q}}{% endgeneration %}\n")));
    }

    @Test
    void whateverAFileHoldsItIsATemplateOrRefusedInWords() {
        SplittableRandom random = new SplittableRandom(11);
        List<String> pieces = List.of(
                "{{", "}}", "{%", "%}", "{#", "#}", "\\{{", "q", " if q ", " endif ", " for a in q ", " endfor ", "\n",
                " ",
                "[user]\n", "[system]\n", "[example user]\n", "{{q}}", "{% raw %}", "{% endraw %}", "'", "|upper", "é",
                "😀",
                "(".repeat(500), "1 + ".repeat(500), "-", "loop", "examples", "none");
        int read = 0;
        for (int round = 0; round < 4_000; round++) {
            StringBuilder text = new StringBuilder("variables: [q]\n---\n[user]\n{{q}}");
            random.ints(random.nextInt(10), 0, pieces.size()).forEach(piece -> text.append(pieces.get(piece)));
            try {
                read(text.toString()).render(Map.of("q", "What?"));
                read++;
            } catch (ConfigException refused) {
                assertTrue(refused.problems().stream().allMatch(problem -> problem.place().startsWith("x.md")),
                        text + " -> " + refused.getMessage());
            }
        }
        assertTrue(read > 300, "only %s were templates".formatted(read));
    }

    @Test
    void unknownNamesAreRefusedWithTheOneThatWasMeant() {
        assertEquals(
                "x.md:8: a variable that the header declares [question]; got {{qestion}}; write {{question}}",
                message(() -> read("variables: [question]\n---\n[user]\n{{question}}\n{% if qestion %}a{% endif "
                        + "%}\n")));
        assertEquals(
                "x.md:8: a variable that the header declares [q]; got {{examples}}; add it to variables or correct it",
                message(() -> read("variables: [q]\n---\n[user]\n{{q}}\n{{ examples }}\n")));
        assertEquals(
                """
                x.md: variables: names in small letters, digits and _ that are no words of Jinja; \
                got 'none'; call it otherwise
                x.md: variables: names beside 'examples'; got it; call it otherwise: in a template with \
                example_variables it is the list of the examples
                x.md: variables: variables that a section uses; got 'none'; use {{none}} or remove it""",
                message(() -> read("variables: [none, examples]\nexample_variables: [a]\n---\n[user]\n{{none}} {{ "
                        + "examples[0].a }}\n")));
    }

    @Test
    void aValueTheTemplateCannotWorkWithIsRefusedByItsQuestion() {
        Question question = new Question(
                "q_7", "What is 2 + 2?", Optional.empty(), Optional.empty(), "", Optional.empty(), List.of(), Map.of());
        assertEquals(
                "x.md:8: values and fields that are there; got ''str object' has no attribute 'topic'' for question "
                        + "'q_7'; "
                        + "correct the name, or ask first: {{ x | default('') }}, {% if x is defined %}",
                message(() -> read("variables: [question]\n---\n[user]\nOn\n{{ question.topic }}\n")
                        .messages(question, List.of())));
        assertEquals(
                "x.md:7: what its filters and operators can work with; got TypeError 'can only concatenate str (not "
                        + "\"int\") "
                        + "to str' for question 'q_7'; mind the types: variables are texts, {{ x | int }} makes a "
                        + "number of one",
                message(() -> read("variables: [question]\n---\n[user]\n{{ question + 1 }}\n")
                        .messages(question, List.of())));
        assertEquals(
                "x.md:7: a prompt that is made in bounded time and space; got 'the template needs more than "
                        + "10,000,000 steps' "
                        + "for question 'q_7'; shorten its loops",
                message(() -> read("variables: [question]\n---\n[user]\n{% for a in range(9999) %}{% for b in "
                        + "range(9999) %}{% set a = question %}"
                        + "{% endfor %}{% endfor %}\n").messages(question, List.of())));
        assertEquals(
                "x.md:7: a prompt that is made in bounded time and space; got 'the template needs more than "
                        + "16,000,000 characters in "
                        + "one text' for question 'q_7'; shorten its loops",
                message(() -> read("variables: [question]\n---\n[user]\n{{ question * 9000000 }}\n")
                        .messages(question, List.of())));
    }

    @Test
    void theHashIsOfTheTextWhateverTheLineEnds() {
        String text = "---\nname: x\nversion: 1\nvariables: [q]\n---\n[user]\n{{q}}\n";
        assertEquals(PromptTemplateReader.read(text, "a").hash(),
                PromptTemplateReader.read(text.replace("\n", "\r\n"), "b").hash());
        assertNotEquals(PromptTemplateReader.read(text, "a").hash(),
                PromptTemplateReader.read(text.replace("{{q}}", "{{q}}!"), "a").hash());
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
                        few.render(QUESTION,
                                List.of(new FewShotExample("e", Map.of("question", "?", "solution", "s"))))));
    }

    @Test
    void everyProblemOfATemplateIsSaidAtOnceWithItsLine() {
        assertEquals(
                """
                x.md:8: a template in Jinja; got '{{ is not closed by }}'; mend it, or write \
                {% raw %} ... {% endraw %} around signs that are text
                x.md:10: a section [system], [user], [assistant], [example user] or [example assistant]; \
                got '[asistant]'; correct it; a line of text must not be one word in brackets alone
                x.md:12: text below the section; got none; write some or remove the section""",
                message(() -> PromptTemplateReader.read(
                        "---\nname: x\nversion: 1\nvariables: [q, r]\nexample_variables: "
                                + "[e]\n---\n[user]\n{{q\n{{s}}\n[asistant]\nhello\n[system]\n", "x.md")));
    }

    @Test
    void whatIsDeclaredIsUsed() {
        assertEquals(
                """
                x.md: variables: variables that a section uses; got 'r'; use {{r}} or remove it
                x.md: example_variables: variables that an example section uses; got 'e'; use {{e}} or remove it""",
                message(() -> read("variables: [q, r]\nexample_variables: [e]\n---\n[user]\n{{q}}\n")));
    }

    @Test
    void theHeaderIsReadStrictly() {
        assertEquals(
                "x.md:1: a header between two lines '---'; got 'Hello'; begin with ---, name: ..., version: ..., "
                        + "variables: [question], ---",
                message(() -> PromptTemplateReader.read("Hello", "x.md")));
        String unknown =
                message(() ->
                        PromptTemplateReader.read("---\nname: x\nversion: 1\nvariable: "
                                + "[q]\n---\n[user]\n{{q}}\n", "x.md"));
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

    /// A template called x, its header begun.
    private static PromptTemplate read(String rest) {
        return PromptTemplateReader.read("---\nname: x\nversion: 2\n" + rest, "x.md");
    }

    private static FewShotExample example(String id, String question, String answer) {
        return new FewShotExample(id, Map.of("question", question, "solution", "work", "answer", answer));
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
