package dev.socratic.curator.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the steps about content say of single rows.
class ContentStepsTest {
    private static final Step FORMAT = new FormatStep(new StepConfig.Format(false, Optional.empty(), true));
    private static final Step ARTIFACTS = new ArtifactsStep(new StepConfig.Artifacts(true, true));
    private static final Step CONSISTENCY = new ConsistencyStep(new StepConfig.Consistency(List.of("gold", "answer"),
            true, true));

    @Test
    void anAnswerThatStopsInTheMiddleIsUnfinishedAndOneWithoutAFullStopIsNot() {
        for (String cut : List.of("First we add the apples, and then we take", "So the total is 3 + 4 =",
                "There are five of them, and the",
                "We write it as \\boxed{12", "Here is the code:\n```python\nprint(1)")) {
            assertEquals(cut.endsWith("take") ? "keep" : "unfinished", said(FORMAT, Answers.chat("q", cut)), cut);
        }
        for (String whole : List.of("The right option is A", "He walks up to the light and turns it on",
                "It is a long way to Tipperary",
                "She has 12 apples left\n",
                "Here is the code:\n```python\nprint(1)\n```", "x is less than y")) {
            assertEquals("keep", said(FORMAT, Answers.chat("q", whole)),
                    whole);
        }
    }

    @Test
    void whatBelongsToAPromptIsNoAnswerUnlessTheQuestionSpeaksOfIt() {
        assertEquals("template_token", said(FORMAT, Answers.chat("q", "8<|im_end|>")));
        assertEquals("template_token", said(FORMAT, Answers.chat("q", "[INST] 8 [/INST]")));
        assertEquals("prompt_leak", said(FORMAT, Answers.chat("q", "### Instruction:\nAdd.\n### Response:\n8")));
        assertEquals("prompt_leak", said(FORMAT, Answers.chat("q", "It is 8.\n\nHuman: And now?\n\nAssistant: 9")));
        assertEquals("prompt_leak", said(FORMAT, Answers.chat("q", "I was instructed to answer briefly. It is 8.")));
        assertEquals("keep", said(FORMAT, Answers.chat("What does <|im_end|> mean?",
                "The token <|im_end|> ends a turn.")));
        assertEquals("prompt_leak", said(FORMAT,
                Answers.imported("{\"messages\": [{\"role\": \"system\", \"content\": \"Answer every question about "
                + "birds in one short line and never speak of cats or dogs\"}, {\"role\": \"user\", \"content\": "
                        + "\"q\"}, {\"role\": \"assistant\", "
                + "\"content\": \"I answer every question about birds in one short line and never "
                + "speak of cats.\"}]}")));
    }

    @Test
    void lettersOfAWrongTableAndRemnantsOfAPageGoAndOtherSignsStay() {
        assertEquals("mojibake", said(ARTIFACTS, Answers.chat("q", "It costs 5 \u00e2\u201a\u00ac today.")));
        assertEquals("mojibake", said(ARTIFACTS, Answers.chat("Wie gro\u00c3\u0178 ist er?", "2 m")));
        assertEquals("mojibake", said(ARTIFACTS, Answers.chat("q", "a \ufffd b")));
        assertEquals("html", said(ARTIFACTS, Answers.chat("q", "It is <span class=\"x\">8</span>.")));
        assertEquals("html", said(ARTIFACTS, Answers.chat("Tom &amp; Ann?", "8")));
        for (String clean : List.of("\u00c4pfel, \u00e9t\u00e9, \u00d1and\u00fa, \u20ac5 \u2013 \u201cso\u201d",
                "if a<b and c>d then a < d", "line<br>break and <b>bold</b>",
                "use `<div>` or\n```html\n<p>x</p>\n```", "AT&T and R&D", "\u4e2d\u6587\u548c\u65e5\u672c\u8a9e",
                        "5\u00b0C \u00b12")) {
            assertEquals("keep", said(ARTIFACTS, Answers.chat("q", clean)), clean);
        }
        assertEquals("keep", said(ARTIFACTS, Answers.chat("Write the HTML of a link.", "<a href=\"x\">y</a>")));
    }

    @Test
    void anAnswerThatContradictsItselfGoesAndOneInPartsStays() {
        assertEquals("contradicts_itself", said(CONSISTENCY, Answers.chat("q", "So \\boxed{12}. The answer is 15.")));
        assertEquals("contradicts_itself", said(CONSISTENCY,
                Answers.chat("q", "<think>So the answer is 7.</think>\nThe answer is 8.")));
        assertEquals("contradicts_itself", said(CONSISTENCY, Answers.chat("q", "4 + 5 = 9 apples. The answer is 11.")));
        assertEquals("wrong_arithmetic", said(CONSISTENCY, Answers.chat("q", "7 * 8 = 54, so 54.")));
        for (String fine : List.of("(a) The answer is 5. (b) The answer is 7.",
                "1/3 = 0.33, so about 33%. The answer is 33.", "20% of 50 = 10. The answer is 10.",
                "3 x 4 = 12 and x = 12 / y = 3", "2^3 = 8. The answer is 8.",
                        "The price is $1,200 + $300 = $1,500. The answer is 1500.",
                "100 / 7 = 14.29. The answer is 14.", "No numbers here. The answer is yes.",
                        "x - 3 = 5, so x = 8. The answer is 8.")) {
            assertEquals("keep", said(CONSISTENCY, Answers.chat("q", fine)), fine);
        }
    }

    @Test
    void theRightAnswerOfARowIsComparedByValue() {
        String row = "{\"messages\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\": \"assistant\", "
                + "\"content\": \"It is \\\\boxed{\\\\frac{1}{2}}.\"}], \"gold\": %s}";
        assertEquals("keep", said(CONSISTENCY, Answers.imported(row.formatted("0.5"))));
        assertEquals("contradicts_gold", said(CONSISTENCY, Answers.imported(row.formatted("\"0.25\""))));
    }

