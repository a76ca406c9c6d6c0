package dev.socratic.models.inspect;

import dev.socratic.models.network.Misfit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Every tensor against the full plan of the architecture that `config.json` names. The same mistake in many layers,
/// or in many experts, is one line: `model.layers.{0-27}.self_attn.q_norm.weight`.
final class PlanCheck {
    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d{1,6}(?=\\.)");
    static final List<String> HEADS = List.of("lm_head.weight", "embed_out.weight");

    private final String place;

    PlanCheck(String place) {
        this.place = place;
    }

    /// The same sentence about tensors that differ in numbers only.
    private record Line(Misfit.Kind kind, String pattern, String expected, String got) {
        static Line of(Misfit misfit) {
            return new Line(misfit.kind(), NUMBER.matcher(misfit.name()).replaceAll("*"), misfit.expected(),
                    misfit.got());
        }
    }

    /// @param misfits in the order of the plan
    List<Defect> run(List<Misfit> misfits) {
        Map<Line, List<String>> lines = new LinkedHashMap<>();
        misfits.forEach(misfit -> lines.computeIfAbsent(Line.of(misfit), line -> new ArrayList<>()).add(misfit.name()));
        Map<Misfit.Kind, List<Defect>> kinds = new EnumMap<>(Misfit.Kind.class);
        lines.forEach((line, names) -> together(names).forEach(name ->
                kinds.computeIfAbsent(line.kind(), kind -> new ArrayList<>()).add(defect(line, name))));
        return kinds.values().stream().flatMap(defects -> Defect.few(defects).stream()).toList();
    }

    private Defect defect(Line line, String name) {
        String at = place + ": " + name;
        return switch (line.kind()) {
            case MISSING -> HEADS.contains(name)
                    ? Defect.error("weights", at, "a head, for config.json says it is not the embedding", line.got(),
                            "write tie_word_embeddings: true if the head is the embedding, or fetch the weights again")
                    : Defect.error("weights", at, line.expected() + ", as config.json says", line.got(),
                            "fetch the weights again, or mend config.json: its model has this tensor");
            case SHAPE ->
                    Defect.error("weights", at, line.expected(), line.got(),
                            "the weights and config.json belong to different models");
            case TYPE ->
                    Defect.error("weights", at, line.expected(), line.got(),
                            "fetch the weights again, or take the model before it was quantised");
            case UNEXPECTED -> Defect.error("weights", at, line.expected(), line.got(),
                    "the model computes something that this version does not, or model_type in config.json is "
                            + "another's");
        };
    }

    /// Names that differ in up to two numbers, the first few of them as ranges: all whose second numbers are the same
    /// in one.
    private static List<String> together(List<String> names) {
        if (names.size() == 1) {
            return names;
        }
        Map<Integer, TreeSet<Integer>> seconds = new TreeMap<>();
        for (String name : names) {
            Matcher number = NUMBER.matcher(name);
            number.find();
            TreeSet<Integer> second = seconds.computeIfAbsent(Integer.valueOf(number.group()),
                    first -> new TreeSet<>());
            if (number.find()) {
                second.add(Integer.valueOf(number.group()));
            }
        }
        Map<TreeSet<Integer>, TreeSet<Integer>> firsts = new LinkedHashMap<>();
        seconds.forEach((first, second) -> firsts.computeIfAbsent(second, s -> new TreeSet<>()).add(first));
        List<String> ranges = new ArrayList<>();
        firsts.forEach((second, first) -> {
            String name = NUMBER.matcher(names.getFirst()).replaceFirst(ranges(first));
            Matcher behind = NUMBER.matcher(name); // a range in braces is no number
            ranges.add(second.isEmpty() ? name : first.size() == 1
                    ? replacedSecond(names.getFirst(), first.getFirst(),
                            ranges(second)) : behind.replaceFirst(ranges(second)));
        });
        return ranges;
    }

    private static String replacedSecond(String name, int first, String second) {
        Matcher number = NUMBER.matcher(name);
        number.find();
        String rest = name.substring(number.end());
        return name.substring(0, number.start()) + first + NUMBER.matcher(rest).replaceFirst(second);
    }

    /// @return `{0-3,7}`, or the one number alone
    private static String ranges(Collection<Integer> numbers) {
        if (numbers.size() == 1) {
            return numbers.iterator().next().toString();
        }
        List<String> parts = new ArrayList<>();
        List<Integer> sorted = List.copyOf(new TreeSet<>(numbers));
        for (int from = 0, to; from < sorted.size(); from = to + 1) {
            to = from;
            while (to + 1 < sorted.size() && sorted.get(to + 1) == sorted.get(to) + 1) {
                to++;
            }
            parts.add(from == to ? "" + sorted.get(from) : sorted.get(from) + "-" + sorted.get(to));
        }
        return "{" + String.join(",", parts) + "}";
    }
}
