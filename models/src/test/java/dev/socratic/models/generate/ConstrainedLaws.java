package dev.socratic.models.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Constraint;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Limits;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.constrain.Documents;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.text.ChatTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a model would say, what it writes is what it has to be: a model of random weights, which wants nothing of
/// the kind.
class ConstrainedLaws {
    @TempDir
    static Path folder;

    private static LocalModel model;

    @BeforeAll
    static void oneModel() throws Exception {
        Engines.threads(1);
        SmallModel.write(folder, 320, 512);
        model = LocalModel.open(folder, 16, ChatTemplate.DAY, Compute.CPU);
    }

    @AfterAll
    static void closed() {
        model.close();
    }

    private static GenerationParameters within(Constraint constraint, double temperature, int most, String prefix) {
        return new GenerationParameters(new Sampling(temperature, 1), most, List.of(), Limits.NONE, prefix,
                Optional.of(constraint));
    }

    private static GenerationRequest ask(GenerationParameters parameters, long seed) {
        return new GenerationRequest("q", List.of(ChatMessage.user("Tom has 12")), parameters, seed);
    }

    private static Completion one(GenerationParameters parameters, long seed) throws InterruptedException {
        return assertInstanceOf(Completion.class, model.generate(List.of(ask(parameters, seed))).getFirst());
    }

    private static Constraint.JsonSchema schema(JsonNode schema) {
        return new Constraint.JsonSchema(Json.mapper().convertValue(schema, Map.class));
    }

    @Test
    void whatARandomModelWritesIsADocumentOfTheSchema() throws Exception {
        Documents documents = new Documents(21);
        List<JsonNode> schemas = IntStream.range(0, 48).<JsonNode>mapToObj(i -> documents.schema(3)).toList();
        Set<String> written = new HashSet<>();
        for (int from = 0; from < schemas.size(); from += 16) {
            List<GenerationRequest> unit = new ArrayList<>();
            for (JsonNode schema : schemas.subList(from, from + 16)) {
                unit.add(ask(within(schema(schema), unit.size() % 4 == 0 ? 0 : 2, 400, ""), unit.size()));
            }
            List<GenerationOutcome> outcomes = model.generate(unit);
            for (int i = 0; i < outcomes.size(); i++) {
                Completion completion = assertInstanceOf(Completion.class, outcomes.get(i));
                assertEquals(FinishReason.STOP, completion.finish(), completion.text());
                JsonNode document = new ObjectMapper().readTree(completion.text());
                assertTrue(Documents.valid(document, schemas.get(from + i)),
                        schemas.get(from + i) + " " + completion.text());
                written.add(completion.text());
            }
        }
        assertTrue(written.size() > 25, "they are not all alike: " + written);
    }

    @Test
    void aListOfChoicesGivesEachOfThemNowAndThen() throws Exception {
        Constraint.Choice choice = new Constraint.Choice(List.of("yes", "yes, but", "no"));
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < 40; seed++) {
            Completion completion = one(within(choice, 5, 20, ""), seed);
            assertEquals(FinishReason.STOP, completion.finish());
            seen.add(completion.text());
        }
        assertEquals(Set.copyOf(choice.choices()), seen);
    }

    @Test
    void whatIsCutOffByMaxTokensSaysSo() throws Exception {
        Completion cut = one(within(new Constraint.Regex("[a-z]{40}"), 1, 5, ""), 1);
        assertEquals(FinishReason.LENGTH, cut.finish());
        assertEquals(5, cut.usage().completionTokens());
    }

    /// The end token comes where the text may end, and the rest of a batch is written as if nobody were bound.
    @Test
    void othersInTheBatchAreWrittenAsTheyAreAlone() throws Exception {
        GenerationParameters free = new GenerationParameters(new Sampling(1.3, 0.9), 30);
        List<GenerationOutcome> together = model.generate(List.of(ask(free, 4),
                ask(within(new Constraint.Regex("(?:ab|cd)+"), 1, 30, ""), 5), ask(free, 6)));
        assertEquals(one(free, 4), together.get(0));
        assertEquals(one(free, 6), together.get(2));
        Completion bound = assertInstanceOf(Completion.class, together.get(1));
        assertTrue(bound.text().matches("(?:ab|cd)+") || bound.finish() == FinishReason.LENGTH, bound.text());
        assertEquals(bound, one(within(new Constraint.Regex("(?:ab|cd)+"), 1, 30, ""), 5));
    }

    @Test
    void theAnswerWithItsPrefixIsWhatItHasToBe() throws Exception {
        Completion completion = one(within(new Constraint.Regex("Sum: [0-9]{2}"), 2, 20, "Sum:"), 3);
        assertTrue(completion.text().matches("Sum: [0-9]{2}"), completion.text());
        Failure failure = assertInstanceOf(Failure.class, model.generate(List.of(
                ask(within(new Constraint.Regex("[0-9]+"), 2, 20, "Sum:"), 3))).getFirst());
        assertEquals("prefix: a beginning that the constraint allows; got 'Sum:'; leave prefix or constrain out",
                failure.problem());
    }

    @Test
    void whatCannotBeObeyedFailsForGoodInOneLine() throws Exception {
        Failure failure = assertInstanceOf(Failure.class, model.generate(List.of(ask(within(
                new Constraint.Regex("(?=a)"), 1, 5, ""), 0))).getFirst());
        assertEquals("regex: a regular expression that a finite automaton can follow; got '(?='; write it without "
                + "looking around, back or at flags", failure.problem());
        assertEquals(false, failure.temporary());
    }
}
