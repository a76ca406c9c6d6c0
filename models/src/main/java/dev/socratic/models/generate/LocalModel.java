package dev.socratic.models.generate;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.Batching;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextScore;
import dev.socratic.core.text.TokenScore;
import dev.socratic.core.text.Usage;
import dev.socratic.models.constrain.Constraints;
import dev.socratic.models.constrain.Following;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.ConfigJson;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Distribution;
import dev.socratic.models.network.HeldWeights;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A model folder that answers: decoder, tokenizer and chat template on this machine.
///
/// Safe to call from any thread; callers take turns. With fixed batches a unit is one batch, and the same unit always
/// gives the same answers on the same machine and number of threads; with continuous batching ([Batches]) a unit is one
/// request, and those of many threads are written together.
public final class LocalModel implements LiveModel, DistributionModel {
    private final NDManager manager;
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final Supplier<ChatTemplate> template;
    private final TextMarks marks;
    private final SpecialTokens special;
    private final ModelCard card;
    private final ReentrantLock turn = new ReentrantLock();
    private final Batches batches;
    private final SharedScheduler shared;
    private final Distribution distribution;
    private final PromptLogProbs promptLogProbs;
    private final PromptReader reader;
    private final Constraints constraints;
    private final Optional<Draft> draft;
    private final boolean borrowed;
    private final Map<Integer, String> words = new ConcurrentHashMap<>();

    private LocalModel(NDManager manager, Decoder decoder, Tokenizer tokenizer, Supplier<ChatTemplate> template,
            TextMarks marks,
            SpecialTokens special, ModelCard card, Batches batches, Optional<Draft> draft, boolean borrowed) {
        this.borrowed = borrowed;
        this.draft = draft;
        this.manager = manager;
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.template = template;
        this.marks = marks;
        this.special = special;
        this.card = card;
        this.batches = batches;
        this.shared = new SharedScheduler(scheduler(batches.rows(), answer -> { }), turn);
        this.constraints = new Constraints(tokenizer);
        this.reader = new PromptReader(template, tokenizer, marks, card.contextTokens(), constraints);
        this.distribution = new Distribution(manager);
        this.promptLogProbs = new PromptLogProbs(decoder, manager, distribution, vocabulary(), this::word);
    }

    /// The same on the fixed day of templates that print one, so that the same requests are answered alike on every
    /// day.
    public static LocalModel open(Path folder, int unit, Compute compute) {
        return open(folder, unit, ChatTemplate.DAY, compute);
    }

    /// @param folder a Hugging Face model folder
    /// @param unit   how many requests are answered together
    /// @param clock  what a chat template that prints a date reads
    /// @param compute where it runs, the type its weights are held in and that it computes in
    /// @throws DataException if the folder lacks a part, a part is damaged, or the tokenizer knows tokens that the
    ///                       weights do not
    public static LocalModel open(Path folder, int unit, Clock clock, Compute compute) {
        return open(folder, Batches.fixed(unit), clock, compute);
    }

    /// @param batches how requests are answered together
    public static LocalModel open(Path folder, Batches batches, Clock clock, Compute compute) {
        // Reading every byte of the weights for their hash takes as long as loading them, on another processor.
        CompletableFuture<String> hashed = CompletableFuture.supplyAsync(() -> WeightsHash.of(folder));
        NDManager manager = compute.manager();
        try {
            Decoder decoder = Decoder.loadPacked(folder, manager, compute);
            String hash = joined(hashed);
            Tokenizer tokenizer = tokenizer(folder, decoder.config().vocab());
            SpecialTokens said = ConfigJson.generation(folder, decoder.config().special());
            SpecialTokens special = new SpecialTokens(said.bos(), EosTokens.of(folder, tokenizer).ids(), said.pad());
            String name = folder.toAbsolutePath().normalize().getFileName().toString();
            boolean fixed = batches.kind() == Batching.FIXED;
            ModelCard card = new ModelCard(name, place(hash, compute), hash, decoder.config().context(),
                    fixed ? batches.rows() : 1, fixed ? 1 : batches.rows(), true);
            return new LocalModel(manager, decoder, tokenizer, template(folder, clock),
                    TextMarks.of(folder, tokenizer), special, card, batches, Optional.empty(), false);
        } catch (RuntimeException failed) {
            manager.close();
            throw failed;
        }
    }

