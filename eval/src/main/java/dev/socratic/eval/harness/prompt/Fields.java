package dev.socratic.eval.harness.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.python.PythonLiteral;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.core.template.TemplateOptions;
import dev.socratic.eval.harness.function.Equivalents;
import dev.socratic.eval.harness.function.TaskFunction;
import dev.socratic.eval.harness.task.DocField;
import dev.socratic.eval.harness.task.TaskConfig.Prompt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a task's fields make of a document. A template is Jinja as lm-evaluation-harness sets it up: undefined names
/// are refused, whitespace stays.
public final class Fields {
    /// How templates of tasks are read.
    public static final TemplateOptions OPTIONS = TemplateOptions.DEFAULT.strict().keepingWhitespace();

    private final Set<String> columns;
    private final boolean chooses;
    private final Map<String, Template> templates = new HashMap<>();

    /// @param columns names of the documents' fields
    /// @param chooses whether the task has `doc_to_choice`: then a text of digits is a number
    public Fields(Set<String> columns, boolean chooses) {
        this.columns = Set.copyOf(columns);
        this.chooses = chooses;
    }

    /// @return a text, or a number: of the choice that is the input
    Object text(Prompt prompt, ObjectNode doc) {
        Object value = value(prompt.text(), "doc_to_text", doc);
        return value instanceof String text && !isColumn(prompt.text()) ? numbered(text, prompt.text()) : value;
    }

    /// @return the choice that is right, where choices are inputs
    public Object number(Prompt prompt, ObjectNode doc) {
        return text(prompt, doc);
    }

    /// @return a text, a number or a list
    public Object target(Prompt prompt, ObjectNode doc) {
        Object value = value(prompt.target(), "doc_to_target", doc);
        if (!(value instanceof String text) || isColumn(prompt.target()) || !isWritten(prompt.target())) {
            return value;
        }
        if (text.length() >= 2 && text.startsWith("[") && text.endsWith("]")) {
            return PythonLiteral.read(text).orElse(text);
        }
        return numbered(text, prompt.target());
    }

    private Object numbered(String text, Optional<DocField> field) {
        boolean digits = isWritten(field) && chooses && !text.isEmpty()
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? PythonLiteral.read(text).orElse(text) : text;
    }

    /// @return the choices
    public List<String> choices(Prompt prompt, ObjectNode doc) {
        Object value = value(prompt.choice(), "doc_to_choice", doc);
        Object read = value instanceof String text ? PythonLiteral.read(text).orElse(text) : value;
        if (!(read instanceof List<?> list) || list.isEmpty()
                || !list.stream().allMatch(String.class::isInstance)) {
            throw new DataException(place(prompt.choice()), "doc_to_choice: a list of texts", shown(read),
                    "write a template that prints one, {{choices}}");
        }
        return list.stream().map(String.class::cast).toList();
    }

    /// A field of this document of that name, else the template's text; empty where there is none.
    String plain(Optional<DocField> field, ObjectNode doc) {
        if (field.isEmpty()) {
            return "";
        }
        Object value = field.get() instanceof DocField.Written written && doc.has(written.text())
                ? java(doc.get(written.text())) : value(field, "description or gen_prefix", doc);
        return value instanceof String text ? text : String.valueOf(value);
    }

    private Object value(Optional<DocField> field, String key, ObjectNode doc) {
        return switch (field.orElseThrow(() -> new DataException(key, "a field every task of this kind has", "none",
                "write " + key))) {
            case DocField.Fixed fixed -> fixed.number();
            case DocField.Listed listed -> listed.items();
            case DocField.Called called -> Equivalents.of(called.name(), TaskFunction.Field.class).orElseThrow(() ->
                    new DataException(called.name().place(), "a template, or a function with an equivalent here",
                            "!function " + called.name().key(), "write it as a Jinja template")).of(doc);
            case DocField.Written written when columns.contains(written.text()) -> java(doc.path(written.text()));
            case DocField.Written written -> rendered(written, doc);
        };
    }

    private String rendered(DocField.Written written, ObjectNode doc) {
        Map<String, Object> names = new LinkedHashMap<>();
        doc.properties().forEach(entry -> names.put(entry.getKey(), entry.getValue()));
        try {
            return templates.computeIfAbsent(written.text(), text -> Template.parse(text, OPTIONS)).render(names)
                    .text();
        } catch (TemplateFailure failure) {
            String at = failure.line() > 0 ? ", line %s of the template".formatted(failure.line()) : "";
            throw new DataException(written.place() + at, "a template for documents with the fields "
                    + String.join(", ", (Iterable<String>) doc::fieldNames),
                    "%s: %s".formatted(failure.kind().reference(), failure.getMessage()), "mend the template");
        }
    }

    private boolean isColumn(Optional<DocField> field) {
        return field.orElseThrow() instanceof DocField.Written written && columns.contains(written.text());
    }

    private static boolean isWritten(Optional<DocField> field) {
        return field.orElseThrow() instanceof DocField.Written;
    }

    private static String place(Optional<DocField> field) {
        return field.map(one -> switch (one) {
            case DocField.Written written -> written.place();
            case DocField.Called called -> called.name().place();
            case DocField.Fixed ignored -> "doc_to_choice";
            case DocField.Listed ignored -> "doc_to_choice";
        }).orElse("doc_to_choice");
    }

    private static String shown(Object value) {
        String text = String.valueOf(value);
        return "'" + (text.length() > 80 ? text.substring(0, 80) + "..." : text) + "'";
    }

    /// @return String, Long, Double, Boolean as a number, list; None as the text it prints
    static Object java(JsonNode node) {
        if (node.isArray()) {
            List<Object> items = new ArrayList<>();
            node.forEach(item -> items.add(java(item)));
            return items;
        }
        return node.isTextual() ? node.asText()
                : node.isBoolean() ? (Object) (node.booleanValue() ? 1L : 0L)
                : node.isIntegralNumber() ? (Object) node.longValue()
                : node.isNumber() ? (Object) node.doubleValue()
                : node.isNull() || node.isMissingNode() ? "None" : node.toString();
    }
}
