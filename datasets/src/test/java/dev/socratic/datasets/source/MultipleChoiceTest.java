package dev.socratic.datasets.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.json.Json;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.Choices;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Multiple choice as public benchmarks have it: the teacher sees the choices, and the right one is known.
class MultipleChoiceTest {
    @TempDir
    Path folder;

    /// Each row as its data set writes it; the texts are our own.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            arc         | {"id": "M_1", "question": "Which flies?", "choices": {"text": ["a stone", "a gull", "a fork"], "label": ["A", "B", "C"]}, "answerKey": "B"} | Which flies?;A. a stone;B. a gull;C. a fork | B
            arc, digits | {"id": "M_2", "question": "Which flies?", "choices": {"text": ["a stone", "a gull"], "label": ["1", "2"]}, "answerKey": "2"} | Which flies?;1. a stone;2. a gull | 2
            openbookqa  | {"question_stem": "Ice is", "choices": {"text": ["cold", "hot"], "label": ["A", "B"]}, "answerKey": "A"} | Ice is;A. cold;B. hot | A
            older arc   | {"question": "Ice is", "choices": [{"label": "A", "text": "hot"}, {"label": "B", "text": "cold"}], "answerKey": "B"} | Ice is;A. hot;B. cold | B
            mmlu        | {"question": "How many?", "subject": "x", "choices": ["3", "1", "0", "2"], "answer": 1} | How many?;A. 3;B. 1;C. 0;D. 2 | B
            mmlu, first | {"question": "How many?", "choices": ["3", "0"], "answer": 0} | How many?;A. 3;B. 0 | A
            mmlu-pro    | {"question": "Which?", "options": ["a", "b", "c"], "answer": "C", "answer_index": 2} | Which?;A. a;B. b;C. c | C
            aqua-rat    | {"question": "How far?", "options": ["A)21 km", "B)21.5 km"], "rationale": "So it is.", "correct": "B"} | How far?;A. 21 km;B. 21.5 km | B
            medqa       | {"question": "Which?", "options": {"A": "a pill", "B": "a rest"}, "answer": "a rest", "answer_idx": "B"} | Which?;A. a pill;B. a rest | B
            its words   | {"question": "Capital of Italy?", "choices": ["Bonn", "Rome"], "answer": "Rome"} | Capital of Italy?;A. Bonn;B. Rome | B
            its value   | {"question": "Half of 84?", "choices": [41, 42], "answer": 42} | Half of 84?;A. 41;B. 42 | B
            hidden      | {"question": "Which?", "choices": ["a", "b"], "answerKey": ""} | Which?;A. a;B. b |
            """)
    void theChoicesStandBelowTheQuestionAndTheAnswerIsALabel(String name, String row, String asked, String answer)
            throws Exception {
        Question question = only(row);
        assertEquals(asked.replace(";", "\n"), question.question());
        assertEquals(Optional.ofNullable(answer), question.answer());
        Choices known = Choices.of(question.extra(), question.question());
        assertEquals(asked.split(";").length - 1, known.all().size(), "the judge knows them too");
        if (answer != null) {
            assertTrue(AnswerCheck.STANDARD.check(answer, "The answer is (" + answer + ").", known).equal());
        }
    }

    @Test
    void aQuestionThatListsItsChoicesIsLeftAsItIs() throws Exception {
        String listed = "Which flies?\\nA) a stone\\nB) a gull";
        Question ours = only("{\"id\": \"q7\", \"question\": \"" + listed
                + "\", \"choices\": [\"a stone\", \"a gull\"], \"answer\": \"a gull\", \"tags\": [\"x\"]}");
        assertEquals("Which flies?\nA) a stone\nB) a gull", ours.question());
        assertEquals(List.of("q7", "a gull", List.of("x")), List.of(ours.id(), ours.answer().get(), ours.tags()));
        assertEquals(ours.question(), only("{\"question\": \"" + listed
                + "\", \"choices\": [\"a stone\", \"a gull\"], \"answerKey\": \"B\"}").question());
    }

    @Test
    void whatTheFileCallsThemIsMapped() throws Exception {
        Path file = file("{\"q\": {\"stem\": \"Which?\", \"opts\": [\"a\", \"b\"]}, \"key\": \"B\"}");
        Question q = read(new QuestionSource.File(file, Layout.AUTO,
                Map.of("question", "q.stem", "choices", "q.opts", "answer", "key"), Optional.empty())).getFirst();
        assertEquals("Which?\nA. a\nB. b", q.question());
        assertEquals(Optional.of("B"), q.answer());
        assertEquals("{\"choices\":[\"a\",\"b\"]}", Json.line(q.extra()));
    }

    @Test
    void aRowWhoseAnswerIsNoneOfItsChoicesIsTold() throws Exception {
        assertEquals("answerKey: one of the choices [A, B], its words, or its place counted from 0; "
                + "got \"F\"; mend the row, or leave the answer out",
                problem("{\"question\": \"Which?\", \"choices\": [\"a\", \"b\"], \"answerKey\": \"F\"}", Map.of()));
        assertEquals("answer: one of the choices [A, B], its words, or its place counted from 0; "
                + "got -1; mend the row, or leave the answer out",
                problem("{\"question\": \"Which?\", \"choices\": [\"a\", \"b\"], \"answer\": -1}", Map.of()));
        assertEquals("c: two or more choices; got a list; a list of texts, or "
                + "{text: [...], label: [...]}",
                problem("{\"q\": \"Which?\", \"c\": [\"a\"]}", Map.of("question", "q", "choices", "c")));
    }

    @Test
    void theRightChoiceIsLearned() throws Exception {
        Path file = file("{\"question\": \"Which flies?\", \"choices\": [\"a stone\", \"a gull\"], \"answer\": 1}");
        try (RowStream<Example> rows = ExampleSource.File.of(file).open(Quarantine.refuse(), 0)) {
            Example.Chat chat = (Example.Chat) rows.iterator().next();
            assertEquals(List.of("Which flies?\nA. a stone\nB. a gull", "B"),
                    chat.messages().stream().map(m -> m.content()).toList());
        }
    }

    private String problem(String row, Map<String, String> fields) throws IOException {
        Quarantine.Listed bad = Quarantine.list();
        try (RowStream<Question> rows = new QuestionSource.File(file(row), Layout.AUTO, fields, Optional.empty())
                .open(bad, 0)) {
            assertEquals(List.of(), rows.toList());
        }
        return bad.rows().getFirst().reason();
    }

    private Question only(String row) throws IOException {
        return read(QuestionSource.File.of(file(row))).getFirst();
    }

    private static List<Question> read(QuestionSource source) {
        List<Question> all = new ArrayList<>();
        try (RowStream<Question> rows = source.open(Quarantine.refuse(), 0)) {
            rows.forEach(all::add);
        }
        return all;
    }

    private Path file(String row) throws IOException {
        return Files.writeString(folder.resolve("rows.jsonl"), row + "\n");
    }
}
