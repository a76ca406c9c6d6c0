package dev.socratic.trainer.run.prepare;

import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.SocraticException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.trainer.config.EvaluateConfig;
import dev.socratic.trainer.config.KeepBest;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.MemoryConfig;
import dev.socratic.trainer.config.Packing;
import dev.socratic.trainer.config.Rounding;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.Tags;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Atoms;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Tap;
import dev.socratic.trainer.plan.Planner;
import dev.socratic.trainer.plan.memory.TeacherStreaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What can be told of a training before anything runs: from its config and the objective, then from what the models'
/// folders say of themselves.
public final class TrainChecks {
    private TrainChecks() {}

    /// @param encoder whether the student is one
    /// @return what the config lacks for this objective, or has too much
    public static List<Problem> ofConfig(TrainConfig config, Objective objective, boolean encoder) {
        List<Problem> problems = new ArrayList<>();
        boolean stored = config.store().isPresent() || config.captured().isPresent();
        boolean served = config.servedTeacher().isPresent();
        if (served) {
            problems.addAll(ServedTeacherChecks.of(config, objective, encoder));
        }
        if (objective.needsTeacher() && config.teacher().isEmpty() && !stored && !served) {
            problems.add(new Problem(
                    "teacher", "the folder of a teacher, which objective '%s' compares with".formatted(
                            objective.name()), "nothing",
                    "add teacher: <folder>, or take the objective sft"));
        }
        if (objective.needsTeachers() && !stored && config.moreTeachers().isEmpty()) {
            problems.add(new Problem(
                    "more_teachers", "folders of further teachers, which objective '%s' compares with".formatted(
                            objective.name()), "none",
                    "add more_teachers: [<folder>], from the smallest up, or an objective with one teacher"));
        }
        if (objective.driven() && config.evaluate().isEmpty()) {
            problems.add(new Problem(
                    "evaluate", "held-out rows, whose loss drives the fraction of objective '%s'".formatted(
                            objective.name()), "nothing",
                    "add evaluate: {source: ...}, or give rollout.student.fraction another schedule"));
        }
        if (stored && objective.needsTeacher() && encoder) {
            problems.add(new Problem(
                    "store", "a live teacher, for an encoder's masked tokens are drawn anew each pass", "a store",
                            "write teacher: <folder> instead"));
        }
        itself(config, encoder, problems);
        if (config.privileged()) {
            privileged(config, objective, encoder, problems);
        }
        memory(config, objective, encoder, problems);
        if (config.optimizer().rounding() != Rounding.NONE) {
            narrow(config, objective, encoder).ifPresent(got -> problems.add(new Problem("optimizer.rounding",
                    "a decoder whose own weights learn, which are held in bfloat16 then", got,
                    "leave it out, or write rounding: none")));
        }
        if (encoder && config.packing() != Packing.NONE) {
            problems.add(new Problem("packing", "a decoder as the student", "an encoder",
                    "leave it out: rows of an encoder lie side by side"));
        }
        config.adapter().ifPresent(ignored -> adapter(config, objective, encoder, problems));
        if (!config.freeze().isEmpty() && (encoder || config.adapter().isPresent())) {
            problems.add(new Problem("freeze", "a decoder that is trained whole",
                    encoder ? "an encoder" : "an adapter, under which all weights are frozen", "leave it out"));
        }
        tags(config, objective, problems);
        evaluation(config, encoder, problems);
        return problems;
    }

    /// @return what does not fit between objective, student and teachers; nothing is loaded for it but configs and
    /// tokenizers
    public static List<Problem> ofModels(Objective objective, Planner.Side student, List<Planner.Side> teachers) {
        try {
            Planner.plan(objective, student, teachers);
            return List.of();
        } catch (SocraticException misfit) {
            return misfit.problems();
        }
    }

    /// @param context of the model
    /// @param whose   "the student's"
    /// @return what is wrong with the longest row that is asked for, where the model cannot read it
    public static List<Problem> context(TrainConfig config, long context, String whose) {
        return config.maxSeq().filter(longest -> longest - 1 > context).stream().map(longest -> new Problem(
                "max_seq", "at most %s, %s context and the token predicted last".formatted(context + 1, whose),
                        "%s".formatted(longest),
                "leave it out, write at most %s or take a model with a longer context".formatted(context + 1)))
                        .toList();
    }

