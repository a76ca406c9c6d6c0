
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.ModelShape;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.step.Backward;
import dev.socratic.trainer.step.OptimizerStep;
import dev.socratic.trainer.step.VocabularyHead;
import dev.socratic.trainer.teacher.TeacherSide;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/// Memory that a step takes over a vocabulary of Qwen's size, 151,936 words, and 8,192 tokens, for each divergence,
/// beside that of one array of whole logits in float32 (4.64 GiB; whoever holds logits holds several: of student and
/// teacher, their softmaxes and a gradient). What is told is how far the process grew above where it stood before the
/// step: chunks, their gradients, states and activations of a body of one layer, and the gradient of embedding
/// and head.
///
/// Arguments: names of presets; without, one of each kind of divergence. Linux, for it asks /proc.
final class HeadMemory {
    private static final int VOCAB = 151_936;
    private static final int TOKENS = Integer.getInteger("tokens", 8_192);
    private static final int HIDDEN = 32;
    private static final List<String> DIVERGENCES = List.of("sft", "forward_kl", "reverse_kl", "symmetric_kl", "jsd",
            "skew_kl", "skew_rkl", "abkd", "akl", "tvd", "logit_mse", "logit_std", "dkd", "top_k_kl", "taid");

    public static void main(String[] args) throws Exception {
        Engines.threads(Math.max(1, Integer.getInteger("threads", 2)));
        ModelConfig config = ModelConfig.llama(VOCAB, HIDDEN, 1, 1, 1, 2 * HIDDEN, TOKENS, true, SpecialTokens.none());
        Random random = new Random(1);
        boolean[] mask = new boolean[TOKENS + 1];
        Arrays.fill(mask, 1, mask.length, true);
        OptimizerStep step = new OptimizerStep(List.of(MicroBatch.of(
                List.of(new TokenRow(random.ints(TOKENS + 1, 0, VOCAB).toArray(), mask)))));
        double whole = 4.0 * VOCAB * TOKENS / (1 << 20);
        for (String name : args.length > 0 ? List.of(args) : DIVERGENCES) {
            Objective objective = Objective.named(name);
            try (NDManager manager = Engines.manager();
                    Decoder student = Decoder.random(config, 1, manager);
                    Decoder teacher = Decoder.random(config, 2, manager);
                    VocabularyHead vocabulary = new VocabularyHead(manager)) {
                student.trainable(true);
                Plan plan = new Plan(objective, VOCAB, Optional.of(new Plan.Shapes(ModelShape.of(config),
                        ModelShape.of(config))), Optional.empty());
                try (ObjectiveLoss loss = new ObjectiveLoss(manager, plan);
                        Backward backward = new Backward(manager, student, TeacherSide.of(plan, List.of(teacher),
                                Optional.empty(), vocabulary::select), Optional.empty(), vocabulary,
                                student.trainable())) {
                    double before = forget();
                    long began = System.nanoTime();
                    Backward.Totals totals = backward.step(step, loss.at(0.5));
                    double grown = status("VmHWM") - before;
                    System.out.printf(Locale.ROOT,
                            "%-14s grew by %5.0f MiB, 1/%.1f of %.0f MiB of whole logits; %.1f s; "
                            + "loss %.4f%n", name, grown, whole / grown, whole, (System.nanoTime() - began) / 1e9,
                            totals.loss());
                }
            }
        }
    }

    /// The peak begins anew from what is held now.
    private static double forget() throws Exception {
        System.gc();
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        return status("VmRSS");
    }

    private static double status(String what) throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith(what))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024).findFirst().orElseThrow();
    }
}
