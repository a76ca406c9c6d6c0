package dev.socratic.trainer.run;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.config.MemoryConfig;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.step.Backward;
import dev.socratic.trainer.step.Replica;
import dev.socratic.trainer.step.StepMemory;
import dev.socratic.trainer.step.VocabularyHead;
import dev.socratic.trainer.step.WeightCopies;
import dev.socratic.trainer.teacher.TeacherSide;
import dev.socratic.trainer.teacher.Teachers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Data parallel training over the devices of one machine: each further device holds a copy of student and teachers and
/// computes its share of the micro-batches of a step. Gradients are added in the order of the devices, so that the same
/// devices give the same student; it differs from that of one device by rounding.
final class Replicas implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Decoder> students = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();

    /// @param student makes one on a manager
    Replicas(Resolved run, Plan plan, Decoder original, Function<NDManager, Decoder> student, boolean paddingFree) {
        List<Device> others = run.compute().others();
        if (!others.isEmpty()) {
            require(run.config(), plan);
        }
        List<NDManager> managers = new ArrayList<>();
        for (Device other : others) {
            managers.add(kept(run.compute().on(other).manager()));
            students.add(student.apply(managers.getLast()));
        }
        WeightCopies copies = kept(new WeightCopies(run.manager(), original, students));
        for (int i = 0; i < others.size(); i++) {
            replicas.add(replica(run, plan, i, managers.get(i), copies, paddingFree));
        }
    }

    private Replica replica(Resolved run, Plan plan, int number, NDManager manager, WeightCopies copies,
            boolean paddingFree) {
        TrainConfig config = run.config();
        Compute compute = run.teacherCompute().on(run.compute().others().get(number));
        Decoder student = students.get(number);
        student.trainable(true);
        Map<String, NDArray> trained = student.trainable();
        Teachers teachers = kept(Teachers.of(run.objective(), config.teacherFolder(), config.moreTeacherFolders(),
                manager, compute, config.memory().teacher()));
        VocabularyHead vocabulary = kept(new VocabularyHead(manager));
        ObjectiveLoss loss = kept(new ObjectiveLoss(manager, plan));
        StepMemory memory = kept(StepMemory.of(config.memory(), manager, student.compute(),
                run.folder().resolve("streams_" + (number + 1))));
        Backward backward = kept(new Backward(manager, student,
                TeacherSide.of(plan, teachers.decoders(), Optional.empty(), vocabulary::select), Optional.empty(),
                vocabulary, trained, memory, paddingFree));
        return new Replica(number, copies, backward, loss);
    }

    /// Lets them take part.
    void join(Backward backward, ObjectiveLoss loss) {
        if (!replicas.isEmpty()) {
            backward.share(replicas);
            loss.add(replicas.stream().map(Replica::loss).toList());
        }
    }

    private static void require(TrainConfig config, Plan plan) {
        Objective objective = plan.objective();
        String got = config.store().isPresent() ? "a store in the teacher's place"
                : config.servedTeacher().isPresent() ? "a served teacher"
                : config.teacher().filter(ModelRef.Self.class::isInstance).isPresent() ? "the student as its teacher"
                : config.memory().step() == MemoryConfig.Step.IN_BACKWARD ? "memory: {step: in_backward}"
                : !(objective.rollout() instanceof Rollout.Data) ? "'%s', which writes".formatted(objective.name())
                : !(objective.edit() instanceof Edit.None) ? "'%s', which edits".formatted(objective.name())
                : objective.needsReference() || config.klToStart() ? "a comparison with the start"
                : !plan.sequenceTerms().isEmpty() || !plan.skewCurriculumTerms().isEmpty()
                        ? "'%s', which reads whole answers".formatted(objective.name()) : "";
        refuse(got);
    }

    /// @param loss whose maps and memories would have to be one over all devices
    static void require(ObjectiveLoss loss, Compute compute) {
        if (!compute.others().isEmpty() && !(loss.learned().isEmpty() && loss.kept().isEmpty())) {
            refuse("'%s', which remembers or learns besides".formatted(loss.objective().name()));
        }
    }

    private static void refuse(String got) {
        if (!got.isEmpty()) {
            throw new ConfigException("device", "one device, or an objective over the data's rows, with live teachers "
                    + "or none, whose micro-batches can be shared out", got, "write one device");
        }
    }

    private <T extends AutoCloseable> T kept(T one) {
        open.push(one);
        return one;
    }

    @Override
    public void close() {
        for (AutoCloseable one : open) {
            try {
                one.close();
            } catch (Exception failed) {
                throw failed instanceof RuntimeException ours ? ours : new IllegalStateException(failed);
            }
        }
    }
}
