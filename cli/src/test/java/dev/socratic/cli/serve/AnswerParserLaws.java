package dev.socratic.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.cli.serve.AnswerParser.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Answers taken apart: the same parts however they arrive, and nothing of them lost.
class AnswerParserLaws {
    private static final AnswerForm THINKS = new AnswerForm(true, false, Optional.empty(), false);
    private static final String SUN = "{\"name\": \"weather\", \"arguments\": {\"city\": \"Köln\", \"days\": 2}}";

    private static AnswerForm calls(ToolFormat format) {
        return new AnswerForm(true, false, Optional.of(format), false);
    }

    /// The parts of each kind, joined: `thought|said|name(arguments) ..`.
    private static String parsed(AnswerForm form, List<String> pieces) {
        AnswerParser parser = new AnswerParser(form);
        List<Part> parts = new ArrayList<>();
        pieces.forEach(piece -> parts.addAll(parser.add(piece)));
        parts.addAll(parser.end());
        StringBuilder thought = new StringBuilder();
        StringBuilder said = new StringBuilder();
        StringBuilder called = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Thought one -> thought.append(one.text());
                case Part.Said one -> said.append(one.text());
                case Part.Called one -> called.append(one.call().name()).append('(').append(one.call().arguments())
                        .append(')');
            }
        }
        return thought + "|" + said + "|" + called;
    }

    private static void parses(String expected, AnswerForm form, String text) {
        assertEquals(expected, parsed(form, List.of(text)), text);
        assertEquals(expected, parsed(form, text.chars().mapToObj(one -> String.valueOf((char) one)).toList()),
                "letter by letter: " + text);
        SplittableRandom random = new SplittableRandom(text.length());
        for (int round = 0; round < 20; round++) {
            List<String> pieces = new ArrayList<>();
            for (int at = 0, to; at < text.length(); at = to) {
                to = Math.min(text.length(), at + 1 + random.nextInt(9));
                pieces.add(text.substring(at, to));
            }
            assertEquals(expected, parsed(form, pieces), pieces.toString());
        }
    }

    @Test
    void thoughtsAreToldApartFromWhatIsSaid() {
        parses("2 + 2 = 4|It is 4.|", THINKS, "<think>\n2 + 2 = 4\n</think>\n\nIt is 4.");
        parses("2 + 2|It is 4.|", new AnswerForm(true, true, Optional.empty(), false), "2 + 2\n</think>\nIt is 4.");
        parses("cut off||", THINKS, "<think>cut off");
        parses("|no thoughts|", THINKS, "no thoughts");
        parses("|  a < b <b>|", THINKS, "  a < b <b>");
        parses("||", THINKS, "");
        parses("|<think>a</think>b|", AnswerForm.PLAIN, "<think>a</think>b");
        parses("|<thin|", THINKS, "<thin");
    }

    @Test
    void callsOfQwenAndHermesStandBetweenTags() {
        AnswerForm form = calls(ToolFormat.TAGGED);
        String arguments = "{\"city\":\"Köln\",\"days\":2}";
        parses("||weather(" + arguments + ")", form, "<tool_call>\n" + SUN + "\n</tool_call>");
        parses("hm|Let me see.|weather(" + arguments + ")weather(" + arguments + ")", form,
                "<think>hm</think>\n\nLet me see.\n<tool_call>\n%s\n</tool_call>\n<tool_call>\n%s\n</tool_call>\n"
                        .formatted(SUN, SUN));
        parses("||weather(" + arguments + ")", form, "<tool_call>" + SUN); // an answer that a stop text ended
        parses("|<tool_call>{\"name\": \"we|", form, "<tool_call>{\"name\": \"we");
        parses("|a<tool_call>no json</tool_call> b|", form, "a<tool_call>no json</tool_call> b");
        parses("|a <tool b|", form, "a <tool b");
        parses("||now({})", form, "<tool_call>{\"name\": \"now\"}</tool_call>");
    }

    @Test
    void anAnswerThatIsACallAlreadyIsReadAsOne() {
        String arguments = "{\"city\":\"Köln\",\"days\":2}";
        parses("||weather(" + arguments + ")", AnswerForm.call(ToolFormat.TAGGED), SUN);
        parses("||weather(" + arguments + ")", AnswerForm.call(ToolFormat.LISTED), "[" + SUN + "]");
        parses("||weather(" + arguments + ")", AnswerForm.call(ToolFormat.BARE), SUN.replace("arguments", "parameters"));
        parses("|<tool_call>{\"name\": |", AnswerForm.call(ToolFormat.TAGGED), "{\"name\": ");
    }

    @Test
    void callsOfMistralAreAListAndThoseOfLlamaAreBare() {
        String arguments = "{\"city\":\"Köln\",\"days\":2}";
        for (String start : List.of("[TOOL_CALLS] ", "[TOOL_CALLS]", " ", "")) {
            parses("||weather(" + arguments + ")weather(" + arguments + ")", calls(ToolFormat.LISTED),
                    start + "[" + SUN + ", " + SUN + "]");
        }
        parses("|[1] says so|", calls(ToolFormat.LISTED), "[1] says so");
        parses("|[{\"name\": 3}]|", calls(ToolFormat.LISTED), "[{\"name\": 3}]");
        String llama = SUN.replace("arguments", "parameters");
        parses("||weather(" + arguments + ")", calls(ToolFormat.BARE), llama);
        parses("||weather(" + arguments + ")weather(" + arguments + ")", calls(ToolFormat.BARE),
                "<|python_tag|>" + llama + "; " + llama);
        parses("|{\"answer\": 4}|", calls(ToolFormat.BARE), "{\"answer\": 4}");
        parses("|Four.|", calls(ToolFormat.BARE), "Four.");
    }

    /// Whatever a model writes: with no call in it that can be read, every character is said or thought.
    @ParameterizedTest
    @EnumSource(ToolFormat.class)
    void nothingIsLost(ToolFormat format) {
        String[] atoms = {"<think>", "</think>", "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "{", "}", "[", "a", " "};
        SplittableRandom random = new SplittableRandom(format.ordinal());
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(atoms[random.nextInt(atoms.length)]);
            }
            String whole = parsed(calls(format), List.of(text.toString()));
            parses(whole, calls(format), text.toString());
            assertEquals(text.toString().replaceAll("[^{}\\[a]", ""), whole.replaceAll("[^{}\\[a]", ""));
        }
    }

    @Test
    void theFormIsWhatTheTemplateShows() {
        assertEquals(Optional.of(ToolFormat.TAGGED), ToolFormat.of("{% if tools %}<tool_call>{% endif %}"));
        assertEquals(Optional.of(ToolFormat.LISTED), ToolFormat.of("{% if tools %}[AVAILABLE_TOOLS][TOOL_CALLS]"));
        assertEquals(Optional.of(ToolFormat.BARE),
                ToolFormat.of("{{ tools }}<|start_header_id|>'{\"name\": \"' '\"parameters\": '"));
        assertEquals(Optional.empty(), ToolFormat.of("<tool_call>"), "it reads no tools");
        assertEquals(Optional.empty(), ToolFormat.of("{{ tools }}<tool_call><function=f>"), "XML");
        assertEquals(Optional.empty(), ToolFormat.of("{{ tools }}[TOOL_CALLS]f[ARGS]{}"));
        assertEquals(Optional.empty(), ToolFormat.of("{{ tools }}"));
    }
}
