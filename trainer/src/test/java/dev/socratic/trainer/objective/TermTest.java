package dev.socratic.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.error.ConfigException;
import org.junit.jupiter.api.Test;

class TermTest {
    private static Term term(String yaml) {
        return ConfigReader.read(yaml, "it", Term.class);
    }

    private static void refused(String yaml, String message) {
        ConfigException refused = assertThrows(ConfigException.class, () -> term(yaml));
        assertTrue(refused.getMessage().endsWith(message), refused.getMessage());
    }

    @Test
    void whatIsLeftOutIsTheTeacherAtTheOutputEachTokenAlikeWeightOne() {
        assertEquals(
                "logits -> kl "
                        + "{\"direction\":\"forward\",\"skew\":0.0,\"fixed_mixture\":false,\"estimate\":\"dense\"} "
                        + "against teacher", term("{distance: kl}").text());
        assertEquals(1, term("{distance: kl}").weight().at(0.3));
    }

    @Test
    void aTermIsReadBackAsWritten() {
        for (String yaml : new String[] {
            "{distance: {kl: {skew: 0.1}}, views: [{temperature: {tau: 2}}], weight: {linear: {from: 0, to: 1}}}",
            "{tap: hidden, views: [{project: {name: all}}, unit], layers: uniform, distance: mse}",
            "{tap: values, views: [{relation: {measure: dot, heads: 4}}], layers: last, distance: kl}",
            "{against: {blend: {teacher_weight: {linear: {from: 0.2, to: 1}}}}, distance: jsd, tokens: teacher_entropy}"
        }) {
            Term once = term(yaml);
            assertEquals(once, term(ConfigWriter.yaml(once)), yaml);
        }
    }

    @Test
    void aDistanceThatDoesNotCompareWhatTheSignalEndsAsIsRefused() {
        refused("{tap: hidden, distance: kl}",
                "distance 'kl' needs [LOGITS, PROBS], but signal 'hidden' ends as VECTORS after 0 view(s); "
                        + "take mse or cosine, or put {relation: {measure: dot}} behind the views");
        refused("{views: [softmax], distance: ranking}",
                "distance 'ranking' needs [LOGITS], but signal 'logits' ends as PROBS after 1 view(s); remove "
                        + "'softmax', or take total_variation");
    }

    @Test
    void aViewWithoutMeaningForItsKindIsRefused() {
        refused("{views: [unit], distance: mse}",
                "views[0]: 'unit' has no meaning for LOGITS, which 'logits' is there; it takes VECTORS");
        refused("{views: [softmax, {temperature: {tau: 2}}], distance: kl}",
                "views[1]: 'temperature' has no meaning for PROBS, which 'logits' is there; it takes LOGITS");
    }

    @Test
    void whatIsNotWeighedBySampleSaysSo() {
        refused("{against: {teachers: {weigh: mean, per: sample}}, distance: kl}",
                "per: token, for 'mean' is not weighed by sample; got sample; remove it, or write weigh: label, "
                        + "policy or uncertainty");
    }

    @Test
    void layersSideBySideNeedARelationAndPhrasesPositions() {
        refused("{tap: hidden, layers: across, distance: mse}",
                "layers: 'across' lays a position's states side by side; write tap: hidden and a relation as the "
                        + "first view");
        refused("{tap: hidden, views: [pool, phrases], distance: mse}",
                "views: 'phrases' are of positions inside the body; write it first, with tap: hidden");
        refused("{tap: hidden, views: [{phrases: {longest: 1}}], distance: mse}",
                "phrases.longest must be at least 2; got 1; remove 'phrases' for single positions");
    }

    @Test
    void relationsTurnVectorsIntoLogitsThatKlCompares() {
        assertEquals(new Distance.Kl(Distance.Direction.FORWARD, 0, false),
                term("{tap: values, views: [{relation: {measure: dot}}], layers: last, distance: kl}").distance());
    }

