package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.recipe.Endpoint;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Multiple choice as its data sets publish it, from the file to the figure.
class MultipleChoiceRunTest {
    @TempDir
    Path folder;

    @Test
    void whoIsExaminedSeesTheChoicesAndIsJudgedByTheRightOne() throws Exception {
        try (Endpoint endpoint = new Endpoint()) {
            Shell shell = new Shell(folder, Map.of())
                    .file("arc.jsonl", """
                            {"id": "M1", "question": "What is 30 + 4?", "choices": {"text": ["33", "34"], "label": ["A", "B"]}, "answerKey": "B"}
                            {"id": "M2", "question": "What is 20 + 1?", "choices": {"text": ["21", "12"], "label": ["A", "B"]}, "answerKey": "B"}
                            """)
                    .file("mmlu.jsonl", """
                            {"question": "What is 1 + 2?", "subject": "sums", "choices": ["4", "3", "2", "1"], "answer": 1}
                            """)
                    .file("r.yaml", """
                            name: choices
                            generate:
                              questions: {file: {path: mmlu.jsonl}}
                              prompt: plain
                              teacher: {%s}
                            eval:
                              models: {asked: teacher}
                              tasks: [{name: arc, prompt: plain, questions: {file: {path: arc.jsonl}}}]
                            """.formatted(endpoint.config("")));
            Shell.Result ran = shell.line("run {}/r.yaml --out {}/run");
            assertEquals(0, ran.code(), ran.toString());
            assertTrue(endpoint.asked().contains("What is 30 + 4?\nA. 33\nB. 34"), endpoint.asked().toString());
            assertTrue(endpoint.asked().contains("What is 1 + 2?\nA. 4\nB. 3\nC. 2\nD. 1"), "generate too");
            assertTrue(ran.out().contains("50.0 %"), ran.out());
            assertTrue(ran.err().contains("kept 1"), "the right choice passes the checks: " + ran.err());
        }
    }
}
