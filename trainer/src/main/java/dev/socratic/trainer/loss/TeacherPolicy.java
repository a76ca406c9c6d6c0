package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.seed.Seeds;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.engine.Program.Arg;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// A learned choice of teachers, token by token or sample by sample: teacher k is listened to with the probability
/// `sigmoid(w . s_k)`.
///
/// The state s_k of a token is `(1, -log p_k[label], entropy of p_k over log vocab, largest p_k, rank of k from the
/// largest = 0 to the smallest = 1)`, that of a sample the mean over its counting tokens; one w serves all teachers.
/// It is learned by REINFORCE, one step late: what a step chose is judged by how the student's mean cross-entropy on
/// the labels changes until the next, `gradient = (L_now - L_before) x mean over choices of (chosen - sigmoid) s_k`.
/// The weights live with the learned maps in optimiser and checkpoint; what the last step chose and its loss are kept
/// beside them, so that a run that goes on judges as an undisturbed one.
///
/// Source: RL-KD, Yuan et al. 2020, arXiv:2012.06048; deviations: these five numbers instead of a sample's vector and
/// a teacher's whole distribution, the last loss as the baseline of the reward.
final class TeacherPolicy implements AutoCloseable {
    static final String WEIGHT = "objective.policy.weight";
    static final String MEMORY = "objective.policy.memory";
    private static final int WIDTH = 5;

    private final NDManager own;
    private final Kernel kernel;
    private final NDArray weight;
    private final NDArray memory;
    private final Map<Integer, Random> draws = new LinkedHashMap<>();
    private final double[] trace = new double[WIDTH];
    private long choices;
    private double loss;
    private long tokens;

    TeacherPolicy(NDManager manager, Kernel kernel) {
        this.own = manager.newSubManager();
        this.kernel = kernel;
        this.weight = own.zeros(new Shape(WIDTH));
        Gradients.wanted(weight, true);
        this.memory = own.zeros(new Shape(WIDTH + 2));
    }

    /// What the optimiser steps.
    Map<String, NDArray> learned() {
        return Map.of(WEIGHT, weight);
    }

    /// What is kept from step to step besides: the last step's mean trace, its loss, and 1 where there is any.
    Map<String, NDArray> kept() {
        return Map.of(MEMORY, memory);
    }

    /// @param k 0 for the largest teacher, then from the smallest up
    /// @return 1 / teachers where teacher k is listened to, else 0, `[tokens]`
    NDArray choice(int k, TokenChunk chunk, double progress) {
        int teachers = chunk.teachers().size();
        float[] states = kernel.call(
                // [tokens, 5]
                "policy_state", Arg.of(chunk.teacherLogits(k)), Arg.of(chunk.labels()),
                Arg.of((double) rank(k, teachers))).toFloatArray();
        float[] chosen = chosen(k, teachers, states, progress);
        if (k == 0) {
            for (float p : kernel.call("label_probability", chunk.logits(), chunk.labels()).toFloatArray()) {
                lost(Math.log(Math.max(p, 1e-30)));
            }
        }
        return chunk.labels().getManager().create(chosen);
    }

    /// The same sample by sample.
    ///
    /// @return on each token what is chosen for its sample
    float[] choice(int k, TeacherWeights.Inputs inputs, double progress) {
        int[] rows = inputs.rows();
        int[] from = IntStream.range(0, rows.length).filter(token -> token == 0 || rows[token] != rows[token - 1])
                .toArray();
        TokenStats theirs = inputs.teachers().get(k);
        int teachers = inputs.teachers().size();
        float[] states = new float[from.length * WIDTH];
        for (int sample = 0; sample < from.length; sample++) {
            int to = TeacherWeights.behind(rows, from[sample]);
            double[] state = {
                1, -TeacherWeights.mean(theirs.labels(), from[sample], to),
                        TeacherWeights.mean(theirs.entropy(), from[sample], to),
                TeacherWeights.mean(theirs.largest(), from[sample], to), rank(k, teachers)
            };
            for (int f = 0; f < WIDTH; f++) {
                states[sample * WIDTH + f] = (float) state[f];
            }
        }
        float[] chosen = chosen(k, teachers, states, progress);
        if (k == 0) {
            for (float log : inputs.student().labels()) {
                lost(log);
            }
        }
        float[] all = new float[rows.length];
        for (int sample = 0; sample < from.length; sample++) {
            Arrays.fill(all, from[sample], TeacherWeights.behind(rows, from[sample]), chosen[sample]);
        }
        return all;
    }

    private static double rank(int k, int teachers) {
        return k == 0 ? 0 : (double) (teachers - k) / Math.max(1, teachers - 1);
    }

    /// @param log probability of a label, of the student
    private void lost(double log) {
        loss -= log;
        tokens++;
    }

    /// @param states `[choices, 5]`
    /// @return 1 / teachers where teacher k is listened to, else 0
    private float[] chosen(int k, int teachers, float[] states, double progress) {
        float[] w = weight.toFloatArray();
        Random random = draws.computeIfAbsent(k,
                key -> new Random(Seeds.derive(1, "policy", Double.toString(progress), Integer.toString(key))));
        float[] chosen = new float[states.length / WIDTH];
        for (int i = 0; i < chosen.length; i++) {
            double score = 0;
            for (int f = 0; f < WIDTH; f++) {
                score += w[f] * states[i * WIDTH + f];
            }
            double probability = 1 / (1 + Math.exp(-score));
            int action = random.nextDouble() < probability ? 1 : 0;
            for (int f = 0; f < WIDTH; f++) {
                trace[f] += (action - probability) * states[i * WIDTH + f];
            }
            chosen[i] = (float) action / teachers;
        }
        choices += chosen.length;
        return chosen;
    }

    /// Ends a step: adds to the weights' gradient what the last step's choices have earned, and remembers those of
    /// this one.
    ///
    /// @param scale that every loss of the step had
    void ended(double scale) {
        if (tokens == 0) {
            return;
        }
        double now = loss / tokens;
        float[] before = memory.toFloatArray();
        if (before[WIDTH + 1] == 1) {
            float[] lossGradient = new float[WIDTH];
            for (int f = 0; f < WIDTH; f++) {
                lossGradient[f] = (float) ((now - before[WIDTH]) * before[f]);
            }
            try (NDManager scope = own.newSubManager()) {
                NDArray product = kernel.call("times", weight, scope.create(lossGradient));
                product.attach(scope);
                Gradients.backward(product, scope.full(new Shape(WIDTH), (float) scale));
            }
        }
        float[] next = new float[WIDTH + 2];
        for (int f = 0; f < WIDTH; f++) {
            next[f] = (float) (trace[f] / choices);
        }
        next[WIDTH] = (float) now;
        next[WIDTH + 1] = 1;
        memory.set(FloatBuffer.wrap(next));
        Arrays.fill(trace, 0);
        draws.clear();
        choices = 0;
        loss = 0;
        tokens = 0;
    }

    @Override
    public void close() {
        own.close();
    }
}
