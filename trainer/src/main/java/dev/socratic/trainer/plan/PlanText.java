package dev.socratic.trainer.plan;

import dev.socratic.trainer.data.align.VocabularyAlignment;
import dev.socratic.trainer.objective.Atoms;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Pairing;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Tap;
import dev.socratic.trainer.objective.Term;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// What a plan will do, to be read before it runs.
public final class PlanText {
    private PlanText() {}

    /// @return terms with their weights over the run, the layers they pair, and the maps they create
    public static String of(Plan plan) {
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(Locale.ROOT, "%s: sum of %d term(s), over %d token ids%n", plan.objective().name(),
                        plan.objective().terms().size(), plan.sharedVocab()));
        plan.vocabularyAlignment().ifPresent(joined -> text.append(tokenizers(joined)));
        plan.sharedIds().ifPresent(same -> text.append("  left out of the comparison: ").append(same.text())
                .append("; a row that uses one is refused\n"));
        for (int i = 0; i < plan.objective().terms().size(); i++) {
            Term term = plan.objective().terms().get(i);
            text.append(String.format(Locale.ROOT, "  term %d, weight %s: %s%n", i, weights(plan, i), term.text()));
            if (plan.vocabularyAlignment().isPresent() && term.needsTeacher()) {
                text.append(String.format(Locale.ROOT, "    joins: %s%n", term.pairing().text()));
            }
            if (term.tap().layered()) {
                text.append(
                        String.format(Locale.ROOT, "    layers, student with teacher: %s%n", layers(plan, i, term)));
            }
        }
        edit(plan).lines().forEach(line -> text.append("  ").append(line).append('\n'));
        if (plan.objective().needsPolicy()) {
            text.append(
                    "  a policy of 5 weights chooses teachers token by token; it is trained beside the student, "
                            + "never part of it\n");
        }
        text.append(rows(plan.objective()));
        List<ProjectionSpec> maps = plan.projections();
        if (!maps.isEmpty()) {
            long weights = maps.stream().mapToLong(map -> (long) map.in() * map.out()).sum();
            text.append(
                    String.format(Locale.ROOT, "  trained beside the student, never part of it: %,d weights%n",
                            weights));
            maps.forEach(map ->
                    text.append(String.format(Locale.ROOT, "    %s: %d to %d%n", map.name(), map.in(), map.out())));
        }
        return text.toString();
    }

    /// @return the same as data, for programs
    public static Map<String, Object> asData(Plan plan) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("shared_vocabulary", plan.sharedVocab());
        plan.sharedIds().ifPresent(same -> facts.put("ids_left_out", same.count()));
        plan.vocabularyAlignment().ifPresent(joined -> facts.put("agreeing_tokens", Map.of(
                "count", joined.teacher().length, "of_teacher", joined.teacherSize(), "of_student",
                joined.studentSize())));
        facts.put("terms", IntStream.range(0, plan.objective().terms().size()).mapToObj(i -> term(plan, i)).toList());
        facts.put("edit", Atoms.name(plan.objective().edit(), Edit.class));
        facts.put("rollout", Atoms.name(plan.objective().rollout(), Rollout.class));
        facts.put("learned", plan.projections());
        return facts;
    }

    private static Map<String, Object> term(Plan plan, int number) {
        Term term = plan.objective().terms().get(number);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("term", term.text());
        facts.put("weight", DoubleStream.of(0, 0.5, 1).map(progress -> plan.weight(number, progress)).boxed().toList());
        if (term.tap().layered()) {
            facts.put("layers", plan.pairs(number, 1));
        }
        return facts;
    }

    private static String edit(Plan plan) {
        return switch (plan.objective().edit()) {
            case Edit.None ignored -> "";
            case Edit.Perturb ignored ->
                    "edit: two passes a step; the second with the gradient of the first, at length 1, added to what "
                            + "enters the first layer";
            case Edit.Interchange change -> String.format(
                    Locale.ROOT,
                    "edit: two passes a step; in the second, %.4g of each sample's positions are those of the next "
                            + "sample after a layer drawn anew:%n  student with teacher: %s",
                    change.span(), plan.blocks().stream().map(block -> block.student() + " with " + (block.last() - 1))
                            .collect(Collectors.joining(", ")));
            case Edit.Replace replace -> String.format(
                    Locale.ROOT,
                    "edit: a layer is the student's with probability %.4g .. %.4g .. %.4g, else the teacher's "
                            + "block; only layers are trained%n  layers, student for teacher: %s",
                    replace.replacingRate().at(0), replace.replacingRate().at(0.5), replace.replacingRate().at(1),
                    plan.blocks().stream()
                            .map(block -> block.student() + " for " + block.first() + " to " + (block.last() - 1))
                                    .collect(Collectors.joining(", ")));
        };
    }

    private static String tokenizers(VocabularyAlignment joined) {
        int agree = joined.teacher().length;
        return String.format(
                Locale.ROOT,
                "  two tokenizers: %d tokens agree, %.1f %% of the teacher's %d and %.1f %% of the student's %d%n",
                agree, 100 * joined.share(), joined.teacherSize(), 100.0 * agree / joined.studentSize(),
                joined.studentSize());
    }

    /// Which rows it wants, and what it holds in memory besides student and teacher.
    private static String rows(Objective objective) {
        StringBuilder text = new StringBuilder();
        if (objective.needsPairs()) {
            text.append(String.format(Locale.ROOT, "  rows: two answers to each prompt (prompt, chosen, rejected)%n"));
        }
        if (objective.needsTags()) {
            text.append(String.format(Locale.ROOT, "  rows: a tag each, which names its teacher (tags)%n"));
        }
        if (objective.needsTeachers()) {
            text.append(
                    String.format(Locale.ROOT,
                    "  teachers: several, all in memory (teacher, more_teachers) or none of them (store, "
                            + "more_stores)%n"));
        }
        switch (objective.rollout()) {
            case Rollout.Data ignored -> { }
            case Rollout.Teacher ignored -> text.append(
                    String.format(Locale.ROOT, "  text: %s%n", Atoms.text(objective.rollout(), Rollout.class)));
            case Rollout.Student ignored -> text.append(
                    String.format(Locale.ROOT, "  text: %s%n", Atoms.text(objective.rollout(), Rollout.class)));
        }
        if (objective.needsReference()) {
            text.append(
                    String.format(Locale.ROOT,
                    "  held in memory: the reference model, the student before the first step, its weights once more, "
                            + "4 bytes each, forward only%n"));
        }
        return text.toString();
    }

    /// One number where it never changes, else those at the start, in the middle and at the end.
    private static String weights(Plan plan, int term) {
        List<String> three = DoubleStream.of(0, 0.5, 1)
                .mapToObj(progress -> String.format(Locale.ROOT, "%.4g", plan.weight(term, progress)))
                .toList();
        return three.stream().distinct().count() == 1 ? three.getFirst() : String.join(" .. ", three);
    }

    private static String layers(Plan plan, int number, Term term) {
        if (term.layers() instanceof Pairing.Attended) {
            return plan.pairs(number, 1).stream().map(pair -> pair.student() + " with a mix")
                    .collect(Collectors.joining(", "));
        }
        String pairs = plan.pairs(number, 1).stream().map(pair -> pair.student() + " with " + pair.teacher())
                .collect(Collectors.joining(", "));
        return switch (term.layers()) {
            case Pairing.Random ignored -> pairs + " at the end, drawn anew before";
            case Pairing.Unlocking ignored -> pairs + ", one after the other";
            case Pairing.Output ignored -> term.tap() instanceof Tap.Hidden ? "the final states" : pairs;
            case Pairing.Last ignored -> pairs;
            case Pairing.OneToOne ignored -> pairs;
            case Pairing.Uniform ignored -> pairs;
            case Pairing.Attended ignored -> pairs;
            case Pairing.Across ignored -> "the embeddings, " + pairs + ", side by side";
            case Pairing.Explicit ignored -> pairs;
        };
    }
}