    /// A decoder that stays somebody else's, such as one that learns: its weights are read as they are when it is
    /// asked.
    ///
    /// @param folder  whose tokenizer and template it has
    /// @param special tokens that frame and end its text
    /// @param unit    how many requests are answered together
    /// @param parent  of what is made to answer
    public static LocalModel of(Decoder decoder, Path folder, SpecialTokens special, int unit, NDManager parent) {
        NDManager own = parent.newSubManager();
        Tokenizer tokenizer = tokenizer(folder, decoder.config().vocab());
        ModelCard card = new ModelCard("live", "live", "live", decoder.config().context(), unit, 1, true);
        return new LocalModel(own, decoder, tokenizer, template(folder, ChatTemplate.DAY),
                TextMarks.of(folder, tokenizer), special, card, Batches.fixed(unit), Optional.empty(), true);
    }

    private static String joined(CompletableFuture<String> coming) {
        try {
            return coming.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException ours ? ours : failed;
        }
    }

    /// A small model that drafts what this one checks: *speculative decoding*
    /// ([dev.socratic.models.network.Speculation]). What is written keeps its distribution, and greedy text its tokens.
    ///
    /// @param decoder of the small one
    /// @param tokens  drafted at once
    private record Draft(Decoder decoder, int tokens, Drafter.Counts counts) {}

    /// The same model, drafted for by a smaller one with the same tokenizer. This one is only closed as part of it.
    ///
    /// @param folder a Hugging Face model folder
    /// @param tokens drafted at once, at least 1
    /// @throws DataException if their tokenizers differ, or the frequencies of a rope change with the length of a text
    public LocalModel draftedBy(Path folder, int tokens, Compute compute) {
        try (Tokenizer other = Tokenizer.open(folder)) {
            Drafts.requireAlike(folder, tokenizer, other);
        }
        Decoder small = Decoder.loadPacked(folder, manager, compute);
        Drafts.requireSteady(folder, small);
        Drafts.requireSteady(Path.of(card.name()), decoder);
        ModelCard drafted = new ModelCard(card.name(),
                "%s:draft=%s:%s".formatted(card.place(), WeightsHash.of(folder), tokens), card.revision(),
                card.contextTokens(), card.unit(), card.parallel(), card.scores());
        return new LocalModel(manager, decoder, tokenizer, template, marks, special, drafted, batches,
                Optional.of(new Draft(small, tokens, new Drafter.Counts())), borrowed);
    }

    private Optional<Drafter> drafter() {
        return draft.map(by -> new Drafter(by.decoder, by.tokens, by.counts));
    }

    /// @return of a model with a draft, how many tokens were drafted and which share of them stood
    @Override
    public Map<String, Object> notes() {
        return draft.filter(by -> by.counts.drafted().get() > 0).map(by -> {
            Map<String, Object> notes = new LinkedHashMap<>();
            notes.put("draft_tokens", by.counts.drafted().get());
            notes.put("draft_accepted_share", Math.round(1000.0 * by.counts.stood().get()
                    / by.counts.drafted().get()) / 1000.0);
            return notes;
        }).orElse(Map.of());
    }

    /// In another type or fewer bits the same weights say something else.
    private static String place(String hash, Compute compute) {
        boolean plain = compute.weights() == FloatType.FLOAT32 && compute.compute() == FloatType.FLOAT32;
        return "weights:" + hash + (plain ? "" : ":" + compute.compute().label()) + switch (compute.quantization()) {
            case NONE -> "";
            case INT8 -> ":int8";
            case INT4 -> ":int4";
            case NF4 -> ":nf4";
        };
    }

