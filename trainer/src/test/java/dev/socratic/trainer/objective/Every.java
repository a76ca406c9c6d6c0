package dev.socratic.trainer.objective;

import dev.socratic.core.config.ConfigReader;
import java.util.ArrayList;
import java.util.List;

/// Every atom of a sealed family, found by reflection, so that a new one cannot dodge the laws.
public final class Every {
    private Every() {}

    /// @return each distance with its defaults, as a config that names it reads it
    public static List<Distance> distance() {
        return names(Distance.class).stream()
                .map(name -> ConfigReader.read("it: " + name, name, OfDistance.class).it())
                .toList();
    }

    /// @return each view; what has no default gets a middling value
    public static List<View> view() {
        return names(View.class).stream()
                .map(name -> ConfigReader.read("it: " + switch (name) {
                    case "temperature" -> "{temperature: {tau: 2}}";
                    case "scale" -> "{scale: {by: 0.5}}";
                    case "top_k" -> "{top_k: {k: 3}}";
                    case "relation" -> "{relation: {measure: dot, heads: 2}}";
                    default -> name;
                }, name, OfView.class).it())
                .toList();
    }

    public static List<TokenWeight> tokenWeight() {
        return names(TokenWeight.class).stream()
                .map(name -> ConfigReader.read("it: " + name, name, OfWeight.class).it()).toList();
    }

    public static List<Schedule> schedule() {
        return names(Schedule.class).stream()
                .map(name -> ConfigReader.read("it: " + switch (name) {
                    case "constant" -> "0.5";
                    case "linear" -> "{linear: {from: 0, to: 1}}";
                    case "cosine" -> "{cosine: {from: 0, to: 1}}";
                    case "step" -> "{step: {at: 0.5, before: 0, after: 1}}";
                    case "stairs" -> "{stairs: {from: 0, to: 1, count: 7}}";
                    default -> name;
                }, name, OfSchedule.class).it())
                .toList();
    }

    /// @return each edit with its defaults
    public static List<Edit> edit() {
        return names(Edit.class).stream().map(name -> ConfigReader.read("it: " + name, name, OfEdit.class).it())
                .toList();
    }

    /// @return names of the records of a family, as configs write them
    static List<String> names(Class<?> family) {
        List<String> names = new ArrayList<>();
        for (Class<?> member : family.getPermittedSubclasses()) {
            if (member.isSealed()) {
                names.addAll(names(member));
            } else {
                names.add(member.getSimpleName().replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .toLowerCase(java.util.Locale.ROOT));
            }
        }
        return names;
    }

    record OfDistance(Distance it) {}

    record OfView(View it) {}

    record OfWeight(TokenWeight it) {}

    record OfSchedule(Schedule it) {}

    record OfEdit(Edit it) {}
}
