package dev.socratic.models.inspect;

import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.checkpoint.TensorInfo;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A head that lies beside the embedding although the config says that they are one: a copy is harmless, other numbers
/// are lost.
final class TiedHeadCheck {
    private TiedHeadCheck() {}

    static List<Defect> run(String place, WeightFiles weights) {
        Map<String, TensorInfo> tensors = weights.tensors();
        Optional<TensorInfo> head = PlanCheck.HEADS.stream().map(tensors::get).filter(tensor -> tensor != null)
                .findFirst();
        Optional<TensorInfo> embedding = Inspection.EMBEDDINGS.stream().map(tensors::get)
                .filter(tensor -> tensor != null).findFirst();
        if (head.isEmpty() || embedding.isEmpty() || same(weights, head.get(), embedding.get())) {
            return List.of();
        }
        return List.of(Defect.warning("weights", place + ": " + head.get().name(),
                "the numbers of %s, for tie_word_embeddings is true".formatted(embedding.get().name()), "others",
                "nothing reads them, here and in transformers: write tie_word_embeddings: false if this head is "
                        + "meant, or remove it"));
    }

    private static boolean same(WeightFiles weights, TensorInfo one, TensorInfo other) {
        return one.dtype() == other.dtype() && one.shape().equals(other.shape())
                && MessageDigest.isEqual(digest(weights.home(one.name()), one),
                        digest(weights.home(other.name()), other));
    }

    private static byte[] digest(Safetensors file, TensorInfo tensor) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            file.blocks(tensor.name(), digest::update);
            return digest.digest();
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