    @Test
    void anAnswerInAnotherLanguageThanItsQuestionGoesUnlessItWasAskedFor() {
        Step step = new LanguageStep(new StepConfig.Language("auto", TextPart.BOTH));
        String german = "Das sind dann noch drei von ihnen, weil er zwei an seine Freunde gibt und der Rest bei ihm "
                + "bleibt.";
        String english = "How many of them are left after he has given two of his to the others?";
        assertEquals("answer_in_other_language", said(step, Answers.chat(english, german)));
        assertEquals("keep", said(step, Answers.chat(english,
                "He has three of them left, as two are with the others.")));
        assertEquals("keep", said(step, Answers.chat("Translate this into German: " + english, german)));
        for (int i = 0; i < 30; i++) {
            step.sample(Answers.chat(english, "There are " + i + " of them left for the others."));
        }
        assertEquals("other_language", said(step, Answers.chat(german, german)));
    }

    @Test
    void inACorpusOfSeveralLanguagesThoseThatAreListedStay() {
        String german = "Das sind dann noch drei von ihnen, weil er zwei an seine Freunde gibt und der Rest bei ihm "
                + "bleibt.";
        String french = "Il y en a donc trois qui restent avec lui, parce que les autres sont chez ses amis.";
        String english = "There are three of them left, as two of the apples are with his friends.";
        String russian = "\u0423 \u0422\u043e\u043c\u0430 \u043e\u0441\u0442\u0430\u043b\u043e\u0441\u044c "
                + "\u0442\u0440\u0438 \u044f\u0431\u043b\u043e\u043a\u0430.";
        Step step = new LanguageStep(new StepConfig.Language("auto", TextPart.BOTH, List.of("en", "de", "ru"),
                StepConfig.Language.Mixed.KEEP));
        assertEquals("keep", said(step, Answers.chat(english, german)));
        assertEquals("keep", said(step, Answers.chat(english, "24 + 16 = 40")));
        assertEquals("keep", said(step, Answers.chat(english, russian)), "not told from Bulgarian, and kept");
        assertEquals("other_language", said(step, Answers.chat(english, french)));
        assertEquals("other_language", said(step, Answers.chat(french, english)));
        assertEquals("keep", said(step, Answers.chat("Say it in French: " + english, french)));
        assertEquals("{\"bg\":1,\"de\":1,\"en\":1,\"fr\":2,\"unknown\":1}",
                step.facts().path("answers_by_language").toString());
        assertEquals("language.keep: codes of ar, bg", assertThrows(ConfigException.class, () -> new LanguageStep(
                new StepConfig.Language("auto", TextPart.BOTH, List.of("xx"), StepConfig.Language.Mixed.KEEP)))
                .getMessage().substring(0, 30));
        assertEquals("expect: nothing beside keep; got 'en'; add it to keep, or leave keep out",
                assertThrows(IllegalArgumentException.class, () -> new StepConfig.Language("en", TextPart.BOTH,
                        List.of("de"), StepConfig.Language.Mixed.KEEP)).getMessage());
    }

    @Test
    void anAnswerWhoseParagraphsAreInTwoLanguagesIsToldAndGoesWhereItIsToGo() {
        String mixed = "First we see how many of them there are and what is left for the others.\n\n"
                + "Das sind dann noch drei von ihnen, weil er zwei an seine Freunde gibt und der Rest bei ihm bleibt.";
        Candidate row = Answers.chat("How many of them are left after he has given two of his to the others?", mixed);
        Step told = new LanguageStep(new StepConfig.Language("auto", TextPart.BOTH));
        assertEquals(Map.of("languages", 2.0), told.judge(row).scores().values());
        assertEquals("keep", said(told, row));
        assertEquals(2, told.facts().path("answers_in_several").intValue());
        Step drops = new LanguageStep(new StepConfig.Language("auto", TextPart.BOTH, List.of(),
                StepConfig.Language.Mixed.DROP));
        assertEquals("mixed_languages", said(drops, row));
        assertEquals("keep", said(drops, Answers.chat("Write it in English and in German.", mixed)));
        assertEquals("keep", said(drops, Answers.chat(row.question(), mixed.substring(0, mixed.indexOf('\n'))
                + "\n\n24 + 16 = 40\n\nSo there are forty of them in the end.")));
    }

    @Test
    void ofAPairThePreferredAnswerIsJudged() {
        String pair = "{\"prompt\": \"q\", \"chosen\": \"%s\", \"rejected\": \"%s\"}";
        Step refusal = new RefusalStep();
        assertEquals("refusal", said(refusal,
                Answers.imported(pair.formatted("I cannot help with that.", "It is 8."))));
        assertEquals("keep", said(refusal, Answers.imported(pair.formatted("It is 8.", "I cannot help with that."))));
    }

    @Test
    void everyTurnOfAConversationIsJudged() {
        assertEquals("refusal", said(new RefusalStep(),
                Answers.imported("{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, "
                + "{\"role\": \"assistant\", \"content\": \"I'm sorry, but I can't help with that.\"}, {\"role\": "
                        + "\"user\", \"content\": \"b\"}, "
                + "{\"role\": \"assistant\", \"content\": \"Fine.\"}]}")));
    }

    private static String said(Step step, Candidate row) {
        return switch (step.judge(row)) {
            case Decision.Keep keep -> "keep";
            case Decision.Edit edit -> edit.reason() + " " + edit.evidence();
            case Decision.Drop drop -> drop.reason();
        };
    }
}
