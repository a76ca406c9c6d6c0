package dev.socratic.generator.verify.code;

import dev.socratic.core.config.Default;
import dev.socratic.core.sandbox.Language;
import dev.socratic.core.sandbox.SandboxConfig;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.core.template.TemplateOptions;
import java.util.Optional;

/// How answers that are programs are tested. Texts are templates of Jinja over the question's own fields, `question`,
/// `answer`, and `code`: the answer's last block of code, or all of it where it has none.
///
/// @param language of the programs
/// @param program  what is run of an answer
/// @param tests    statements behind it, python only; a question without the fields it names is not tested
/// @param pairs    instead, a field of the question: a list of `{input, output}`
/// @param use      what a verdict is for
/// @param sandbox  what programs may take
public record CodeCheckConfig(
        @Default("python") String language,
        @Default("'{{ code }}'") String program,
        Optional<String> tests,
        Optional<String> pairs,
        @Default("filter") Use use,
        @Default("{}") SandboxConfig sandbox) {
    static final TemplateOptions OPTIONS = TemplateOptions.DEFAULT.strict().keepingWhitespace();

    /// What a verdict is for.
    public enum Use {
        /// An answer that is not right is rejected.
        FILTER,
        /// Every answer stays; the row's field `code` says how it did.
        LABEL
    }

    public CodeCheckConfig {
        if (!Language.names().contains(language)) {
            throw new IllegalArgumentException(
                    "language: one of %s; got '%s'; write one of them".formatted(Language.names(), language));
        }
        if (tests.isPresent() == pairs.isPresent()) {
            throw new IllegalArgumentException("tests or pairs: one of the two; got %s; write tests: '{{ test }}' for "
                    .formatted(tests.isPresent() ? "both" : "neither")
                    + "statements, or pairs: FIELD for inputs with their outputs");
        }
        if (tests.isPresent() && !language.equals(Language.PYTHON)) {
            throw new IllegalArgumentException("tests: statements, which only python has; got them for %s; write pairs"
                    .formatted(language));
        }
        parsed("program", program);
        tests.ifPresent(text -> parsed("tests", text));
    }

    private static void parsed(String key, String text) {
        try {
            Template.parse(text, OPTIONS);
        } catch (TemplateFailure failure) {
            throw new IllegalArgumentException("%s: a template of Jinja; got %s; mend the template".formatted(key,
                    failure.getMessage()));
        }
    }
}
