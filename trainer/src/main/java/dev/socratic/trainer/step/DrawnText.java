package dev.socratic.trainer.step;

import ai.djl.ndarray.NDManager;
import dev.socratic.trainer.data.Graded;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.loss.DrawnScales;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.loss.StepSizes;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.TokenWeight;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What becomes of the losses on tokens that the student drew: what was drawn some updates ago counts by how likely it
/// is now, and what was verified by what it is worth.
///
/// With `rho_t = q_now(t) / q_then(t)` of a token, 1 where it has just been drawn:
///
/// - losses over the vocabulary are multiplied by `min(rho_t, cap)` (truncated importance sampling, Ionides 2008; per
///   token, as Espeholt et al. 2018, arXiv:1802.01561, cut V-trace's weights);
/// - a reward weighs `-log q_now(t)` by `A rho_t`, and by 0 where the clipped objective of PPO (Schulman et al. 2017,
///   arXiv:1707.06347) is flat: `A > 0` and `rho_t > 1 + clip`, or `A < 0` and `rho_t < 1 - clip`. The gradient is that
///   of `-min(A rho, A clip(rho))`.
///
/// @param batch  of the step
/// @param ratios `rho_t`, `[tokens]`
record DrawnText(MicroBatch batch, double[] ratios) {
    /// Below, GRPO's deviation counts as this much more.
    private static final double LEAST_DEVIATION = 1e-4;

    /// @param sizes of the step
    /// @param now   log-probability of each label, `[tokens]`; asked for where something was drawn before
    /// @return factors of the micro-batch; none where nothing is corrected or rewarded
    static DrawnScales scales(NDManager scope, MicroBatch batch, ObjectiveLoss loss, StepSizes sizes,
            Supplier<float[]> now) {
        Objective objective = loss.objective();
        Set<TokenWeight.Reward> asked = objective.rewards();
        if (!(objective.rollout() instanceof Rollout.Student student) || !loss.watching()) {
            return DrawnScales.NONE;
        }
        boolean before = batch.tokenRows().stream().anyMatch(row -> row.oldLogProbs().isPresent());
        boolean corrected = before && student.staleness() > 0 && student.importanceCap() > 0;
        if (!corrected && asked.isEmpty()) {
            return DrawnScales.NONE;
        }
        DrawnText text = new DrawnText(batch, before ? ratios(batch, now.get()) : ones(batch));
        Map<TokenWeight.Reward, ai.djl.ndarray.NDArray> rewards = new LinkedHashMap<>();
        asked.forEach(one -> rewards.put(one, scope.create(text.rewarded(one, student, sizes))));
        return new DrawnScales(corrected
                ? Optional.of(scope.create(text.truncated(student.importanceCap(), loss))) : Optional.empty(), rewards);
    }

    private static double[] ones(MicroBatch batch) {
        double[] all = new double[batch.lossTokens()];
        Arrays.fill(all, 1);
        return all;
    }

    private static double[] ratios(MicroBatch batch, float[] now) {
        double[] all = ones(batch);
        int at = 0;
        for (TokenRow row : batch.tokenRows()) {
            int first = at;
            at += row.lossTokens();
            row.oldLogProbs().ifPresent(then -> {
                for (int i = 0; i < then.length; i++) {
                    all[first + i] = Math.exp((double) now[first + i] - then[i]);
                }
            });
        }
        return all;
    }

    private float[] truncated(double cap, ObjectiveLoss loss) {
        float[] all = new float[ratios.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) Math.min(ratios[i], cap);
            loss.importance(ratios[i], cap);
        }
        return all;
    }

    private float[] rewarded(TokenWeight.Reward how, Rollout.Student student, StepSizes sizes) {
        float[] all = new float[ratios.length];
        int at = 0;
        for (TokenRow row : batch.tokenRows()) {
            int tokens = row.lossTokens();
            double advantage = row.graded().map(graded -> advantage(how.advantage(), graded)).orElse(0.0);
            double each = advantage * sizes.tokens() / sizes.samples() / switch (how.advantage()) {
                case RLOO -> 1.0;
                case GRPO -> (double) tokens;
                case DR_GRPO -> (double) student.maxNewTokens();
            };
            for (int i = at; i < at + tokens; i++) {
                all[i] = (float) (flat(advantage, ratios[i], how.clip()) ? 0 : each * ratios[i]);
            }
            at += tokens;
        }
        return all;
    }

    static double advantage(TokenWeight.Advantage how, Graded graded) {
        double above = graded.reward() - graded.mean();
        return switch (how) {
            case RLOO -> graded.answers() < 2 ? 0 : above * graded.answers() / (graded.answers() - 1);
            case DR_GRPO -> above;
            case GRPO -> above / (graded.deviation() + LEAST_DEVIATION);
        };
    }

    private static boolean flat(double advantage, double ratio, double clip) {
        return clip > 0 && (advantage > 0 ? ratio > 1 + clip : ratio < 1 - clip);
    }
}
