package dev.socratic.models.inspect;

import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.checkpoint.Tally;
import dev.socratic.models.checkpoint.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads every number once: NaN, infinities, and matrices that hold nothing but zeros.
///
/// Vectors of zeros are legitimate: biases that were never trained, norms of families that store the weight minus one.
final class NumberCheck {
    private NumberCheck() {}

    static List<Defect> run(String place, WeightFiles weights) {
        List<Defect> broken = new ArrayList<>();
        List<Defect> empty = new ArrayList<>();
        for (Map.Entry<String, TensorInfo> entry : weights.tensors().entrySet()) {
            TensorInfo tensor = entry.getValue();
            Safetensors file = weights.home(entry.getKey());
            String at = place + ": " + tensor.name();
            Tally tally = Tally.of(file, tensor.name());
            if (tally.nan() + tally.infinite() > 0) {
                broken.add(Defect.error("numbers", at, "finite numbers",
                        "%s NaN and %s infinite of %s".formatted(tally.nan(), tally.infinite(), tensor.count()),
                        "take an earlier checkpoint, or another format of numbers: float16 ends at 65504"));
            }
            if (tensor.shape().size() > 1 && tensor.count() > 1 && tally.zero() == tensor.count()) {
                empty.add(Defect.error("numbers", at, "numbers other than 0", "%s zeros".formatted(tensor.count()),
                        "the weights were saved before they were loaded, or were lost: fetch or write them again"));
            }
        }
        List<Defect> defects = new ArrayList<>(Defect.few(broken));
        defects.addAll(Defect.few(empty));
        return defects;
    }
}
