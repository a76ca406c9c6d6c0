package dev.socratic.models.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The small vocabulary the tests of this package share, and the program that writes it: `TokenizerFixture FOLDER`
/// before `bench/peers/text/tokenizer_golden.py`.
final class TokenizerFixture {
    static final Path RESOURCES = Path.of("src/test/resources/text");
    static final Path EMBEDDED = RESOURCES.resolve("embedded");

    private TokenizerFixture() {}

    static Stream<String> corpus() {
        try {
            return Files.readAllLines(RESOURCES.resolve("corpus.txt")).stream().map(line -> line.replace("\\n", "\n"));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    static BpeVocabulary train() {
        return BpeTrainer.train(TokenizerRecipe.embedded(400), corpus());
    }

    public static void main(String[] arguments) throws IOException {
        TokenizerFolder.write(train(), Path.of(arguments[0]));
    }
}
