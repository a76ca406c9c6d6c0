package dev.socratic.curator.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.text.Ngrams;
import dev.socratic.datasets.row.Trace;
import dev.socratic.datasets.row.Trace.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiltersTest {
    private static final Step FORMAT = new FormatStep(new StepConfig.Format(true, Optional.of(true), true));

    @Test
    void aFailedVerdictGivesItsCheckAndDetail() {
        Candidate row = Answers.row("q",
                Answers.trace("q", 0, "", "1", List.of(new Verdict("final_answer", false, "gold 40"))));
        assertEquals("final_answer {\"check\":\"final_answer\",\"detail\":\"gold 40\"}",
                said(new VerdictsStep(new StepConfig.Verdicts(List.of())), row));
        assertEquals("keep", said(new VerdictsStep(new StepConfig.Verdicts(List.of("final_answer"))), row));
    }

    @Test
    void lengthCountsWordsOrCodePointsAndBothLimitsStay() {
        Step words = new LengthStep(new StepConfig.Length(TextPart.QUESTION, StepConfig.Length.Unit.WORDS, 2, 3));
        assertEquals("keep", said(words, Answers.row("one two")));
        assertEquals("keep", said(words, Answers.row("one two three")));
        assertEquals("too_short {\"length\":1,\"min\":2,\"of\":\"question\",\"unit\":\"words\"}",
                said(words, Answers.row("one")));
        assertEquals("too_long {\"length\":4,\"max\":3,\"of\":\"question\",\"unit\":\"words\"}",
                said(words, Answers.row("1 2 3 4")));
        Step characters =
                new LengthStep(new StepConfig.Length(TextPart.QUESTION, StepConfig.Length.Unit.CHARACTERS, 0, 1));
        assertEquals("keep", said(characters, Answers.row("\ud83d\ude00")));
        assertEquals(
                "min and max: 0 <= min <= max; got 3 and 2",
                assertThrows(IllegalArgumentException.class,
                        () -> new StepConfig.Length(TextPart.ANSWER, StepConfig.Length.Unit.WORDS, 3, 2)).getMessage());
    }

    @Test
    void formatAsksForMatchingMarksAnEndReasoningAndAFinalAnswer() {
        Candidate good = Answers.row("q");
        assertEquals("keep", said(FORMAT, good));
        assertEquals("think_marks {\"found\":\"an opening mark without a closing one\"}",
                said(FORMAT, Answers.answering("q", "<think>\n1")));
        assertEquals("think_marks {\"found\":\"a closing mark without an opening one\"}",
                said(FORMAT, Answers.answering("q", "1</think>2")));
        assertEquals("think_marks {\"found\":\"more than one pair of marks\"}",
                said(FORMAT, Answers.answering("q", "<think>1</think>2<think>3</think>")));
        assertEquals("think_marks {\"found\":\"text before the opening mark\"}",
                said(FORMAT, Answers.answering("q", "Well <think>1</think>2")));
        assertEquals("think_marks {\"found\":\"nothing after the closing mark\"}",
                said(FORMAT, Answers.answering("q", "<think>1</think>\n")));
        assertEquals("template_token {\"token\":\"<|im_end|>\"}", said(FORMAT, Answers.answering("q", "2<|im_end|>")));
        assertEquals("no_answer {\"last_message\":\"assistant\"}", said(FORMAT, Answers.answering("q", " \n")));
        Trace t = good.trace().orElseThrow();
        assertEquals("no_answer {\"last_message\":\"user\"}",
                said(FORMAT, changed(t, List.of(ChatMessage.user("q"), ChatMessage.assistant("2"),
                        ChatMessage.user("q")), FinishReason.STOP, t.reasoning(), t.finalAnswer())));
        assertEquals("unfinished {\"finish_reason\":\"length\"}",
                said(FORMAT, changed(t, t.messages(), FinishReason.LENGTH, t.reasoning(), t.finalAnswer())));
        assertEquals("no_reasoning {\"reasoning\":\"\"}",
                said(FORMAT, changed(t, t.messages(), FinishReason.STOP, Optional.empty(), t.finalAnswer())));
        assertEquals("no_final_answer {\"answer_text\":\"The answer is 2.\"}",
                said(FORMAT, changed(t, t.messages(), FinishReason.STOP, t.reasoning(), Optional.empty())));
    }

    @Test
    void anAnswerInALoopGoesWhateverItsLength() {
        Step step = repetition(0.5, 0.6);
        assertEquals("loop {\"copies\":6,\"limit\":6,\"words\":\"and then\"}",
                said(step, Answers.answering("q", "so " + "and then ".repeat(6))));
        assertEquals("keep", said(step, Answers.answering("q", "so " + "and then ".repeat(5))));
        assertEquals("keep", said(step, Answers.answering("q", "0 0 0 0 0 0 0")));
    }

    @Test
    void repeatedNgramsAreCountedByTheCharactersTheyCover() {
        List<String> words = List.of("aa", "bb", "cc", "aa", "bb", "dd");
        assertEquals(new Ngrams.Top("aa bb", 8.0 / 12), Ngrams.top(words, 2));
        assertEquals(4.0 / 12, Ngrams.duplicateShare(words, 2));
        assertEquals(0, Ngrams.top(words, 3).share());
        assertEquals(1, Ngrams.top(List.of("a", "a", "a", "a", "a"), 2).share(),
                "a share, also of n-grams that overlap");
        String text = "x1 y2 ".repeat(3) + "one two three four five six seven eight ";
        Candidate row = Answers.answering("q", text.repeat(3) + "end");
        assertEquals("duplicate_ngrams {\"limit\":0.6,\"n\":5,\"share\":",
                said(repetition(1, 0.6), row).substring(0, 44));
    }

    @Test
    void otherLanguagesAreToldByScriptAndByFunctionWords() {
        Step step = new LanguageStep(new StepConfig.Language("en", TextPart.QUESTION));
        assertEquals("other_script {\"expected\":\"en\",\"of\":\"question\",\"script\":\"cyrillic\",\"share\":1.0}",
                said(step, Answers.row(
                        "\u0423 \u0422\u043e\u043c\u0430 24 \u044f\u0431\u043b\u043e\u043a\u0430. "
                                + "\u0421\u043a\u043e\u043b\u044c\u043a\u043e?")));
        assertEquals("other_language "
                + "{\"expected\":\"en\",\"function_words\":0,\"likely\":\"de\","
                        + "\"likely_function_words\":5,\"of\":\"question\"}",
                said(step, Answers.row("Tom hat 24 Äpfel und kauft noch 16 auf dem Markt.")));
        assertEquals("keep", said(step, Answers.row("24 + 16 = 40")));
        assertEquals("keep", said(step, Answers.row("U = 17 + E, so 3 U = 402 and U = 134 per week per Uma")));
        assertEquals(
                "language.expect: auto or one of ar, bg, bn, ca, cs, da, de, el, en, es, fa, fi, fr, he, hi, hu, id, "
                        + "it, ja, ko, nb, nl, pl, pt, ro, ru, sv, ta, th, tr, uk, vi, zh; got \"english\"; leave the "
                        + "step out for others",
                assertThrows(ConfigException.class,
                        () -> new LanguageStep(new StepConfig.Language("english", TextPart.BOTH))).getMessage());
    }

    private static Step repetition(double top, double duplicate) {
        return new RepetitionStep(new StepConfig.Repetition(
                20, List.of(top, top, top), List.of(duplicate, duplicate, duplicate, duplicate, duplicate, duplicate),
                6));
    }

    private static Candidate changed(Trace t, List<ChatMessage> messages, FinishReason end, Optional<String> reasoning,
            Optional<String> answer) {
        return Answers.row("q", Answers.with(t, messages, end, reasoning, answer));
    }

    private static String said(Step step, Candidate row) {
        return switch (step.judge(row)) {
            case Decision.Keep keep -> "keep";
            case Decision.Edit edit -> edit.reason() + " " + Json.canonical(edit.evidence());
            case Decision.Drop drop -> drop.reason() + " " + Json.canonical(drop.evidence());
        };
    }
}