    @Test
    void labelsTakeOnlyWhatIsFiniteAgainstThem() {
        refused("{against: labels, distance: {kl: {direction: reverse}}}",
                "distance: 'kl "
                        + "{\"direction\":\"reverse\",\"skew\":0.0,\"fixed_mixture\":false,\"estimate\":\"dense\"}' "
                        + "is infinite or without meaning against labels; "
                        + "write 'kl', which is cross-entropy there, or against: teacher");
        refused("{against: labels, distance: mse}",
                "distance: labels are probabilities, not logits; put 'softmax' before 'mse'");
        refused("{against: labels, tap: hidden, distance: mse}",
                "against: labels have nothing to compare 'hidden' with; write against: teacher");
        refused("{against: labels, views: [target], distance: kl}",
                "views: 'target' has no meaning against labels; remove it or write against: teacher");
        term("{against: labels, views: [softmax], distance: mse}");
        term("{against: labels, distance: jsd}");
    }

    @Test
    void placesThatDoNotExistAreRefused() {
        refused("{layers: uniform, distance: kl}",
                "layers 'uniform' pairs layers, but 'logits' sits in none; remove it");
        refused("{tap: embedding, layers: last, distance: mse}",
                "layers 'last' pairs layers, but 'embedding' sits in none; remove it");
        refused("{tap: hidden, distance: mse, tokens: teacher_entropy}",
                "tokens 'teacher_entropy' is read from the logits, but the term's tap is 'hidden'; write tokens: "
                        + "equal");
        refused("{tap: hidden, against: {blend: {teacher_weight: 0.5}}, distance: mse}",
                "against: 'blend' mixes logits, but the term's tap is 'hidden'; write against: teacher");
    }

    @Test
    void viewsThatNeedOthersBeforeThemSaySo() {
        refused("{views: [differences], distance: kl}",
                "views: 'differences' of a whole vocabulary are too many; put {top_k: {k: 8, tail: renormalise}} "
                        + "before it");
        refused("{tap: hidden, views: [{relation: {measure: euclidean}}], distance: smooth_l1}",
                "views: relation 'euclidean' compares samples; put 'pool' before it");
        refused("{tap: hidden, views: [head], distance: kl}",
                "views: 'head' reads what 'project' maps into the teacher's width; write tap: hidden, views: "
                        + "[project, head]");
        refused("{tap: values, views: [energy], distance: mse}",
                "views: 'energy' makes one vector of a sample's hidden states; write tap: hidden, without 'pool'");
        refused("{tap: hidden, views: [pool, unit, project, project], distance: mse}",
                "views: 'project' maps the model's own width; put it once, before relation, energy and transpose");
    }

    @Test
    void numbersOutOfTheirRangeAreRefused() {
        refused("{distance: {jsd: {beta: 0}}}", "jsd.beta must lie between 0 and 1, got 0.0; use kl for the two ends");
        refused("{distance: {jsd: {beta: 1}}}", "jsd.beta must lie between 0 and 1, got 1.0; use kl for the two ends");
        refused("{distance: {kl: {skew: 1}}}", "kl.skew must be at least 0 and below 1; got 1.0; 0.1 is DistiLLM's");
        refused("{distance: {alpha_beta: {alpha: 0, beta: 1}}}",
                "alpha_beta needs alpha, beta and their sum other than 0; got 0.0 and 1.0; use kl for the two ends");
        refused("{distance: kl, views: [{temperature: {tau: 0}}]}",
                "tau must be > 0, got 0.0; 1.0 leaves logits as they are");
    }

    @Test
    void allProblemsOfAnObjectiveComeAtOnce() {
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.read(
                "name: x\nterms:\n  - {distance: kll}\n  - {tap: hidden, distance: kl}\n  - {distance: {jsd: "
                        + "{betta: 0.5}}}\n", "x.yaml", Objective.class));
        assertEquals(3, refused.problems().size(), refused.getMessage());
        assertTrue(refused.getMessage().contains("x.yaml:3:16: terms[0].distance: one of kl, jsd, "),
                refused.getMessage());
        assertTrue(refused.getMessage().contains("'betta'"), refused.getMessage());
    }

    @Test
    void theFactorOfATemperatureIsItsSquare() {
        assertEquals(4, term("{views: [{temperature: {tau: 2}}], distance: kl}").temperatureFactor());
        assertEquals(1, term("{views: [{temperature: {tau: 2, squared: false}}], distance: kl}").temperatureFactor());
    }
}
