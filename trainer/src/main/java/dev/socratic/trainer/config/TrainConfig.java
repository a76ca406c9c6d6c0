package dev.socratic.trainer.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Copies;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import dev.socratic.core.config.FileName;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.FloatType;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.SelfTaught;
import dev.socratic.trainer.objective.SelfWeights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One training run. What is left out has the default stated here.
///
/// ```yaml
/// name: teacher
/// student: {random: {hidden: 256, layers: 6, heads: 8, kv_heads: 8, intermediate: 672}}
/// tokenizer: {train_bpe: {vocab: 1024, source: ..., rows: 20000}}
/// data: ...
/// budget: {tokens: {n: 8000000}}
/// ```
///
/// @param name              the student's name on its card
/// @param student           where its weights start
/// @param adapter           what learns beside its weights; left out, all of them learn
/// @param freeze            which weights learn nothing: regular expressions, each found somewhere in a weight's name
///                          (`embed_tokens`, `layers\\.[0-5]\\.`). They have no gradient and no moments, and the way
///                          back ends above the lowest layer that learns
/// @param tokenizer         where its tokenizer comes from; left out, it is the one of the student's folder
/// @param data              rows to learn; left out in a recipe, the corpus it curates
/// @param objective         name of a preset, or path of a YAML file
/// @param teacher           the teacher, for objectives that need one: its folder, the student itself (`{self:
///                          start}`, `live` or `ema`), or in a recipe `{earlier: name}`, a student trained before
/// @param moreTeachers      further teachers, the smallest first, for objectives that compare with several; written
///                          likewise
/// @param store             a store of the teacher's distributions (`socratic logits`), read instead of asking the
///                          teacher, which need not be named then
/// @param moreStores        stores of further teachers, the smallest first, for objectives that compare with several
/// @param curriculum        which rows a pass asks more often, by how the student answered in an evaluation
/// @param servedTeacher     a teacher behind an address, asked at every step, instead of `teacher`
/// @param captured          name of a store that the recipe captures before, instead of `store`
/// @param moreCaptured      names of further ones, instead of `more_stores`
/// @param teacherPrompt     what the teacher is asked instead of what the student is asked, so that it knows more:
///                          `teacher_prompt: FILE` over the row's fields
/// @param chatTemplateKwargs variables of the student's chat template, such as `{enable_thinking: false}`; what a row
///                          says itself goes before
/// @param teacherChatTemplateKwargs the same of the teacher's, which then reads its own prompt; left out, it reads what
///                          the student reads
/// @param tags              which teacher each row is for, for objectives that weigh teachers by `tag`
/// @param budget            when to end
/// @param batchTokens       input tokens of an optimiser step, reached as nearly as whole micro-batches allow
/// @param microTokens       most tokens of a micro-batch, padding included: the memory of a step
/// @param packing           how rows become micro-batches: `none` puts rows of similar length side by side and pads the
///                          shorter ones, `bfd` lays rows of all lengths end to end, so that nothing is padding
/// @param maxSeq            longest row, in tokens; left out, what the student and its teachers can read, but at most
///                          `micro_tokens`, which bounds the memory of a step; with a store, what that was captured
///                          with
/// @param tooLong           what happens to longer rows
/// @param tooLongLimit      largest share of the rows that may be too long; the stage ends, and the command has exit
///                          code 3, where more are
/// @param bos               whether rows of plain text begin with BOS
/// @param lossOn            which tokens are in the loss
/// @param masking           which tokens of a row an encoder has to guess; decoders guess the next one
/// @param shuffleBuffer     rows that are shuffled and sorted by length together; a data set that fits into one is
///                          shuffled whole
/// @param optimizer         how gradients become steps: AdamW or another rule, and its learning rate
/// @param memory            where it keeps what it needs, and what it makes twice instead
/// @param neftuneNoiseAlpha how large the noise on embeddings is while the student learns (NEFTune); 5 is usual, 0 none
/// @param ema               a moving average of the weights, which the student may be; left out, there is none
/// @param evaluate          held-out measurement
/// @param keepBest          whether the student is the best of its evaluations; left out, it is the last
/// @param earlyStop         when to end before the budget; left out, never
/// @param checkpointEvery   steps between two checkpoints
/// @param keepCheckpoints   newest checkpoints kept
/// @param maxNonFiniteSteps steps in a row with a loss or gradient that is no number, after which the run stops
/// @param alarms            signs that a student which learns from its own text goes wrong, and what is done then
/// @param klToStart         whether `metrics.jsonl` says how far the student has moved from its start on the text it
///                          writes (`kl_to_start`, nats a token), for which its start is held in memory beside it
/// @param seed              of first weights and order of rows
/// @param dtype             number format of the saved weights
/// @param precision         what forward and backward passes compute in, and what teachers are held in: `float32`,
///                          `bfloat16` or `float16`; left out, what `--dtype` or a recipe's `compute` says, else
///                          float32. The student's own weights, their moments, the loss and checkpoints are float32
///                          whatever is written here, but for weights that `optimizer.rounding` has in bfloat16
/// @param teacherPrecision  what teachers are held in and compute in; left out, as the student
/// @param device            `cpu`, `cuda` or `cuda:N`, of student and teachers; left out, that of the recipe.
///                          `--device` goes before. Several, as `cuda:0,cuda:1`, share the micro-batches of each step
public record TrainConfig(
        @Default("student") String name,
        StudentStart student,
        Optional<AdapterConfig> adapter,
        @Default("[]") List<String> freeze,
        Optional<TokenizerStart> tokenizer,
        Optional<ExampleSource> data,
        @Default("sft") @NameOrFile(Objective.FILES) String objective,
        Optional<ModelRef> teacher,
        @Default("[]") List<ModelRef> moreTeachers,
        Optional<Path> store,
        @Default("[]") List<Path> moreStores,
        Optional<CurriculumConfig> curriculum,
        Optional<ServedTeacherConfig> servedTeacher,
        Optional<String> captured,
        @Default("[]") List<String> moreCaptured,
        Optional<TeacherPrompt> teacherPrompt,
        @Default("{}") Map<String, Object> chatTemplateKwargs,
        @Default("{}") Map<String, Object> teacherChatTemplateKwargs,
        Optional<Tags> tags,
        Budget budget,
        @Default("8192") int batchTokens,
        @Default("4096") int microTokens,
        @Default("none") @Alias("packing_strategy") Packing packing,
        Optional<Integer> maxSeq,
        @Default("drop") TooLong tooLong,
        @Default("0.5") double tooLongLimit,
        @Default("tokenizer") Bos bos,
        @Default("assistant") LossOn lossOn,
        @Default("{}") Masking masking,
        @Default("4096") @Alias("window") int shuffleBuffer,
        @Default("{}") OptimizerConfig optimizer,
        @Default("{}") MemoryConfig memory,
        @Default("0") double neftuneNoiseAlpha,
        Optional<EmaConfig> ema,
        Optional<EvaluateConfig> evaluate,
        Optional<KeepBest> keepBest,
        Optional<EarlyStop> earlyStop,
        @Default("200") @Effort int checkpointEvery,
        @Default("2") @Effort @Alias("keep") int keepCheckpoints,
        @Default("5") @Effort @Alias("give_up_after") int maxNonFiniteSteps,
        @Default("{}") AlarmsConfig alarms,
        @Default("false") boolean klToStart,
        @Default("1") long seed,
        @Default("bfloat16") SavedType dtype,
        Optional<FloatType> precision,
        Optional<FloatType> teacherPrecision,
        @Effort Optional<String> device) {
    public TrainConfig {
        FileName.checked("name", name);
        freeze = List.copyOf(freeze);
        freeze.forEach(TrainConfig::compiles);
        moreTeachers = List.copyOf(moreTeachers);
        moreStores = List.copyOf(moreStores);
        moreCaptured = List.copyOf(moreCaptured);
        Limits.atLeast("batch_tokens", batchTokens, 1);
        Limits.atLeast("micro_tokens", microTokens, 2);
        maxSeq.ifPresent(most -> Limits.rows(most, microTokens));
        Limits.share("too_long_limit", tooLongLimit);
        Limits.atLeast("shuffle_buffer", shuffleBuffer, 1);
        Limits.atLeast("checkpoint_every", checkpointEvery, 1);
        Limits.atLeast("keep_checkpoints", keepCheckpoints, 1);
        Limits.atLeast("max_non_finite_steps", maxNonFiniteSteps, 1);
        if (store.isPresent() && captured.isPresent()) {
            throw new IllegalArgumentException(
                    "captured: one store; got '%s' and store '%s'; write one of the two".formatted(captured.get(),
                            store.get()));
        }
        if (!moreStores.isEmpty() && store.isEmpty()) {
            throw new IllegalArgumentException(
                    ("more_stores: stores behind that of the largest teacher; got %s and no store; write store: "
                            + "<folder> too")
                            .formatted(moreStores.size()));
        }
        if (!moreCaptured.isEmpty() && captured.isEmpty()) {
            throw new IllegalArgumentException(
                    ("more_captured: stores behind that of the largest teacher; got %s and no captured; write "
                            + "captured: <name> too")
                            .formatted(moreCaptured.size()));
        }
        if (!(neftuneNoiseAlpha >= 0) || !Double.isFinite(neftuneNoiseAlpha)) {
            throw new IllegalArgumentException("neftune_noise_alpha must not be negative; got %s; 5 is usual".formatted(
                    neftuneNoiseAlpha));
        }
        if (ema.isPresent() && optimizer.method() instanceof OptimizerMethod.ScheduleFreeAdamw) {
            throw new IllegalArgumentException("ema: left out with schedule_free_adamw, whose weights are an average "
                    + "already; got both; leave one out");
        }
        if (tokenizer.isEmpty() && student instanceof StudentStart.Random) {
            throw new IllegalArgumentException(
                    "a student with random weights has no tokenizer of its own; write tokenizer: {folder: {path: "
                            + "...}} or {train_bpe: ...}");
        }
    }

    private static void compiles(String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException broken) {
            throw new IllegalArgumentException("freeze: regular expressions; got '%s'; %s".formatted(pattern,
                    broken.getDescription()));
        }
    }

    /// @param weight name of one
    /// @return whether it learns, as far as `freeze` says
    public boolean learns(String weight) {
        return freeze.stream().noneMatch(pattern -> Pattern.compile(pattern).matcher(weight).find());
    }

    /// @return which of its weights the student is taught by, where it is its own teacher
    public Optional<SelfWeights> selfWeights() {
        return teacher.flatMap(one -> one instanceof ModelRef.Self itself
                ? Optional.of(itself.weights()) : Optional.empty());
    }

    /// @return the teacher's folder, where it has one of its own
    /// @throws dev.socratic.core.error.ConfigException if it is a student of a recipe, whose folder only the recipe
    ///         knows
    public Optional<Path> teacherFolder() {
        return teacher.filter(one -> !(one instanceof ModelRef.Self)).map(one -> one.folder("teacher"));
    }

    /// @return the folders of further teachers
    /// @throws dev.socratic.core.error.ConfigException as above
    public List<Path> moreTeacherFolders() {
        return IntStream.range(0, moreTeachers.size()).mapToObj(i ->
                moreTeachers.get(i).folder("more_teachers[%s]".formatted(i))).toList();
    }

    /// @return the same run over other rows
    public TrainConfig withData(ExampleSource rows) {
        return Copies.with(this, Map.of("data", Optional.of(rows)));
    }

    /// @return the same run from other first weights
    public TrainConfig withStudent(StudentStart start) {
        return Copies.with(this, Map.of("student", start));
    }

    /// @return the same run with the student as its teacher, and the prompt it has as such, where the objective teaches
    ///         so and nothing else is said
    public TrainConfig completed(Objective by) {
        if (by.selfTaught().isEmpty() || store.isPresent() || captured.isPresent()) {
            return this;
        }
        SelfTaught own = by.selfTaught().get();
        return Copies.with(this, Map.of(
                "teacher", teacher.or(() -> Optional.of(new ModelRef.Self(own.weights()))),
                "teacherPrompt", teacherPrompt.or(() -> Optional.of(new TeacherPrompt(own.prompt(),
                        Optional.empty())))));
    }

    /// @return whether the teacher's prompt is another than the student's
    public boolean privileged() {
        return teacherPrompt.isPresent() || !teacherChatTemplateKwargs.isEmpty();
    }

    /// @return variables of the student's chat template
    public Map<String, JsonNode> studentVariables() {
        return json(chatTemplateKwargs);
    }

    /// @return variables of the teacher's chat template
    public Map<String, JsonNode> teacherVariables() {
        return json(teacherChatTemplateKwargs);
    }

    private static Map<String, JsonNode> json(Map<String, Object> variables) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        variables.forEach((name, value) -> all.put(name, Json.mapper().valueToTree(value)));
        return all;
    }

    /// @return names of the stores that the recipe captures before
    public List<String> capturedStores() {
        return Stream.concat(captured.stream(), moreCaptured.stream()).toList();
    }

    /// @param place of a captured store
    /// @return the same run from stores where they lie
    public TrainConfig withStores(Function<String, Path> place) {
        return captured.isEmpty() ? this : Copies.with(this, Map.of(
                "store", captured.map(place), "moreStores", moreCaptured.stream().map(place).toList(),
                "captured", Optional.empty(), "moreCaptured", List.of()));
    }

    /// @return the same run with its teachers at other places
    public TrainConfig withTeachers(UnaryOperator<ModelRef> place) {
        return Copies.with(this, Map.of(
                "teacher", teacher.map(place), "moreTeachers", moreTeachers.stream().map(place).toList()));
    }

    /// @return the same run with this for its longest row
    public TrainConfig withMaxSeq(int tokens) {
        return Copies.with(this, Map.of("maxSeq", Optional.of(tokens)));
    }

    /// @return the longest row, in tokens, once it is known
    public int longest() {
        return maxSeq.orElseThrow(() ->
                new IllegalStateException("max_seq is told by the models, which were not asked yet"));
    }
}
