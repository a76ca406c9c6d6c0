package dev.socratic.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.error.ConfigException;
import org.junit.jupiter.api.Test;

/// What is refused of terms over whole answers, and with which words.
class AnswerTermsTest {
    private static void refused(String yaml, String message) {
        ConfigException refused = assertThrows(ConfigException.class,
                () -> ConfigReader.read("name: x\n" + yaml, "x", Objective.class), yaml);
        assertTrue(refused.getMessage().endsWith(message), refused.getMessage());
    }

    private static void term(String term, String message) {
        refused("terms: [" + term + "]", message);
    }

    @Test
    void aPreferenceIsBetweenTheScoresOfTwoAnswers() {
        term("{against: labels, distance: preference}",
                "distance 'preference' needs [SCALARS], but signal 'logits' ends as LOGITS after 0 view(s); put "
                        + "'softmax' behind the views, or take kl");
        term("{tap: sequence_log_prob, against: rejected, distance: mse}",
                "distance: the scores of two answers are compared by 'preference'; got 'mse'; write distance: "
                        + "preference");
        term("{tap: sequence_log_prob, distance: preference}",
                "against: the score of an answer stands against that of the other one; got 'teacher'; write "
                        + "against: rejected");
        term("{against: rejected, distance: kl}",
                "against: 'rejected' is for tap: sequence_log_prob; got tap 'logits'; write against: labels or "
                        + "teacher");
        term("{tap: sequence_log_prob, against: rejected, distance: preference, tokens: frontier}",
                "tokens: a term over whole answers weighs its tokens itself; write tokens: equal");
        term("{tap: sequence_log_prob, against: rejected, distance: {preference: {beta: 0}}}",
                "preference.beta must be above 0; got 0.0; 0.1 is DPO's, 2 SimPO's");
        refused("rollout: student\nterms: [{tap: sequence_log_prob, against: rejected, distance: preference}]",
                "rollout: pairs of answers come from the data; got 'student'; write rollout: data");
    }

    @Test
    void aSampledEstimateNeedsTextTheStudentHasJustWritten() {
        String sampled = "{distance: {kl: {direction: reverse, estimate: {sampled: {discount: 1}}}}}";
        refused("rollout: {student: {fraction: 0.5}}\nterms: [" + sampled + "]",
                "kl.estimate: sampled needs text the student has just written; write rollout.student with fraction: 1 "
                        + "and no replay");
        refused("rollout: {student: {replay: {}}}\nterms: [" + sampled + "]",
                "kl.estimate: sampled needs text the student has just written; write rollout.student with fraction: 1 "
                        + "and no replay");
        refused("rollout: {student: {keep_data: true}}\nterms: [" + sampled + "]",
                "kl.estimate: sampled needs the student's own text; write on: on_policy");
        refused("rollout: {student: {top_p: 0.9}}\nterms: [" + sampled + "]",
                "kl.estimate: sampled with returns needs plain draws; write rollout.student with temperature: 1, "
                        + "top_p: 1, top_k: 0 and min_p: 0");
        refused("rollout: {student: {top_k: 5}}\nterms: [" + sampled + "]",
                "kl.estimate: sampled with returns needs plain draws; write rollout.student with temperature: 1, "
                        + "top_p: 1, top_k: 0 and min_p: 0");
        refused("rollout: {student: {min_p: 2}}\nterms: [" + sampled + "]",
                "min_p: a number from 0 to 1; got 2.0; 0 keeps every token");
        refused("rollout: {teacher: {max_new_tokens: 0}}\nterms: [{distance: kl}]",
                "max_new_tokens: at least 1; got 0; 128 suits short answers");
        refused("rollout: student\nterms: [{distance: {kl: {direction: reverse, estimate: {sampled: {split: true}}}}}]",
                "sampled.split leaves nothing at discount 0; write discount: 1, or remove it");
        refused("terms: [{on: on_policy, distance: kl}]",
                "on: 'on_policy' needs the student's answers beside the data's; write rollout: {student: "
                        + "{keep_data: true}}");
    }

    @Test
    void whatDrivesAndPacesHasItsPlace() {
        term("{distance: kl, weight: driven}",
                "'driven' follows the held-out loss and is for rollout.student.fraction; write another schedule here");
        term("{distance: {kl: {curriculum: {}}}}",
                "kl.curriculum needs a skew of at least curriculum.least; got skew 0.0; write {skew: 0.1, "
                        + "curriculum: {}}");
        term("{against: reference, distance: {kl: {skew: 0.1, curriculum: {}}}}",
                "kl.curriculum compares the answers of student and teacher; write tap: logits, against: "
                        + "teacher, no views");
        refused("rollout: {student: {teacher_mix: 0.2, top_p: 0.9}}\nterms: [{distance: kl}]",
                "student.teacher_mix mixes whole distributions; got temperature 1.0, top_p 0.9, top_k 0, min_p 0.0; "
                        + "leave them out");
        refused("rollout: {student: {teacher_mix: 0.2, typical_p: 0.9}}\nterms: [{distance: kl}]",
                "got temperature 1.0, top_p 1.0, top_k 0, min_p 0.0, typical_p; leave them out");
    }

    @Test
    void anObjectiveSaysWhatItNeeds() {
        assertTrue(Objective.named("dpo").needsPairs() && Objective.named("dpo").needsReference()
                && !Objective.named("dpo").needsTeacher());
        assertTrue(!Objective.named("simpo").needsReference());
        assertTrue(Objective.named("minillm").needsTeacher() && !Objective.named("minillm").needsPairs());
        assertTrue(Objective.named("distillm").driven());
    }

    @Test
    void theyAreReadBackAsWritten() {
        for (String name : new String[] {"dpo", "simpo", "minillm", "distillm", "distillm_2", "self_distillation"}) {
            Objective once = Objective.named(name);
            assertEquals(once, ConfigReader.read(ConfigWriter.yaml(once), name, Objective.class), name);
        }
        assertEquals(
                "sequence_log_prob {\"reduce\":\"mean\",\"reference\":\"none\"} -> preference "
                        + "{\"beta\":2.0,\"margin\":0.3,\"label_smoothing\":0.0,\"loss_type\":\"logistic\"} "
                        + "against rejected",
                Objective.named("simpo").terms().getFirst().text());
    }
}
