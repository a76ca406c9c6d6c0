package dev.socratic.curator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import dev.socratic.curator.config.EvaluationQuestions;
import dev.socratic.datasets.source.QuestionSource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurationTest {
    private static final EvaluationQuestions TEST = new EvaluationQuestions("t",
            QuestionSource.File.of(Path.of("test.jsonl")), 0);

    @Test
    void whoeverListsStepsOfHisOwnIsStillKeptFromTrainingOnTheTest() {
        assertEquals(List.of("Format", "Decontaminate", "NearDuplicates"),
                steps("steps: [format, near_duplicates]", List.of(TEST)));
        assertEquals(List.of("Format", "Decontaminate"), steps("steps: [format]", List.of(TEST)));
    }

    @Test
    void aWrittenStepKeepsItsPlaceAndItsLimits() {
        assertEquals(List.of("NearDuplicates", "Decontaminate"),
                steps("steps: [near_duplicates, {decontaminate: {numbers: 1}}]", List.of(TEST)));
    }

    @Test
    void theCheckCanBeSwitchedOffByName() {
        assertEquals(List.of("Format"), steps("{steps: [format], evaluation: keep}", List.of(TEST)));
        assertTrue(Curation.of(config("evaluation: keep")).checkedAgainst().isEmpty());
    }

    @Test
    void withoutAnEvaluationNothingIsAdded() {
        assertEquals(List.of("Format"), steps("steps: [format]", List.of()));
    }

    @Test
    void aLimitThatIsNoShareIsRefused() {
        String message = assertThrows(ConfigException.class, () -> config("failed_limit: 3")).getMessage();
        assertTrue(message.contains("failed_limit: a share in [0, 1]; got 3.0; 1.0 accepts any"), message);
    }

    private static List<String> steps(String yaml, List<EvaluationQuestions> evaluation) {
        return new Curation(config(yaml), evaluation).steps().stream().map(step -> step.getClass().getSimpleName())
                .toList();
    }

    private static CurateConfig config(String yaml) {
        return ConfigReader.read(yaml, "curate.yaml", CurateConfig.class);
    }
}
