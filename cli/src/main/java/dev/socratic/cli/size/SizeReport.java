package dev.socratic.cli.size;

import dev.socratic.trainer.plan.memory.MemoryNeed;
import dev.socratic.trainer.plan.memory.MemoryText;
import dev.socratic.trainer.plan.memory.Switch;
import dev.socratic.trainer.plan.memory.Switches;
import dev.socratic.trainer.plan.memory.TrainingMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Whether a training fits, and what would make it fit.
///
/// @param training as it is written
/// @param memory   bytes of the device
/// @param fitting  the cheapest that fits, where it does not as it is
/// @param single   every switch alone, the cheapest in time first
public record SizeReport(TrainingMemory training, long memory, Optional<Switches> fitting, List<Switches> single) {
    /// What is left free of a device: other processes, and what the allocator cannot use.
    private static final double ROOM = 0.95;

    public SizeReport {
        single = List.copyOf(single);
    }

    public static SizeReport of(TrainingMemory training, long memory) {
        long limit = (long) (ROOM * memory);
        return new SizeReport(training, memory, training.peak().total() <= limit ? Optional.empty()
                : Switches.fitting(training, limit), Switches.single(training));
    }

    /// @return whether it fits as it is written
    public boolean fits() {
        return training.peak().total() <= ROOM * memory;
    }

    /// @return for people
    public List<String> lines() {
        List<String> lines = new ArrayList<>(MemoryText.table(training.peak()));
        lines.add("");
        if (fits()) {
            lines.add("fits into %s".formatted(MemoryText.gib(memory)));
        } else if (fitting.isPresent()) {
            Switches some = fitting.get();
            lines.add("does not fit into %s; the cheapest that does takes %s and about %s of the time:".formatted(
                    MemoryText.gib(memory), MemoryText.gib(some.training().peak().total()), percent(some.time())));
            lines.add("");
            lines.addAll(some.yaml(training));
        } else {
            Switches least = Switches.smallest(training);
            lines.add(("does not fit into %s, nor does anything else with these models and rows; the least is %s, with "
                    + "%s; take a smaller student or teacher, or shorter rows (max_seq)").formatted(
                            MemoryText.gib(memory), MemoryText.gib(least.training().peak().total()),
                            String.join(", ", least.yaml(training))));
        }
        lines.add("");
        lines.add("each alone, by time:");
        single.forEach(one -> lines.add(String.format(Locale.ROOT, "%12s  %5s  %-62s %s",
                MemoryText.gib(one.training().peak().total()), percent(one.time()),
                String.join(", ", one.yaml(training)), changes(one))));
        return lines;
    }

    private static String changes(Switches one) {
        return one.on().stream().findFirst().map(Switch::changes).orElse(Switch.Changes.NOTHING).about();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /// @return for programs
    public Map<String, Object> facts() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("memory", memory);
        all.put("fits", fits());
        all.put("need", need(training));
        all.put("fitting", fitting.map(this::facts));
        all.put("switches", single.stream().map(this::facts).toList());
        return all;
    }

    private Map<String, Object> facts(Switches some) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("yaml", some.yaml(training));
        all.put("time", some.time());
        all.put("need", need(some.training()));
        return all;
    }

    private static Map<String, Object> need(TrainingMemory training) {
        MemoryNeed peak = training.peak();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("bytes", peak.total());
        all.put("moment", peak.moment().name().toLowerCase(Locale.ROOT));
        all.put("components", peak.labelled());
        return all;
    }
}
