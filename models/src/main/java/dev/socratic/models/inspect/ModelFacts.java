package dev.socratic.models.inspect;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a model folder holds.
///
/// @param family           `model_type`
/// @param parameters       numbers in the weights; scales of quantised weights count, a tied head does not
/// @param bytesToRun       weights as they are in memory, float32 unless another type is asked for
/// @param bytesToTrain     weights, gradients and the two moments of AdamW, each float32; activations come on top
/// @param bytesPerPosition keys and values that generation keeps of each position, of the same type
/// @param types            tensors and bytes by type of number
/// @param files            bytes of each weight file
/// @param runs             whether this version can run it
/// @param tokenizer        tokens `tokenizer.json` names; empty without one
/// @param templates        names of its chat templates
/// @param shapes           type and shape of every tensor
public record ModelFacts(
        String family,
        long parameters,
        Optional<Long> layers,
        Optional<Long> hidden,
        Optional<Long> heads,
        Optional<Long> keyValueHeads,
        Optional<Long> feedForward,
        Optional<Long> vocabulary,
        Optional<Long> context,
        boolean tiedHead,
        long bytesToRun,
        long bytesToTrain,
        Optional<Long> bytesPerPosition,
        long bytesOnDisk,
        int tensors,
        SortedMap<String, TypeFacts> types,
        SortedMap<String, Long> files,
        boolean runs,
        Optional<Integer> tokenizer,
        Set<String> templates,
        Map<String, String> shapes) {

    /// Tensors of one type of number.
    public record TypeFacts(int tensors, long bytes) {
        TypeFacts plus(long more) {
            return new TypeFacts(tensors + 1, bytes + more);
        }
    }

    public ModelFacts {
        types = new TreeMap<>(types);
        files = new TreeMap<>(files);
    }
}
