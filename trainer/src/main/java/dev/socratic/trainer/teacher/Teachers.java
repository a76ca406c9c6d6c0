package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.generate.EosTokens;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.Bos;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.MemoryConfig;
import dev.socratic.trainer.data.ExampleEncoder;
import dev.socratic.trainer.data.LazyTemplate;
import dev.socratic.trainer.data.PeerReader;
import dev.socratic.trainer.data.PrivilegedEncoder;
import dev.socratic.trainer.data.RolloutReader;
import dev.socratic.trainer.data.RolloutRetokenizer;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TeacherReading;
import dev.socratic.trainer.data.TwoTokenizerEncoder;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.plan.ModelShape;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.plan.Planner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The teachers, where the objective compares with any; otherwise nothing is loaded, whatever the config names.
///
/// @param decoders   their weights, the largest first
/// @param tokenizers their tokenizers
/// @param folders    where they lie
/// @param owned      whether they are closed here
public record Teachers(List<Decoder> decoders, List<Tokenizer> tokenizers, List<Path> folders, boolean owned)
        implements AutoCloseable {
    public Teachers {
        folders = List.copyOf(folders);
        decoders = List.copyOf(decoders);
        tokenizers = List.copyOf(tokenizers);
    }

    /// Stores stand for them.
    public static final Teachers NONE = new Teachers(List.of(), List.of(), List.of(), true);

    /// @param decoder   the student's own, or another over its weights
    /// @param tokenizer the student's
    /// @param folder    the student's
    /// @return the student itself, which stays the caller's
    public static Teachers itself(Decoder decoder, Tokenizer tokenizer, Path folder) {
        return new Teachers(List.of(decoder), List.of(tokenizer), List.of(folder), false);
    }

    /// @param folder of the teacher
    /// @param more   folders of further ones, the smallest first
    /// @param compute what they are held in and compute in
    /// @param held    whether they lie in memory whole
    public static Teachers of(Objective objective, Optional<Path> folder, List<Path> more, NDManager manager,
            Compute compute, MemoryConfig.Teacher held) {
        List<Path> needed = new ArrayList<>();
        folder.filter(ignored -> objective.needsTeacher()).ifPresent(needed::add);
        if (objective.needsTeachers()) {
            if (more.isEmpty()) {
                throw new ConfigException(
                        "more_teachers",
                        "folders of further teachers, which objective '%s' compares with".formatted(objective.name()),
                        "none",
                        "add more_teachers: [<folder>], from the smallest up, or an objective with one teacher");
            }
            needed.addAll(more);
        }
        return new Teachers(needed.stream()
                .map(path -> switch (held) {
                    case LOADED -> Decoder.load(path, manager, compute);
                    case STREAMED -> Decoder.loadStreamed(path, manager, compute);
                }).toList(), needed.stream()
                .map(Tokenizer::open).toList(), needed, true);
    }

    /// @param own  the student's tokenizer
    /// @param ends what ends an answer of the student's
    /// @return the objective resolved against the student and this teacher
    /// @throws dev.socratic.core.error.ConfigException where their tokens differ
    public Plan plan(Objective objective, Decoder student, Tokenizer own, EosTokens ends) {
        Planner.Side mine = side(student, own, ends);
        List<Planner.Side> theirs = IntStream.range(0, decoders.size())
                .mapToObj(i -> side(decoders.get(i), tokenizers.get(i),
                        EosTokens.of(folders.get(i), tokenizers.get(i))))
                .toList();
        return Planner.plan(objective, mine, theirs);
    }

    private static Planner.Side side(Decoder decoder, Tokenizer tokenizer, EosTokens ends) {
        return new Planner.Side(ModelShape.of(decoder.config()), tokenizer, ends.first());
    }

    /// @param student   the student's encoder
    /// @param bos       whether rows of plain text begin with BOS
    /// @param reading   what teachers are asked, where that is something else than the student is
    /// @param variables of the first teacher's chat template
    /// @return rows for both sides where the plan joins two tokenizers or the teachers read another prompt, otherwise
    ///         for the student
    public ExampleEncoder encoder(RowEncoder student, Plan plan, Bos bos, Optional<TeacherReading> reading,
            Map<String, JsonNode> variables) {
        if (decoders.isEmpty()) {
            return student;
        }
        Tokenizer tokenizer = tokenizers.getFirst();
        LazyTemplate template = new LazyTemplate(folders.getFirst(), variables);
        int longest = decoders.getFirst().config().context() + 1;
        return plan.vocabularyAlignment().<ExampleEncoder>map(joined -> {
            TextMarks marks = bos.marks(folders.getFirst(), tokenizer);
            RowEncoder theirs = new RowEncoder(tokenizer, template, marks, student.lossOn(), longest,
                    student.tooLong());
            return new TwoTokenizerEncoder(student, theirs,
                    Optional.of(joined).filter(ignored -> plan.objective().warpsTokens()), reading);
        }).orElseGet(() -> reading.map(asked -> new PrivilegedEncoder(student, asked, tokenizer, template, longest))
                .<ExampleEncoder>map(asked -> plan.objective().learnsFromPeers() ? new PeerReader(asked) : asked)
                .orElse(student));
    }

    /// @param reader what [#encoder] gave
    /// @param plan   of the same
    /// @param eos    the student's ids that end an answer
    /// @return how the teacher reads what is written, where it reads rows otherwise than the student
    /// @throws ConfigException where prompts count, so that none is left to answer
    public Optional<RolloutReader> ownText(ExampleEncoder reader, Plan plan, List<Long> eos, LossOn lossOn) {
        if (plan.objective().rollout() instanceof Rollout.Data) {
            return Optional.empty();
        }
        return switch (reader) {
            case TwoTokenizerEncoder both -> Optional.of(retokenizer(both, plan, eos, lossOn));
            case PrivilegedEncoder privileged -> Optional.of(privileged);
            case PeerReader peers -> Optional.of(peers);
            default -> Optional.empty();
        };
    }

    private static RolloutReader retokenizer(TwoTokenizerEncoder both, Plan plan, List<Long> eos, LossOn lossOn) {
        if (lossOn == LossOn.ALL) {
            throw new ConfigException(
                    "loss_on", "assistant, where the student answers prompts that its teacher reads with another "
                            + "tokenizer", "all", "remove loss_on");
        }
        return new RolloutRetokenizer(both, plan.vocabularyAlignment().orElseThrow().texts().student(), eos);
    }

    @Override
    public void close() {
        if (owned) {
            decoders.forEach(Decoder::close);
            tokenizers.forEach(Tokenizer::close);
        }
    }
}
