package dev.socratic.core.sandbox.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.sandbox.Sandbox;
import dev.socratic.core.sandbox.SandboxConfig;
import dev.socratic.core.sandbox.Sandboxes;
import dev.socratic.core.sandbox.check.CodeTests.Pair;
import dev.socratic.core.sandbox.check.CodeVerdict.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CodeJudgeTest {
    private static final String ADD = "def add(a, b):\n    return a + b\n";
    private static Sandbox sandbox;
    private static CodeJudge judge;

    @BeforeAll
    static void open() {
        sandbox = Sandboxes.open(new SandboxConfig(1, 60, 256, 8, 16, false, Map.of()));
        judge = CodeJudge.of(sandbox, "python");
    }

    @AfterAll
    static void close() {
        if (sandbox != null) { // no sandbox here: everything was skipped
            sandbox.close();
        }
    }

    private static CodeVerdict of(String program, String tests) {
        return judge.of(program, new CodeTests.Statements(tests));
    }

    @Test
    void everyAssertIsATestAndTheFirstThatFailsIsTheEvidence() {
        assertEquals(new CodeVerdict(Outcome.PASSED, 2, 2, ""), of(ADD, "assert add(1, 2) == 3\nassert add(0, 0) == 0"));
        CodeVerdict wrong = of(ADD.replace("+", "*"),
                "assert add(1, 2) == 3\nassert add(0, 0) == 0\nassert add(2, 3) == 5, 'sum of 2 and 3'");
        assertEquals(new CodeVerdict(Outcome.WRONG, 1, 3, "AssertionError at line 4: assert add(1, 2) == 3"), wrong);
        assertEquals(1 / 3.0, wrong.score());
    }

    @Test
    void aFunctionThatAssertsIsOneTest() {
        String check = "def check(f):\n    assert f(1, 2) == 3\n    assert f(5, 5) == 10\n\ncheck(add)";
        assertEquals(new CodeVerdict(Outcome.PASSED, 1, 1, ""), of(ADD, check));
        assertEquals(new CodeVerdict(Outcome.WRONG, 0, 1, "AssertionError at line 5: assert f(1, 2) == 3"),
                of("def add(a, b):\n    c = a - b\n    return c", check));
    }

    @Test
    void whatIsNoWrongAnswerIsToldApart() {
        assertEquals(new CodeVerdict(Outcome.SYNTAX, 0, 1, "SyntaxError: invalid syntax (<program>, line 1) at line 1"),
                of("x = = 1", "assert x"));
        assertEquals(new CodeVerdict(Outcome.ERROR, 0, 1, "ZeroDivisionError: division by zero at line 1: x = 1 / 0"),
                of("x = 1 / 0", "assert x"));
        assertEquals(Outcome.TIMEOUT, of("while True: pass", "assert 1").outcome());
        assertEquals(Outcome.MEMORY, of("x = bytearray(1 << 30)", "assert 1").outcome());
        assertEquals("ModuleNotFoundError: No module named 'nosuch_module' at line 1: import nosuch_module",
                of("import nosuch_module", "assert 1").detail());
        assertEquals(Outcome.MISSING_MODULE, of("import nosuch_module", "assert 1").outcome());
        CodeVerdict crashed = of("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "assert 1");
        assertEquals(new CodeVerdict(Outcome.CRASHED, 0, 1, "ended by signal 11"), crashed);
    }

    @Test
    void whoEndsBeforeItsTestsHasNotPassedThem() {
        for (String exit : List.of("import sys\nsys.exit(0)", "exit()", "raise SystemExit", "import os\nos._exit(0)")) {
            CodeVerdict verdict = of(ADD + exit, "assert add(1, 1) == 3");
            assertEquals(Outcome.EXITED, verdict.outcome(), exit + " " + verdict);
            assertTrue(!verdict.isRight() && verdict.score() == 0);
        }
    }

    @Test
    void aReportThatTheProgramWritesItselfIsNotBelieved() {
        CodeVerdict verdict = of("import os\nopen('report.json', 'w').write("
                + "'{\"word\": \"\", \"done\": true, \"passed\": 9, \"of\": 9}')\nos._exit(0)", "assert False");
        assertEquals(new CodeVerdict(Outcome.EXITED, 0, 1, "ended with status 0"), verdict);
        assertEquals("[]", pythonSays("import os\nprint([f for f in os.listdir('.') if '.' in f or f == 'word'])"));
    }

    private static String pythonSays(String program) {
        CodeVerdict verdict = judge.of(program, new CodeTests.Pairs(List.of(new Pair("", "?"))));
        return verdict.detail().replaceAll("(?s).*got '(.*)'", "$1").replace("'program.py'", "");
    }

    @Test
    void programAndTestsAreOneTextAsTheReferenceCompilesThem() {
        // A decorator at the end belongs to what follows; an open bracket makes all of it no program.
        assertEquals(Outcome.PASSED, of("def twice(f):\n    return lambda x: 2 * f(x)\n@twice",
                "def g(x):\n    return x\nassert g(2) == 4").outcome());
        assertEquals(Outcome.SYNTAX, of("x = (1", "assert True").outcome());
        assertEquals(Outcome.PASSED, of("if __name__ == '__main__':\n    1 / 0", "assert True").outcome());
        assertEquals(Outcome.PASSED, of("from __future__ import annotations\ndef f(x: Nope): return x",
                "def g(y: Nada): return f(y)\nassert g(1) == 1").outcome());
        assertEquals(Outcome.PASSED, of("# ün\u00efcode \ud83d\ude00\r\nx = '\u2603'", "assert len(x) == 1").outcome());
    }

    @Test
    void detailsAreTheSameInEveryRun() {
        CodeVerdict verdict = of("raise ValueError(object())", "assert 1");
        assertEquals("ValueError: <object object at 0x...> at line 1: raise ValueError(object())", verdict.detail());
    }

    @Test
    void pairsAreRunOneByOneAndComparedByLines() {
        CodeTests.Pairs pairs = new CodeTests.Pairs(List.of(new Pair("1 2\n", "3\n"), new Pair("2 2\n", "4.0"),
                new Pair("5 5", "11")));
        assertEquals(new CodeVerdict(Outcome.WRONG, 2, 3, "test 3: line 1: expected '11'; got '10'"),
                judge.of("a, b = map(int, input().split())\nprint(a + b)\n\n", pairs));
        CodeVerdict fails = judge.of("print(int(input()))", pairs);
        assertEquals(Outcome.ERROR, fails.outcome());
        assertEquals("test 1: ended with status 1: ValueError: invalid literal for int() with base 10: '1 2'",
                fails.detail());
        assertEquals(new CodeVerdict(Outcome.WRONG, 0, 3, "test 1: line 1: expected '3'; got none"),
                CodeJudge.of(sandbox, "bash").of("true", pairs));
    }

    @Test
    void statementsAreForPythonOnly() {
        assertEquals("tests: inputs with expected outputs, for bash; got statements, which only python has; write "
                + "pairs of input and expected output", assertThrows(ConfigException.class, () ->
                CodeJudge.of(sandbox, "bash").of("true", new CodeTests.Statements("true"))).getMessage());
    }

    @Test
    void outputsAreEqualByLinesBlanksAndNumbers() {
        assertEquals(Optional.empty(), Outputs.difference("1 2\n3\n", " 1 2 \r\n3\n\n"));
        assertEquals(Optional.empty(), Outputs.difference("1.50 yes", "1.5  yes"));
        assertEquals(Optional.of("line 2: expected 'b'; got none"), Outputs.difference("a\nb", "a"));
        assertEquals(Optional.of("line 2: expected no more lines; got 'b'"), Outputs.difference("a", "a\nb"));
        assertEquals(Optional.of("line 1: expected '1e999999999'; got '1'"), Outputs.difference("1e999999999", "1"));
        assertEquals(Optional.of("line 1: expected 'Yes'; got 'yes'"), Outputs.difference("Yes", "yes"));
    }
}