    private static void memory(TrainConfig config, Objective objective, boolean encoder, List<Problem> problems) {
        if (encoder && !config.memory().equals(MemoryConfig.USUAL)) {
            problems.add(new Problem("memory", "a decoder as the student, whose memory it is about", "an encoder",
                    "leave it out, or write a smaller micro_tokens"));
        }
        if (config.memory().step() == MemoryConfig.Step.IN_BACKWARD && config.optimizer().maxGradNorm() > 0) {
            problems.add(new Problem("memory.step", "gradients that are not clipped by the norm of all of them, for "
                    + "layers change before it is known", "optimizer: {max_grad_norm: %s}".formatted(
                            config.optimizer().maxGradNorm()), "write max_grad_norm: 0, or step: after_backward"));
        }
        if (config.memory().teacher() == MemoryConfig.Teacher.STREAMED) {
            TeacherStreaming.hindered(config, objective).ifPresent(got -> problems.add(new Problem("memory.teacher",
                    "a live teacher that only reads what the student reads, where its layers stay on disk", got,
                    "write teacher: loaded")));
        }
    }

    /// @return why what learns cannot be bfloat16
    private static Optional<String> narrow(TrainConfig config, Objective objective, boolean encoder) {
        if (encoder) {
            return Optional.of("an encoder, which is float32");
        }
        if (config.adapter().isPresent()) {
            return Optional.of("an adapter, whose factors are float32");
        }
        return objective.edit() instanceof Edit.Replace
                ? Optional.of("'%s', in which layers of the teacher run in the student".formatted(objective.name()))
                : Optional.empty();
    }

    /// @return what memory and rounding of a training cannot be where it computes
    public static List<Problem> ofCompute(TrainConfig config, Compute compute) {
        MemoryConfig memory = config.memory();
        List<Problem> problems = new ArrayList<>();
        if (config.optimizer().rounding() != Rounding.NONE && compute.compute() == FloatType.FLOAT16) {
            problems.add(new Problem("optimizer.rounding",
                    "none in float16, which has not the range of weights in bfloat16",
                    MemoryConfig.label(config.optimizer().rounding()),
                    "leave it out, or write precision: bfloat16"));
        }
        if (memory.step() == MemoryConfig.Step.IN_BACKWARD && compute.compute() == FloatType.FLOAT16) {
            problems.add(new Problem("memory.step", "float32 or bfloat16, for a step in float16 is skipped whole where "
                    + "the scale of its loss was too large", "float16", "write step: after_backward, or precision: "
                            + "bfloat16"));
        }
        if (memory.optimizerState() != MemoryConfig.Place.DEVICE && compute.device().isGpu()) {
            problems.add(new Problem("memory.optimizer_state", "device, where a GPU changes the weights",
                    MemoryConfig.label(memory.optimizerState()), "leave it out, or write optimizer: {method: "
                            + "{adamw8bit: {}}}"));
        }
        return problems;
    }

    private static void adapter(TrainConfig config, Objective objective, boolean encoder, List<Problem> problems) {
        if (encoder) {
            problems.add(new Problem("adapter", "a decoder as the student", "an encoder",
                    "leave it out: an encoder is trained whole"));
        } else if (!(config.student() instanceof StudentStart.Folder)
                && !(config.student() instanceof StudentStart.Earlier)) {
            problems.add(new Problem("adapter", "a student with weights of its own to stand beside",
                    "a student that begins otherwise", "write student: {folder: {path: <base>}}"));
        }
        if (objective.edit() instanceof Edit.Replace) {
            problems.add(new Problem("adapter", "an objective that leaves the layers where they are",
                    "'%s', in which they take the place of the teacher's".formatted(objective.name()),
                    "leave the adapter out, or take another objective"));
        }
    }

    private static void itself(TrainConfig config, boolean encoder, List<Problem> problems) {
        if (config.selfWeights().isEmpty()) {
            return;
        }
        if (encoder) {
            problems.add(new Problem("teacher.self", "a decoder as the student", "an encoder",
                    "write teacher: <folder>"));
        }
        if (!config.moreTeachers().isEmpty()) {
            problems.add(new Problem("more_teachers", "no teachers beside the student itself",
                    "%s".formatted(config.moreTeachers().size()), "leave it out, or name folders alone"));
        }
        if (config.teacherPrecision().isPresent()) {
            problems.add(new Problem("teacher_precision", "nothing, for the teacher computes as the student does",
                    "'" + config.teacherPrecision().get().label() + "'", "leave it out"));
        }
    }

