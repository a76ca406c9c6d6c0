package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.stats.PredictionPowered;
import dev.socratic.eval.stats.RoganGladen;
import dev.socratic.prompts.judge.LabelAgreement;
import dev.socratic.prompts.judge.Labels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Judges held to people: agreement on what both have judged, and the mean that people would give, with an interval.
///
/// @param jury   who judged
/// @param labels of people, by id, on the judges' scale
record JudgeCalibration(Jury jury, Map<String, Double> labels) {

    /// @param ids of all that is judged
    /// @throws DataException if no label is of any of them, or one is off the scale
    static JudgeCalibration of(String place, Jury jury, Collection<String> ids) {
        Optional<Path> file = jury.judging().labels();
        if (file.isEmpty()) {
            return new JudgeCalibration(jury, Map.of());
        }
        Map<String, Double> labels = Labels.read(file.get());
        String at = place + ".judging.labels";
        if (ids.stream().noneMatch(labels::containsKey)) {
            throw new DataException(at, "labels of some that are judged, whose ids are such as '%s'".formatted(
                    ids.stream().findFirst().orElse("")),
                    "ids such as '%s'".formatted(labels.keySet().stream().sorted().findFirst().orElse("")),
                    "write rows {id, label} with the ids of the samples file");
        }
        double least = jury.points(0);
        double most = jury.points(1);
        new TreeSet<>(labels.keySet()).stream().filter(id -> !(labels.get(id) >= least && labels.get(id) <= most))
                .findFirst().ifPresent(id -> {
                    throw new DataException(at, "labels from %s to %s, the scale of the rubric".formatted(least, most),
                            "%s for '%s'".formatted(labels.get(id), id), "give labels on that scale");
                });
        return new JudgeCalibration(jury, labels);
    }

    /// @param share the corrected mean, from 0 to 1
    /// @param facts for the results file
    record Told(Optional<JudgedFigure> share, ObjectNode facts) {}

    /// @param scores on the judges' scale, by id: all that have a verdict
    Told tell(Map<String, Double> scores) {
        LabelAgreement agreement = new LabelAgreement(JuryFacts.step(jury));
        List<Double> people = new ArrayList<>();
        List<Double> judge = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        scores.forEach((id, score) -> {
            Double label = labels.get(id);
            if (label == null) {
                others.add(score);
            } else {
                agreement.add(label, score);
                people.add(label);
                judge.add(score);
            }
        });
        ObjectNode facts = agreement.json().put("labels", labels.size())
                .put("without_verdict_or_unknown", labels.size() - people.size());
        if (people.size() < 2) {
            return new Told(Optional.empty(), facts);
        }
        PredictionPowered powered = PredictionPowered.of(array(people), array(judge), array(others));
        put(facts.putObject("prediction_powered"), powered.value(), powered.error(), powered.ci95())
                .put("lambda", powered.lambda());
        if (binary()) {
            double most = jury.points(1);
            RoganGladen.of(flags(people, most), flags(judge, most),
                    others.stream().filter(score -> score == most).count(), others.size()).ifPresentOrElse(found ->
                            put(facts.putObject("rogan_gladen"), found.value(), found.error(), found.ci95())
                                    .put("sensitivity", found.sensitivity()).put("specificity", found.specificity()),
                    () -> facts.put("rogan_gladen", "none: it takes labels of both kinds, questions without one, and "
                            + "a judge better than chance"));
        }
        double width = jury.points(1) - jury.points(0);
        return new Told(Optional.of(new JudgedFigure("judge_score_corrected", jury.share(powered.value()),
                Optional.of(powered.error() / width), new Interval(Math.max(0, jury.share(powered.ci95().low())),
                Math.min(1, jury.share(powered.ci95().high()))), true)), facts);
    }

    private static ObjectNode put(ObjectNode into, double value, double error, Interval ci95) {
        into.put("value", value).put("stderr", error);
        into.set("ci95", Json.tree(List.of(ci95.low(), ci95.high())));
        return into;
    }

    /// Whether the score is one of two words, said by a single judge.
    private boolean binary() {
        return jury.judging().judges().size() == 1 && jury.rubric().criteria().size() == 1
                && jury.rubric().criteria().values().iterator().next().labels().values().stream().distinct()
                        .count() == 2;
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static boolean[] flags(List<Double> values, double most) {
        boolean[] flags = new boolean[values.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = values.get(i) == most;
        }
        return flags;
    }
}
