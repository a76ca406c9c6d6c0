"""Runs a program and its tests in one interpreter and says which test failed, in a file that is believed only with the
word that was given beforehand. Program and tests are compiled as one text, as code_eval of the package evaluate does
(`exec(program + "\n" + tests, {})`), and executed statement by statement from where the tests begin, so that each
`assert` of the tests is counted."""
import __future__
import ast
import io
import json
import os
import re
import sys

REPORT = "report.json"


def main():
    with open("word") as file:
        word = file.read()
    os.unlink("word")
    with open("program.py", encoding="utf-8", newline="") as file:
        program = file.read()
    with open("tests.py", encoding="utf-8", newline="") as file:
        tests = file.read()
    for name in ("program.py", "tests.py", "run_tests.py"):
        os.unlink(name)
    source = program + "\n" + tests
    state = {"word": word, "done": False, "passed": 0, "of": 0, "failure": None}
    dump, say = json.dumps, os.open

    def report():
        data = dump(state).encode("ascii")
        handle = say(REPORT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(handle, data)
        os.close(handle)

    def failed(kind, detail):
        if state["failure"] is None:
            state["failure"] = {"kind": kind, "detail": detail[:2000]}

    def line_of(error):
        trace, line = error.__traceback__, 0
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "<program>":
                line = trace.tb_lineno
            trace = trace.tb_next
        return line

    def why(error):
        text = type(error).__name__ + (": " + str(error) if str(error) else "")
        return re.sub(r"0x[0-9a-fA-F]{4,}", "0x...", text)

    def told(error):
        line = line_of(error)
        lines = source.splitlines()
        where = "line %d" % line + (": " + lines[line - 1].strip() if 0 < line <= len(lines) else "")
        return why(error) + " at " + where

    report()
    first = program.count("\n") + 2
    scope = {}
    try:
        tree = ast.parse(source, "<program>")
    except BaseException as error:  # of any kind: deep nesting is a MemoryError or RecursionError
        line = getattr(error, "lineno", None)
        failed("syntax", why(error) if line is None else "%s at line %s" % (why(error), line))
        state["of"] = 1
        state["done"] = True
        report()
        os._exit(0)
    split = len(tree.body)
    for index, statement in enumerate(tree.body):
        begin = min([statement.lineno] + [d.lineno for d in getattr(statement, "decorator_list", [])])
        if begin >= first:
            split = index
            break
    own, rest = tree.body[:split], tree.body[split:]
    counted = [isinstance(statement, ast.Assert) for statement in rest]
    if not any(counted) and rest:
        counted[-1] = True
    state["of"] = sum(counted)
    sys.stdin = io.StringIO()
    futures = 0
    for name in __future__.all_feature_names:
        futures |= getattr(__future__, name).compiler_flag
    flags = 0
    try:
        code = compile(ast.Module(own, []), "<program>", "exec", dont_inherit=True)
        flags = code.co_flags & futures
        exec(code, scope)
        for statement, counts in zip(rest, counted):
            code = compile(ast.Module([statement], []), "<program>", "exec", flags=flags, dont_inherit=True)
            try:
                exec(code, scope)
                state["passed"] += counts
            except AssertionError as error:
                if not isinstance(statement, ast.Assert):
                    raise
                failed("wrong", told(error))
                report()
            except Exception as error:
                if not isinstance(statement, ast.Assert):
                    raise
                failed("module" if isinstance(error, ModuleNotFoundError) else "error", told(error))
                report()
    except AssertionError as error:
        failed("wrong" if line_of(error) >= first else "error", told(error))
    except MemoryError as error:
        failed("memory", told(error))
    except SystemExit as error:
        failed("exit", told(error))
    except ModuleNotFoundError as error:
        failed("module", told(error))
    except BaseException as error:
        failed("error", told(error))
    state["done"] = True
    report()
    os._exit(0)


main()
