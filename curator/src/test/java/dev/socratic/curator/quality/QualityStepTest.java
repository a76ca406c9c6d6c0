package dev.socratic.curator.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class QualityStepTest {
    private static final String PROSE = "It was late in the year, and the rain had not stopped for a week. We sat in "
            + "the kitchen with the lamp on, and my brother told us that he would go to the town to look for work.\n\n"
            + "Nobody said a word. In the end our mother stood up, took the bread from the shelf, and cut it in four "
            + "parts, one for each of us to have. That was the last evening.";

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource
    void eachFilterHasASourceAndKeepsProse(String name) {
        QualityRules rules = QualityRules.read(name);

        assertTrue(rules.source().contains("arXiv:") || name.equals("reasoning"), rules.source());
        Candidate row = rules.of().spelled().equals("question") ? Answers.chat(
                "A baker sells 12 loaves an hour for 7 hours. How many loaves is that?", "84")
                : Answers.chat("a", PROSE);
        assertEquals("keep", said(name, row));
    }

    static List<String> eachFilterHasASourceAndKeepsProse() {
        List<String> names = QualityRules.names();
        assertEquals(List.of("c4", "dolma", "fineweb", "gopher", "gopher_repetition", "instruction", "reasoning",
                "refined_web"), names);
        return names;
    }

    /// By hand: the number of each measure over a text whose parts can be counted.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            words                           | one two, three                       | 3
            mean_word_length                | ab abcd -- 12                        | 2.666667
            longest_word                    | ab abcd                              | 4
            symbols_per_word: {symbols: ['#']} | # a b #c                          | 0.5
            alphabetic_words                | a 1 2b --                            | 0.5
            stop_words                      | The dog, that was with THE cat.      | 3
            lines_beginning: {with: ['-']}  | - a/b/- c/- d                        | 0.75
            lines_ending: {with: ['...']}   | a.../b                               | 0.5
            short_lines: {characters: 3}    | abc/abcd/a/b                         | 0.75
            newlines_per_word               | a/b/c d                              | 0.5
            sentences                       | It is. Is it? "Yes!" 3.5 is         | 3
            duplicate_lines                 | a/b/a/a                              | 0.5
            duplicate_paragraphs            | a//b//a                              | 0.333333
            duplicate_line_characters       | aaa/b/aaa/c                          | 0.375
            duplicate_paragraph_characters  | aaa//b//aaa//c                       | 0.375
            top_ngram: {n: 2}               | aa bb cc aa bb d                     | 0.727273
            duplicate_ngrams: {n: 2}        | aa bb cc aa bb d                     | 0.363636
            word_in_a_row                   | no no no yes no                      | 3
            phrases: {name: x, any: [map]}  | Map of the maps: a map               | 2
            begins: {with: [Write]}         | Write it                             | 1
            ends: {with: [':']}             | as follows                           | 0
            special_characters              | a-b c!                               | 0.333333
            mixed_scripts                   | abc дом x π                          | 0.428571
            mixed_scripts                   | 日本のカタカナ                         | 0
            """)
    void eachMeasureIsWhatIsCountedByHand(String measure, String text, String expected) throws IOException {
        int colon = measure.indexOf(':');
        String rule = colon < 0 ? measure + ": {max: 1000}"
                : measure.substring(0, measure.length() - 1) + ", max: 1000}";
        String rules = own("source: here\nrules: [{" + rule + "}]");

        Decision decision = new QualityStep(new StepConfig.Quality(rules, Optional.empty()))
                .judge(Answers.imported(Json.line(Map.of("text", text.replace('/', '\n')))));

        assertEquals(Double.parseDouble(expected), decision.scores().values().values().iterator().next(), 1e-6);
    }

    /// What each filter says of a text that its source means to lose.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gopher            | Too short to be a page.                | gopher_words {"least":50.0,"measure":"words","value":6.0}
            c4                | function f() { return 1; }             | c4_sentences {"least":5.0,"measure":"sentences","value":0.0}
            instruction       | Look at the picture and say what it is | instruction_phrases_other_media {"measure":"phrases_other_media","most":0.0,"value":1.0}
            instruction       | Answer the question as follows:        | instruction_ends {"measure":"ends","most":0.0,"value":1.0}
            reasoning         | As an AI language model I add 2 and 2. | reasoning_phrases_self {"measure":"phrases_self","most":0.0,"value":2.0}
            reasoning         | First 我们把两个数字加起来 and get 4.   | reasoning_mixed_scripts {"measure":"mixed_scripts","most":0.2,"value":0.47619}
            """)
    void aTextThatBreaksARuleIsDroppedWithMeasureAndLimit(String rules, String text, String expected) {
        boolean question = rules.equals("instruction");

        assertEquals(expected, said(rules, Answers.chat(question ? text : "What?", question ? "Yes." : text)));
    }

    @Test
    void linesThatBreakARuleAreTakenOutAndTheRestIsJudged() {
        Candidate row = Answers.imported(Json.line(Map.of("text",
                "Home\n" + PROSE + "\nWe use cookies here.\nIt rained. It poured. It was cold.")));

        Decision.Edit edit = (Decision.Edit) step("c4").judge(row);

        assertEquals(PROSE + "\nIt rained. It poured. It was cold.", edit.row().get("text").textValue());
        assertEquals("Home", edit.evidence().get("first").get(0).textValue());
        assertEquals("Home", row.json().get("text").textValue().substring(0, 4));
    }

    @Test
    void aQuestionIsNeverCutByRulesOverLines() {
        Candidate row = Answers.chat("Sum\nup this text, please", "Menu\nIt rained. It was cold. We went home. "
                + "There was no light. We slept.");

        Decision.Edit edit = (Decision.Edit) step("c4").judge(row);

        assertEquals("Sum\nup this text, please", edit.row().get("messages").get(0).get("content").textValue());
        assertTrue(edit.row().get("messages").get(1).get("content").textValue().startsWith("It rained."));
    }

    @Test
    void plainTextHasNoQuestionToBeJudged() {
        assertEquals("keep", said("instruction", Answers.imported("{\"text\": \"a\"}")));
    }

    @Test
    void rulesThatCannotBeAreRefusedByName() {
        assertEquals("quality.rules: rules that come with the curator or a file; got 'gophr'; write 'gopher'",
                refused("gophr"));
        assertTrue(refusedFile("rules: []\nsource: x").endsWith("rules: at least one; got none"),
                refusedFile("rules: []\nsource: x"));
        assertTrue(refusedFile("source: x\nrules: [{words: {}}]").endsWith(
                "rules: min or max of each; got neither of words"), refusedFile("source: x\nrules: [{words: {}}]"));
        String twice = "source: x\nrules: [{words: {min: 1}}, {words: {max: 2}}]";
        assertTrue(refusedFile(twice).endsWith(
                "rules: each measure once; got words twice; write both its limits in one"), refusedFile(twice));
        String regex = "source: x\nlines: {matching: ['(']}\nrules: [{words: {min: 1}}]";
        assertTrue(refusedFile(regex).contains("matching: regular expressions; got '(': Unclosed group"),
                refusedFile(regex));
    }

    @Test
    void aConfigNamesRulesByNameOrFile() throws IOException {
        String file = own("source: here\nof: question\nrules: [{words: {min: 3}}]");
        CurateConfig config = ConfigReader.read("steps: [quality, {quality: {rules: %s}}]".formatted(file), "c.yaml",
                CurateConfig.class);

        assertEquals(new StepConfig.Quality("reasoning", Optional.empty()), config.steps().getFirst());
        assertEquals("own_words {\"least\":3.0,\"measure\":\"words\",\"value\":1.0}", said(file,
                Answers.chat("Why?", "Because it is so.")));
    }

    private String own(String yaml) throws IOException {
        return Files.writeString(folder.resolve("own.rules.yaml"), yaml).toString();
    }

    private String refusedFile(String yaml) {
        try {
            return refused(own(yaml));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String refused(String rules) {
        return assertThrows(ConfigException.class, () -> step(rules)).getMessage();
    }

    private static QualityStep step(String rules) {
        return new QualityStep(new StepConfig.Quality(rules, Optional.empty()));
    }

    private static String said(String rules, Candidate row) {
        return switch (step(rules).judge(row)) {
            case Decision.Keep keep -> "keep";
            case Decision.Edit edit -> edit.reason() + " " + Json.canonical(edit.evidence());
            case Decision.Drop drop -> drop.reason() + " " + Json.canonical(drop.evidence());
        };
    }
}
