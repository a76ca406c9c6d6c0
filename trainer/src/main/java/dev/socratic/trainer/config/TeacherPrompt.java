package dev.socratic.trainer.config;

import dev.socratic.core.config.NameOrFile;
import dev.socratic.datasets.source.RowVariables;
import dev.socratic.prompts.PromptTemplate;
import java.util.Map;
import java.util.Optional;

/// What a teacher is asked instead of what the student is asked, so that it knows more: a reference solution, a
/// demonstration, feedback. The answer is the same on both sides.
///
/// ```yaml
/// teacher_prompt: solution                      # built in, or the path of a file
/// teacher_prompt: {file: mine.md, fields: {proof: solutions[0].text}}
/// ```
///
/// @param file   name of a built-in template, or path of a file as module `prompts` has them. Its variables are fields
///               of the row by their own names; besides, `question` is what was asked last, `demonstration` and
///               `solution` what the row answers, where the row has no fields of these names
/// @param fields where else in a row a variable's text stands
public record TeacherPrompt(@NameOrFile(PromptTemplate.FILES) String file,
        Optional<Map<String, String>> fields) {
    public TeacherPrompt {
        fields = fields.map(RowVariables::checked);
    }

    /// @return where variables stand that bear another name in the row
    public Map<String, String> places() {
        return fields.orElse(Map.of());
    }
}
