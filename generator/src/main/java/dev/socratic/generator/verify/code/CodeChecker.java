package dev.socratic.generator.verify.code;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.sandbox.Sandbox;
import dev.socratic.core.sandbox.check.CodeJudge;
import dev.socratic.core.sandbox.check.CodeTests;
import dev.socratic.core.sandbox.check.CodeTests.Pair;
import dev.socratic.core.sandbox.check.CodeVerdict;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.datasets.row.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Runs answers with the tests of their questions. Safe to call from several threads.
public final class CodeChecker implements AutoCloseable {
    /// Name of the verdict, of the reason, and of the row's field.
    public static final String CHECK = "code";
    private static final String UNTESTED = "without_tests";

    private final CodeCheckConfig config;
    private final Sandbox sandbox;
    private final CodeJudge judge;
    private final Template program;
    private final Optional<Template> tests;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    private CodeChecker(CodeCheckConfig config, Sandbox sandbox) {
        this.config = config;
        this.sandbox = sandbox;
        this.judge = CodeJudge.of(sandbox, config.language());
        this.program = Template.parse(config.program(), CodeCheckConfig.OPTIONS);
        this.tests = config.tests().map(text -> Template.parse(text, CodeCheckConfig.OPTIONS));
    }

    /// @throws ConfigException where this machine has no sandbox, or not the language
    public static CodeChecker open(CodeCheckConfig config) {
        Sandbox sandbox = Sandbox.open(config.sandbox());
        try {
            return new CodeChecker(config, sandbox);
        } catch (ConfigException wrong) {
            sandbox.close();
            throw wrong;
        }
    }

    /// @return whether what is not right is rejected
    public boolean rejects() {
        return config.use() == CodeCheckConfig.Use.FILTER;
    }

    /// @param answer of the teacher, without its reasoning
    /// @return empty where the question has no tests
    /// @throws DataException where its tests cannot be read
    public Optional<CodeVerdict> check(Question question, String answer) {
        Map<String, Object> names = names(question);
        Optional<CodeTests> wanted = tests(question, names);
        if (wanted.isEmpty()) {
            count(UNTESTED);
            return Optional.empty();
        }
        names.put(CHECK, CodeBlock.of(answer));
        CodeVerdict verdict = judge.of(rendered(program, "program", names, question), wanted.get());
        count(verdict.outcome().id());
        return Optional.of(verdict);
    }

    /// @return the row's field `code`
    public static ObjectNode label(CodeVerdict verdict) {
        return verdict.json().put("score", verdict.score());
    }

    private void count(String what) {
        counts.computeIfAbsent(what, none -> new LongAdder()).increment();
    }

    private static Map<String, Object> names(Question question) {
        Map<String, Object> names = new LinkedHashMap<>(question.extra());
        names.put("question", TextNode.valueOf(question.question()));
        question.answer().ifPresent(answer -> names.put("answer", TextNode.valueOf(answer)));
        return names;
    }

    private Optional<CodeTests> tests(Question question, Map<String, Object> names) {
        if (tests.isPresent()) {
            try {
                String text = tests.get().render(names).text();
                return text.isBlank() ? Optional.empty() : Optional.of(new CodeTests.Statements(text));
            } catch (TemplateFailure failure) {
                if (failure.kind().reference().equals("UndefinedError")) {
                    return Optional.empty();
                }
                throw failed("tests", failure, question);
            }
        }
        JsonNode field = question.extra().get(config.pairs().orElseThrow());
        return field == null ? Optional.empty() : Optional.of(pairs(field, question));
    }

    private CodeTests pairs(JsonNode field, Question question) {
        List<Pair> pairs = new ArrayList<>();
        for (JsonNode one : field) {
            if (!one.path("input").isTextual() || !one.path("output").isTextual()) {
                break;
            }
            pairs.add(new Pair(one.get("input").asText(), one.get("output").asText()));
        }
        if (pairs.isEmpty() || pairs.size() < field.size()) {
            throw new DataException("question %s.%s".formatted(question.id(), config.pairs().orElseThrow()),
                    "a list of {input, output}, both texts", FirstLine.of(field.toString()),
                    "mend the question, or name another field");
        }
        return new CodeTests.Pairs(pairs);
    }

    private static String rendered(Template template, String key, Map<String, Object> names, Question question) {
        try {
            return template.render(names).text();
        } catch (TemplateFailure failure) {
            throw failed(key, failure, question);
        }
    }

    private static DataException failed(String key, TemplateFailure failure, Question question) {
        return new DataException("code." + key, "a template for the fields of question " + question.id(),
                "%s: %s".formatted(failure.kind().reference(), failure.getMessage()), "mend the template");
    }

    /// @return for the stage's report: verdicts by outcome, what was in force, what ran them
    public Map<String, Object> notes() {
        Map<String, Object> notes = new LinkedHashMap<>();
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((what, sum) -> sums.put(what, sum.sum()));
        notes.put("code_verdicts", sums);
        notes.put("code_isolation", sandbox.isolation().shown());
        notes.put("code_interpreter", judge.interpreter().version());
        return notes;
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