    /// A teacher with a prompt of its own stands at other places than the student: only what is of the answer's tokens
    /// can be compared.
    private static void privileged(TrainConfig config, Objective objective, boolean encoder, List<Problem> problems) {
        String place = config.teacherPrompt().isPresent() ? "teacher_prompt" : "teacher_chat_template_kwargs";
        String leave = "leave " + place + " out";
        if (encoder) {
            problems.add(new Problem(place, "a decoder as the student", "an encoder", leave));
            return;
        }
        if (!objective.needsTeacher()) {
            problems.add(new Problem(place, "an objective that compares with a teacher", "'" + objective.name() + "'",
                    leave + ", or take another objective"));
        }
        if (config.store().isPresent() || config.captured().isPresent()) {
            problems.add(new Problem(place, "a live teacher", "a store, whose rows have the student's prompt",
                    "write teacher: <folder> instead, or " + leave));
        }
        if (config.servedTeacher().isPresent()) {
            problems.add(new Problem(place, "a teacher of weights", "a served one, which is asked the student's rows",
                    "write teacher: <folder> instead, or " + leave));
        }
        if (config.lossOn() == LossOn.ALL) {
            problems.add(new Problem("loss_on", "assistant, where the teacher reads another prompt", "all",
                    "remove loss_on"));
        }
        if (objective.needsPairs()) {
            problems.add(new Problem(place, "an objective of one answer to a prompt", "'" + objective.name() + "'",
                    leave));
        }
        if (objective.edit() instanceof Edit.Replace || objective.edit().needsTeacher()) {
            problems.add(new Problem(place, "an objective that leaves the layers where they are",
                    "'" + objective.name() + "'", leave));
        }
        for (int i = 0; i < objective.terms().size(); i++) {
            if (objective.terms().get(i).tap().isFeature()) {
                problems.add(new Problem("objective '%s'.terms[%s].tap".formatted(objective.name(), i),
                        "logits, for a teacher with another prompt stands at other positions than the student",
                        Atoms.name(objective.terms().get(i).tap(), Tap.class), leave + ", or remove the term"));
            }
        }
    }

    private static void evaluation(TrainConfig config, boolean encoder, List<Problem> problems) {
        List<String> tasks = config.evaluate().map(EvaluateConfig::tasks).orElse(List.of());
        if (config.evaluate().isEmpty() && (config.keepBest().isPresent() || config.earlyStop().isPresent())) {
            problems.add(new Problem("evaluate", "held-out rows, by which keep_best and early_stop judge", "nothing",
                    "add evaluate: {source: ...}, or leave them out"));
        }
        if (encoder && config.neftuneNoiseAlpha() > 0) {
            problems.add(new Problem("neftune_noise_alpha", "a decoder as the student", "an encoder", "leave it out"));
        }
        if (encoder && !tasks.isEmpty()) {
            problems.add(new Problem("evaluate.tasks", "a decoder as the student, for an encoder writes no answer",
                    "an encoder", "leave them out"));
        }
        config.keepBest().map(KeepBest::by).filter(by -> !KeepBest.ofRows(by) && !tasks.contains(by)).ifPresent(by -> {
            List<String> known = new ArrayList<>(List.of(KeepBest.LOSS, KeepBest.ACCURACY));
            known.addAll(tasks);
            problems.add(new Problem("keep_best.by", "a measure, or one of evaluate.tasks", "'" + by + "'",
                    Spelling.remedy(by, known)));
        });
    }

    private static void tags(TrainConfig config, Objective objective, List<Problem> problems) {
        if (!objective.needsTags()) {
            return;
        }
        if (config.tags().isEmpty()) {
            problems.add(new Problem(
                    "tags", "which teacher a row's tag names, by which objective '%s' weighs them".formatted(
                            objective.name()), "nothing",
                    "add tags: {field: <field of the rows>, of: {<tag>: 0, <tag>: 1}}"));
            return;
        }
        Tags tags = config.tags().get();
        boolean live = config.store().isEmpty() && config.captured().isEmpty();
        try {
            tags.check(1 + (live ? config.moreTeachers().size()
                    : Math.max(config.moreStores().size(), config.moreCaptured().size())));
        } catch (ConfigException wrong) {
            problems.addAll(wrong.problems());
        }
    }
}
