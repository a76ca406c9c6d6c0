package dev.socratic.trainer.objective;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import dev.socratic.core.seed.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What an objective changes inside the models while it trains: one choice an objective, not a term. Every draw is
/// derived from a seed and the progress, so that a run that goes on draws what an undisturbed one does.
public sealed interface Edit {
    /// Nothing.
    record None() implements Edit {}

    /// Module replacement: each student layer runs with the probability `share`, else the block of teacher layers it
    /// stands for, through which the gradient flows back. Blocks are equal segments of the teacher, the student's
    /// width and vocabulary are the teacher's. Only the student's layers are trained; its embedding, last norm and
    /// head are the teacher's, copied before the first step. Drawn once a step; a draw without any student layer
    /// teaches nothing and is repeated.
    ///
    /// Source: BERT-of-Theseus, Xu et al. 2020, arXiv:2002.02925. Its linear curriculum is `{linear: {from: 0.3, to:
    /// 1, end: ...}}`, its constant rate followed by training the successor alone `{step: {at: 0.5, before: 0.5,
    /// after: 1}}`. Deviation: their code keeps draws without a student layer, and their data set draws anew for each
    /// batch of a step.
    ///
    /// @param replacingRate probability that a layer is the student's, from 0 to 1
    record Replace(@Default("{linear: {from: 0.3, to: 1, end: 0.66}}") @Alias("share")
            Schedule replacingRate, @Default("1") long seed)
            implements Edit {
        /// @param layers of the student
        /// @return which of them run now; at least one
        public List<Boolean> runs(int layers, double progress) {
            Random random = new Random(Seeds.derive(seed, "replace", Double.toString(progress)));
            double now = Math.clamp(replacingRate.at(progress), 1e-6, 1);
            while (true) {
                List<Boolean> runs = new ArrayList<>();
                for (int layer = 0; layer < layers; layer++) {
                    runs.add(random.nextDouble() < now);
                }
                if (runs.contains(true)) {
                    return runs;
                }
            }
        }
    }

    /// Gradient perturbation, two passes a step: the first finds the gradient at what enters the first layer; in the
    /// second, which is the one that counts, that gradient is added there at length 1 in each position. It goes where
    /// the loss grows, so that the student learns to hold its ground.
    ///
    /// Source: LRC-BERT, Fu et al. 2020, arXiv:2012.07335, with the length as in the code of GKD.
    record Perturb() implements Edit {}

    /// Interchange intervention, two passes a step: in the second, a stretch of positions of each sample gets, after
    /// a layer drawn anew, what a stretch of the next sample of the micro-batch holds there, in the student and in
    /// the teacher at the layer that goes with it. Terms with `pass: counterfactual` compare what both say then.
    /// Gradients flow into the stretch that was brought along as well.
    ///
    /// Source: DIITO, Wu et al. 2021, arXiv:2112.02505, its alignment of all layers and consecutive positions. A
    /// sample ends with its last loss position: nothing behind it matters to a causal model.
    ///
    /// @param span share of the shorter of two samples that is exchanged, above 0 and at most 1
    record Interchange(@Default("0.3") double span, @Default("1") long seed) implements Edit {
        public Interchange {
            if (!(span > 0 && span <= 1)) {
                throw new IllegalArgumentException(
                        "interchange.span must be above 0 and at most 1; got %s; the paper has 0.3".formatted(span));
            }
        }

        /// @param layers of the student
        /// @return the layer after which positions are exchanged now
        public int layer(int layers, double progress) {
            return new Random(Seeds.derive(seed, "layer", Double.toString(progress))).nextInt(layers);
        }

        /// @param batch   number of the micro-batch in its step
        /// @param lengths of its samples, 0 where nothing counts
        /// @return for each sample that has a partner: its number, where its stretch begins, the partner, where the
        ///         partner's begins, how long
        public List<Stretch> stretches(double progress, int batch, int[] lengths) {
            Random random =
                    new Random(Seeds.derive(seed, "stretches", Double.toString(progress), Integer.toString(batch)));
            List<Stretch> all = new ArrayList<>();
            for (int sample = 0; sample < lengths.length; sample++) {
                int other = (sample + 1) % lengths.length;
                int shorter = Math.min(lengths[sample], lengths[other]);
                if (shorter > 0) {
                    int length = Math.max(1, (int) (shorter * span));
                    int here = random.nextInt(lengths[sample] - length + 1);
                    all.add(new Stretch(sample, here, other, random.nextInt(lengths[other] - length + 1), length));
                }
            }
            return all;
        }
    }

    /// @param sample that is changed
    /// @param from   its first position
    /// @param other  sample it is taken from
    /// @param origin first position there
    /// @param length how many positions
    record Stretch(int sample, int from, int other, int origin, int length) {}

    default boolean needsTeacher() {
        return switch (this) {
            case None ignored -> false;
            case Replace ignored -> true;
            case Perturb ignored -> false;
            case Interchange ignored -> true;
        };
    }
}
