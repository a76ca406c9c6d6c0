package dev.socratic.models.network;

import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.SocraticException;
import dev.socratic.models.checkpoint.EightBit;
import dev.socratic.models.checkpoint.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tensors of a checkpoint against what a family's weights are called and how large they are, from headers alone.
public final class ExpectedWeights {
    private final Family family;
    private final List<WeightPlan.Entry> plan;
    private final Map<String, TensorInfo> tensors;
    private final EightBit bits;

    /// @param plan    what must be there
    /// @param tensors what is there
    /// @param bits    how weights of 8 bits are read
    ExpectedWeights(Family family, List<WeightPlan.Entry> plan, Map<String, TensorInfo> tensors, EightBit bits) {
        this.family = family;
        this.plan = plan;
        this.tensors = tensors;
        this.bits = bits;
    }

    /// @param folder  whose config is read, as that of a decoder or an encoder
    /// @param tensors of its weights
    /// @return everything that does not fit; empty if this version does not know the family or cannot read the config
    public static Optional<List<Misfit>> of(Path folder, Map<String, TensorInfo> tensors) {
        return expected(folder, tensors).map(ExpectedWeights::misfits);
    }

    private static Optional<ExpectedWeights> expected(Path folder, Map<String, TensorInfo> tensors) {
        try {
            EightBit bits = EightBit.of(folder, tensors);
            ModelConfig config = ModelConfig.read(folder);
            return Optional.of(
                    new ExpectedWeights(Family.of(config.family()).orElseThrow(), WeightPlan.of(config).entries(),
                            bits.tensors(), bits));
        } catch (SocraticException noDecoder) {
            // An encoder, or beyond this version.
        }
        try {
            EightBit bits = EightBit.of(folder, tensors);
            EncoderConfig config = EncoderConfig.read(folder);
            return Optional.of(
                    new ExpectedWeights(Family.encoder(config.family()).orElseThrow(), EncoderPlan.of(config),
                            bits.tensors(), bits));
        } catch (SocraticException neither) {
            return Optional.empty();
        }
    }

    /// @return everything missing, of another shape, of an unreadable type, or left over; the family's weights first
    List<Misfit> misfits() {
        List<Misfit> misfits = new ArrayList<>();
        plan.forEach(entry -> misfit(entry).ifPresent(misfits::add));
        Set<String> known = plan.stream().map(entry -> stored(entry.name())).collect(Collectors.toSet());
        tensors.keySet().stream()
                .filter(name -> !known.contains(name) && !harmless(name))
                .forEach(name ->
                        misfits.add(
                                new Misfit(Misfit.Kind.UNEXPECTED, name,
                                        "only tensors that a " + family.modelType() + " has", "this one")));
        return misfits;
    }

    /// What to say before anything is loaded. A model quantised in a way of its own misses everything: one line says
    /// so.
    ///
    /// @return problems, none if the weights can be read
    List<Problem> problems(Path folder) {
        List<Misfit> misfits = misfits();
        boolean unreadable = misfits.stream()
                .anyMatch(misfit -> misfit.kind() == Misfit.Kind.MISSING || misfit.kind() == Misfit.Kind.SHAPE);
        if (!bits.method().isEmpty() && unreadable) {
            return List.of(quantised(folder));
        }
        List<Problem> problems = new ArrayList<>();
        for (Misfit misfit : misfits) {
            problems.add(misfit.kind() == Misfit.Kind.TYPE
                    ? bits.refusal(folder.toString(), tensors.get(stored(misfit.name()))).orElseThrow()
                    : misfit.problem(folder.toString()));
        }
        return Problem.firstOf(problems);
    }

    private Problem quantised(Path folder) {
        return new Problem(folder.resolve(ConfigJson.NAME) + ": quantization_config",
                "weights of 8 bits with a scale beside them, GPTQ, AWQ (GEMM), compressed-tensors, or not quantised",
                "'%s' with other tensors".formatted(bits.method()), "take the model before it was quantised");
    }

    private Optional<Misfit> misfit(WeightPlan.Entry entry) {
        TensorInfo tensor = tensors.get(stored(entry.name()));
        if (tensor == null) {
            return Optional.of(
                    new Misfit(Misfit.Kind.MISSING, entry.name(), "a tensor of shape " + entry.shape(), "none"));
        }
        Shape shape = tensor.djlShape();
        if (!shape.equals(entry.shape())) {
            return Optional.of(
                    new Misfit(Misfit.Kind.SHAPE, entry.name(),
                            "shape %s, as config.json says".formatted(entry.shape()), shape.toString()));
        }
        return bits.refusal("", tensor)
                .map(refused -> new Misfit(Misfit.Kind.TYPE, entry.name(), refused.expected(), refused.got()));
    }

    /// Checkpoints of a bare body lack the first part of its names, as in `wte.weight` for `transformer.wte.weight`;
    /// very old ones call the weight and the bias of a norm gamma and beta.
    ///
    /// Where head and embedding are one, a file may keep it under the head's name alone
    /// (`safetensors.torch.save_model` does).
    String stored(String name) {
        String head = family.has(Part.HEAD) ? family.name(Part.HEAD) + ".weight" : name;
        if (name.equals(family.name(Part.EMBEDDING) + ".weight") && !tensors.containsKey(name)
                && tensors.containsKey(head)
                && plan.stream().noneMatch(entry -> entry.name().equals(head))) {
            return head;
        }
        String bare = name.substring(name.indexOf('.') + 1);
        String greek = name.replaceFirst("LayerNorm\\.weight$", "LayerNorm.gamma")
                .replaceFirst("LayerNorm\\.bias$", "LayerNorm.beta");
        return Stream.of(name, bare, greek).filter(tensors::containsKey).findFirst().orElse(name);
    }

    /// A head next to a tied embedding is a copy of it; old checkpoints keep the rope's frequencies and the causal
    /// mask, which follow from the config.
    private boolean harmless(String name) {
        return family.has(Part.HEAD) && name.equals(family.name(Part.HEAD) + ".weight")
                || name.endsWith(".rotary_emb.inv_freq")
                || family.ignored().stream().anyMatch(name::endsWith) || bits.beside(name);
    }
}
