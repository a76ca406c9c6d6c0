package dev.socratic.datasets.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Sources as a recipe writes them.
class SourceConfigTest {
    record Recipe(QuestionSource questions, ExampleSource data) {}

    @Test
    void filesMixesSplitsAndWordProblemsAreWrittenAsTheyAreNamed() {
        Recipe recipe = ConfigReader.read("""
                questions:
                  split:
                    source: {file: {path: gsm8k.jsonl, fields: {question: problem.text, answer: "answers[0]"}, limit: 100}}
                    shares: {train: 0.9, test: 0.1}
                    take: train
                data:
                  mix:
                    parts:
                      - {source: {file: {path: train.jsonl, layout: share_gpt}}, weight: 3}
                      - {source: {word_problems: {split: train, count: 20, form: direct}}, weight: 1}
                """, "recipe.yaml", Recipe.class);
        QuestionSource.Split split = (QuestionSource.Split) recipe.questions();
        QuestionSource.File file = (QuestionSource.File) split.source();
        assertTrue(file.path().endsWith("gsm8k.jsonl"));
        assertEquals(Map.of("question", "problem.text", "answer", "answers[0]"), file.fields());
        assertEquals(Optional.of(100L), file.limit());
        assertEquals(List.of("train", "test"), List.copyOf(split.shares().keySet()));
        ExampleSource.Mix mix = (ExampleSource.Mix) recipe.data();
        assertEquals(Layout.SHARE_GPT, ((ExampleSource.File) mix.parts().getFirst().source()).layout());
        assertEquals(
                new ExampleSource.WordProblems(Split.TRAIN, 20, 0, new Form.Direct("Answer only.")), mix.parts().get(1)
                        .source());
    }

    @Test
    void aWrongMappingIsRefusedAtItsPlace() {
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.read("""
                questions: {file: {path: a.jsonl, fields: {awnser: x}}}
                data: {file: {path: b.jsonl}}
                """, "recipe.yaml", Recipe.class));
        assertTrue(refused.getMessage()
                .contains("known names are [answer, choices, licence, question, solution, source]; got \"awnser\""),
                        refused.getMessage());
    }
}
