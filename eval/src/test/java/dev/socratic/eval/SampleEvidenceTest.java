package dev.socratic.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleEvidenceTest {
    private static SampleEvidence of(String further) throws Exception {
        return SampleEvidence.of(SampleJson.read(Json.mapper().readTree("{\"doc_id\": 0, \"doc\": \"q\", "
                + "\"target\": \"1\", \"acc\": 1.0, " + further + "}")));
    }

    @Test
    void choicesHaveTheirShareOfTheProbability() throws Exception {
        SampleEvidence evidence = of("""
                "arguments": {"gen_args_0": {"arg_0": "Q:", "arg_1": " a"},
                 "gen_args_1": {"arg_0": "Q:", "arg_1": " b"}},
                "resps": [[["-2.0", "False"]], [["-1.0", "True"]]]""");
        assertEquals("Q:", evidence.prompt());
        assertEquals(new SampleEvidence.Choice(" b", -1, true), evidence.choices().get(1));
        assertEquals(1 / (1 + Math.exp(-1)), evidence.confidence().orElseThrow(), 1e-12);
    }

    @Test
    void choicesThatAreInputsAreToldByThem() throws Exception {
        SampleEvidence evidence = of("""
                "arguments": [["He is", " tall"], ["She is", " tall"]], "resps": [[[-2.0, false]], [[-1.0, true]]]""");
        assertEquals(List.of("He is", "She is"), evidence.choices().stream().map(SampleEvidence.Choice::text).toList());
    }

    @Test
    void ofMutualInformationTheUnconditionalHalfIsNoChoice() throws Exception {
        SampleEvidence evidence = of("""
                "arguments": {"gen_args_0": {"arg_0": "Q:", "arg_1": " a"},
                 "gen_args_1": {"arg_0": "Q:", "arg_1": " b"},
                 "gen_args_2": {"arg_0": "", "arg_1": " a"}, "gen_args_3": {"arg_0": "", "arg_1": " b"}},
                "resps": [[[-2.0, false]], [[-1.0, true]], [[-3.0, false]], [[-4.0, false]]]""");
        assertEquals(2, evidence.choices().size());
    }

    @Test
    void generatedAnswersHaveTokensAndMarksWhereTheLineCarriesThem() throws Exception {
        SampleEvidence evidence = of("""
                "resps": [["4 it is"]], "logprobs": [[["4", -0.5], [" it", "-1.25"], [" is", null]]],
                "unjudged": true, "contaminated": true""");
        assertTrue(evidence.choices().isEmpty() && evidence.confidence().isEmpty());
        assertEquals(List.of(new SampleEvidence.Token("4", -0.5), new SampleEvidence.Token(" it", -1.25)),
                evidence.tokens().getFirst(), "a token without a number has no colour");
        assertTrue(evidence.unjudged() && evidence.contaminated());
    }

    @Test
    void aResultsFileIsReadForWhatSamplesDoNotSay(@TempDir Path folder) throws Exception {
        assertEquals(SavedResults.NONE, SavedResults.ofFolder(folder.resolve("absent")));
        Files.writeString(folder.resolve("results_2026-01-02T00-00-00.json"), """
                {"results": {"g": {"alias": "g", "acc,none": 0.5, "acc_stderr,none": "N/A"},
                  "t": {"alias": " - t", "ppl,none": 12.5, "ppl_stderr,none": 0.25, "sample_len": 3}},
                 "group_subtasks": {"g": ["t"], "t": []}, "unjudged": {"t": 2},
                 "judged": {"j": {"unjudged": 5}}, "config": {"model_num_parameters": 9},
                 "contamination": {"t": {"n": 3, "contaminated": 1, "clean": {"n": 2, "value": 0.5}}, "g": {}}}""");
        Files.writeString(folder.resolve("results_2026-01-01T00-00-00.json"), "{}");
        SavedResults results = SavedResults.ofFolder(folder);
        assertEquals(List.of(new SavedResults.Figure("acc", "none", 0.5, Optional.empty())),
                results.figures().get("g"));
        assertEquals(List.of(new SavedResults.Figure("ppl", "none", 12.5, Optional.of(0.25))),
                results.figures().get("t"));
        assertEquals(List.of("t"), results.groups().get("g"));
        assertEquals(1, results.groups().size());
        assertEquals(Optional.of(2L), results.count("unjudged", "t"));
        assertEquals(Optional.empty(), results.count("unjudged", "g"));
        assertEquals(Optional.of(5L), results.count("unjudged", "j"), "of a judged task");
        assertEquals(Optional.of(9L), results.parameters());
        assertEquals(Optional.of(new SavedResults.Contamination(3, 1, Optional.of(0.5))), results.contamination("t"));
        assertEquals(Optional.empty(), results.contamination("g"));
    }
}