    private static Tokenizer tokenizer(Path folder, int rows) {
        Tokenizer tokenizer = Tokenizer.open(folder);
        int tokens = tokenizer.vocabularySize();
        if (tokens > rows) {
            tokenizer.close();
            throw new DataException(folder.toString(),
                    "a tokenizer of at most %s tokens, the rows of the embedding".formatted(rows),
                    "%s".formatted(tokens), "the tokenizer and the weights belong to different models");
        }
        return tokenizer;
    }

    /// A base model has no template: it can be scored, and says so when it is asked to chat.
    private static Supplier<ChatTemplate> template(Path folder, Clock clock) {
        try {
            ChatTemplate found = ChatTemplate.of(folder, clock);
            return () -> found;
        } catch (DataException missing) {
            return () -> {
                throw new DataException(missing.problems());
            };
        }
    }

    /// @return what its weights take, and which are of few bits
    public HeldWeights held() {
        return decoder.held();
    }

    @Override
    public ModelCard card() {
        return card;
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        Map<GenerationRequest, Answer> answers = new LinkedHashMap<>();
        List<Optional<GenerationOutcome>> failures = new ArrayList<>();
        for (GenerationRequest request : requests) {
            Prompt prompt = prompt(request.messages());
            failures.add(switch (asked(prompt, request)) {
                case PromptReader.Tokens tokens -> {
                    answers.put(request, begun(tokens, Watcher.PATIENT));
                    yield Optional.empty();
                }
                case Ready foreign -> throw new IllegalStateException("a prompt of another model");
                case Refused refused -> Optional.of(new Failure(request.id(), refused.problem(), false));
            });
        }
        if (!answers.isEmpty()) {
            switch (batches.kind()) {
                case FIXED -> finish(answers.values());
                case CONTINUOUS -> shared.finish(List.copyOf(answers.values()));
            }
        }
        List<GenerationOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            GenerationRequest request = requests.get(i);
            outcomes.add(failures.get(i).orElseGet(() -> completion(request.id(), answers.get(request))));
        }
        return outcomes;
    }

    private static Prompt prompt(List<ChatMessage> messages) {
        return messages.size() == 1 && messages.getFirst().role().equals(ChatMessage.TEXT)
                ? new Prompt.Text(messages.getFirst().content()) : new Prompt.Chat(messages);
    }

    private Read asked(Prompt prompt, GenerationRequest request) {
        return switch (batches.kind()) {
            case FIXED -> reader.read(prompt, request.parameters(), request.seed());
            case CONTINUOUS -> read(prompt, request.parameters(), request.seed());
        };
    }

    /// As one unit, with nothing of others in the cache.
    private void finish(Collection<Answer> answers) throws InterruptedException {
        turn.lockInterruptibly();
        try (Scheduler scheduler = new Scheduler(decoder, ends(), Scheduler.Limits.NONE, drafter(),
                answer -> { })) {
            answers.forEach(scheduler::submit);
            scheduler.finish();
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void onNote(Consumer<String> sink) {
        sink.accept(batches.note());
    }

    @Override
    public Read read(Prompt prompt, GenerationParameters parameters, long seed) {
        return switch (reader.read(prompt, parameters, seed)) {
            case PromptReader.Tokens tokens -> fitting(tokens);
            case Ready foreign -> throw new IllegalStateException("a prompt of another model");
            case Refused refused -> refused;
        };
    }

    /// What would not fit the cache if it were alone there would wait for ever.
    private Read fitting(PromptReader.Tokens tokens) {
        int most = (int) Math.min((long) tokens.ids().length + tokens.parameters().maxTokens(), card.contextTokens());
        long bytes = Scheduler.most(decoder, most);
        return bytes <= batches.cacheBytes() ? tokens : new Refused((
                "max_tokens: a prompt and an answer whose keys and values fit the cache of %s MiB; got %s and up to %s "
                + "tokens, which take %s MiB; ask for fewer, or give the cache more memory").formatted(
                        batches.cacheBytes() >> 20, tokens.ids().length, most - tokens.ids().length,
                (bytes >> 20) + 1), false);
    }

    @Override
    public boolean reads(String variable) {
        return template.get().reads(variable);
    }

    @Override
    public String template() {
        try {
            return template.get().source();
        } catch (DataException none) {
            return "";
        }
    }

    @Override
    public Optional<String> opening(List<ChatMessage> messages) {
        return template().isEmpty() ? Optional.empty() : Optional.of(template.get().render(messages, true).text());
    }

    @Override
    public OptionalInt tokens(String text) {
        return OptionalInt.of(tokenizer.encode(text).length);
    }

    @Override
    public String text(long[] ids) {
        return tokenizer.decode(ids, false);
    }

    @Override
    public Writing writing() {
        Scheduler scheduler = scheduler(Integer.MAX_VALUE,
                answer -> answer.watcher().done(completion("", answer), answer.written()));
        return new LocalWriting(scheduler, turn, this::begun);
    }

    private Scheduler scheduler(int rows, Consumer<Answer> end) {
        return new Scheduler(decoder, ends(), new Scheduler.Limits(batches.cacheBytes(), rows, true), drafter(),
                end);
    }

    private Answer begun(PromptReader.Tokens tokens, Watcher watcher) {
        Optional<Following> following = tokens.parameters().constrain()
                .map(constraint -> constraints.follow(constraint, tokens.begun()));
        return new Answer(tokens, card.contextTokens(), Set.copyOf(special.eos()), tokenizer, watcher, following,
                System::nanoTime);
    }

    private long[] ends() {
        return special.eos().stream().mapToLong(Long::longValue).toArray();
    }

    private static Completion completion(String id, Answer answer) {
        Usage usage = new Usage(answer.prompt().length, answer.tokens(), 0);
        return new Completion(id, answer.text(), Optional.empty(), answer.finish(), usage);
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        turn.lock();
        try {
            return new Scorer(decoder, tokenizer, special, distribution).score(requests, manager);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public boolean scoresTokens() {
        return card().scores();
    }

    @Override
    public List<List<TokenScore>> tokenScores(List<ScoreRequest> requests) {
        turn.lock();
        try {
            return new Scorer(decoder, tokenizer, special, distribution).tokens(requests, manager);
        } finally {
            turn.unlock();
        }
    }

    /// Reads whole texts, each begun as the tokenizer begins one (with BOS where that adds it).
    ///
    /// @param window tokens read together, from 2 to the model's context
    /// @param stride how many tokens behind the last one a window begins, from 1 to the window
    /// @return one score for each, in their order
    public List<TextScore> rolling(List<String> texts, int window, int stride) {
        List<long[]> ids = texts.stream().map(text -> reader.begun(tokenizer.encode(text))).toList();
        turn.lock();
        try {
            return new RollingScorer(new LabelReader(decoder, distribution), card.contextTokens())
                    .score(ids, window, stride, manager);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public List<Double> likelihoods(List<String> texts) {
        List<long[]> ids = texts.stream().map(text -> reader.begun(tokenizer.encode(text))).toList();
        turn.lock();
        try {
            return new WholeTextScorer(new LabelReader(decoder, distribution), special.prefix(),
                    card.contextTokens()).score(ids, manager);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public String written(List<ChatMessage> messages, boolean continues) {
        return reader.rendered(new Prompt.Chat(messages, Map.of(), continues));
    }

    @Override
    public List<Distributions> distributions(List<int[]> rows, int k) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            return promptLogProbs.read(rows, k);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public int vocabulary() {
        return Math.min(decoder.config().vocab(), tokenizer.vocabularySize());
    }

    @Override
    public String word(int id) {
        return words.computeIfAbsent(id, token -> tokenizer.decode(new long[] {token}, false));
    }

    @Override
    public void close() {
        // what is computed now may still read what is freed here; whoever comes later is a bug of the caller's
        turn.lock();
        shared.close();
        distribution.close();
        tokenizer.close();
        draft.ifPresent(by -> by.decoder.close());
        if (!borrowed) {
            decoder.close();
        }
        manager.close();
    }
}
