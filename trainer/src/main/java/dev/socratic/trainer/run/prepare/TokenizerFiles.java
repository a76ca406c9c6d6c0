package dev.socratic.trainer.run.prepare;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.checkpoint.ModelFiles;
import dev.socratic.models.generate.EosTokens;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TokenizerStart;
import dev.socratic.trainer.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The tokenizer's files in the student's own folder, so that the folder is whole from the beginning.
public final class TokenizerFiles {
    private static final String CONFIG = "tokenizer_config.json";
    private static final String FILE = "tokenizer.json";

    private TokenizerFiles() {}

    /// @param folder where they are put; those of another run are replaced
    /// @throws DataException if a folder that is to bring a tokenizer has none
    public static void prepare(TrainConfig config, Path folder) {
        TokenizerStart start = config.tokenizer()
                .orElseGet(() -> new TokenizerStart.Folder(ownFolder(config.student())));
        switch (start) {
            case TokenizerStart.Folder from -> copy(from.path(), folder);
            case TokenizerStart.TrainBpe train -> train(train, config.seed(), folder);
        }
        weightsOf(config.student()).ifPresent(source -> copy(source, folder, ModelFiles::ofTerms));
    }

    /// @param folder with the files
    /// @param eos    what ends an answer
    /// @return the ids that a student of random weights has in its config; BOS and padding as `tokenizer_config.json`
    ///         names them, or
    ///         `special_tokens_map.json` where it does not
    public static SpecialTokens special(Path folder, Tokenizer tokenizer, EosTokens eos) {
        Map<String, String> tokens = ChatTemplate.specialTokens(folder);
        return new SpecialTokens(id(tokens, "bos_token", tokenizer), eos.ids(), id(tokens, "pad_token", tokenizer));
    }

    /// @return the folder a student comes from; empty for random weights
    public static Optional<Path> start(StudentStart student) {
        return switch (student) {
            case StudentStart.Architecture shape -> Optional.of(shape.path());
            case StudentStart.Folder folder -> Optional.of(folder.path());
            case StudentStart.Earlier earlier -> throw earlier.unknown();
            case StudentStart.LayersOf layers -> Optional.of(layers.path());
            case StudentStart.Random ignored -> Optional.empty();
        };
    }

    /// @return the folder whose configs speak of the student's token ids; empty where its tokenizer is another than
    ///         that of the folder it comes from
    public static Optional<Path> origin(TrainConfig config) {
        Optional<Path> start = start(config.student());
        return config.tokenizer().isEmpty() ? start : start.filter(folder -> config.tokenizer()
                .get() instanceof TokenizerStart.Folder from
                && Hashes.ofFile(from.path().resolve(FILE)).equals(hash(folder)));
    }

    private static String hash(Path folder) {
        Path file = folder.resolve(FILE);
        return Files.exists(file) ? Hashes.ofFile(file) : "none";
    }

    private static OptionalLong id(Map<String, String> tokens, String field, Tokenizer tokenizer) {
        return tokens.containsKey(field) ? tokenizer.id(tokens.get(field)) : OptionalLong.empty();
    }

    private static Path ownFolder(StudentStart student) {
        return start(student).orElseThrow(() ->
                new ConfigException("tokenizer", "a tokenizer for a student with random weights", "none",
                        "write tokenizer: {folder: {path: ...}}"));
    }

    /// @return whose weights the student begins with, and so under whose terms it stands
    private static Optional<Path> weightsOf(StudentStart student) {
        return switch (student) {
            case StudentStart.Folder folder -> Optional.of(folder.path());
            case StudentStart.LayersOf layers -> Optional.of(layers.path());
            case StudentStart.Architecture ignored -> Optional.empty();
            case StudentStart.Random ignored -> Optional.empty();
            case StudentStart.Earlier earlier -> throw earlier.unknown();
        };
    }

    private static void copy(Path given, Path to) {
        Path from = AdapterFolder.text(given);
        if (!Files.exists(from.resolve(FILE))) {
            throw new DataException(
                    from.toString(), "a folder with tokenizer.json", "none there",
                    "name the folder of a model with its tokenizer, or write tokenizer: {train_bpe: ...}");
        }
        copy(from, to, ModelFiles::withTokenizer);
    }

    private static void copy(Path from, Path to, Predicate<String> wanted) {
        ModelFiles.of(from).forEach((name, file) -> {
            if (wanted.test(name)) {
                AtomicFiles.write(to.resolve(name), RegularFiles.bytes(file, RegularFiles.SMALL));
            }
        });
    }

    private static void train(TokenizerStart.TrainBpe train, long seed, Path folder) {
        try (RowStream<Example> rows = train.source().open(Quarantine.list(), seed)) {
            Stream<String> texts =
                    StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows.iterator(), Spliterator.ORDERED),
                            false)
                    .limit(train.rows())
                    .flatMap(TokenizerFiles::texts);
            TokenizerFolder.write(BpeTrainer.train(TokenizerRecipe.embedded(train.vocab()), texts), folder);
        } catch (IOException e) {
            throw IoProblems.writing(folder, e);
        }
    }

    private static Stream<String> texts(Example row) {
        return switch (row) {
            case Example.Chat chat -> chat.messages().stream().map(ChatMessage::content);
            case Example.Text text -> Stream.of(text.text());
            case Example.Pair pair -> Stream.of(pair.preferred().messages(), pair.rejected())
                    .flatMap(List::stream)
                    .map(ChatMessage::content);
        };
    }
}
