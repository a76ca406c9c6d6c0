package dev.socratic.models.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.json.Hashes;
import dev.socratic.models.checkpoint.AdapterFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Text to token ids and back, as the model's own `tokenizer.json` says.
///
/// Nothing is added and nothing cut: no BOS, no truncation, no padding, whatever the file asks for; what the model
/// sees is what the chat template wrote. Special tokens written in the text are recognised. Safe to use from any
/// number of threads; close it to free native memory.
public final class Tokenizer implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String FILE = "tokenizer.json";
    /// Bytes; vocabularies of a quarter of a million tokens take some 40 MB.
    private static final long LARGEST = 512L << 20;

    private final HuggingFaceTokenizer library;
    private final NativeEncoder encoder;
    private final TokenizerTable table;
    private final TokenBytes spelled;
    private final String hash;

    private Tokenizer(HuggingFaceTokenizer library, TokenizerTable table, TokenBytes spelled, String hash) {
        this.library = library;
        this.encoder = new NativeEncoder(library);
        this.table = table;
        this.spelled = spelled;
        this.hash = hash;
    }

    /// @param folder a Hugging Face model folder
    /// @throws DataException if it has no readable `tokenizer.json`
    public static Tokenizer open(Path folder) {
        return of(AdapterFolder.text(folder).resolve(FILE));
    }

    /// @param tokenizerJson the file itself
    /// @throws DataException if it is missing or no tokenizer
    public static Tokenizer of(Path tokenizerJson) {
        if (!Files.exists(tokenizerJson)) {
            throw new DataException(
                    tokenizerJson.toString(),
                    "a Hugging Face tokenizer.json",
                    "no such file",
                    "save it with the model: save_pretrained of a fast tokenizer writes it, "
                            + "also from a sentencepiece tokenizer.model");
        }
        byte[] content = RegularFiles.bytes(tokenizerJson, LARGEST);
        try {
            JsonNode file = MAPPER.readTree(content);
            requireBounded(tokenizerJson, TextGrowth.of(file));
            HuggingFaceTokenizer library = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(untouched(file, content)),
                    Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
            return new Tokenizer(library, TokenizerTable.of(file), TokenBytes.of(file), Hashes.sha256(content));
        } catch (DataException known) {
            throw known;
        } catch (EngineException machine) {
            throw machine; // the library itself could not be loaded: nothing is wrong with the file
        } catch (IOException | RuntimeException broken) {
            throw new DataException(
                    tokenizerJson.toString(),
                    "a Hugging Face tokenizer.json",
                    "'" + firstLine(broken) + "'",
                    "the file is cut short or of a newer format: copy it again or save it with tokenizers 0.21 or "
                            + "older",
                    broken);
        }
    }

    /// @return the ids of the text; a lone surrogate, which UTF-8 cannot write, is read as U+FFFD
    /// @throws DataException if the tokenizer has no token for a character, or the heap no room for those of a very
    ///                       long text
    public long[] encode(String text) {
        return encoder.ids(writable(text));
    }

    /// As [#encode(String)], for whoever can use no more than some tokens: a text that is far too long is not encoded
    /// whole.
    ///
    /// @return the ids; empty if there are more than `most`
    public Optional<long[]> encodeWithin(String text, int most) {
        return encoder.idsWithin(writable(text), most);
    }

    /// @return whether it is a long text that surely has more than `most` tokens; false where only encoding it whole
    ///         tells
    public boolean exceeds(String text, int most) {
        return encoder.exceeds(writable(text), most);
    }

    /// @return the ids with their places in the text, as UTF-16 offsets
    public Encoded encodeWithOffsets(String text) {
        NativeEncoder.Placed encoding = encoder.placed(writable(text));
        CharSpan[] spans = encoding.spans();
        int[] starts = new int[spans.length];
        int[] ends = new int[spans.length];
        // The library counts code points. The spans come in order, so one walk over the text converts them all.
        CodePointCursor cursor = new CodePointCursor(text);
        for (int i = 0; i < spans.length; i++) {
            starts[i] = spans[i] == null ? cursor.offset() : cursor.to(spans[i].getStart());
            ends[i] = spans[i] == null ? cursor.offset() : cursor.to(spans[i].getEnd());
        }
        return new Encoded(encoding.ids(), starts, ends);
    }

    /// @param ids         ids the vocabulary does not have (an embedding padded to a round size has them) are passed
    ///                    over
    /// @param skipSpecial whether control tokens are left out
    public String decode(long[] ids, boolean skipSpecial) {
        return ids.length == 0 ? "" : library.decode(ids, skipSpecial);
    }

    /// @return a decoder that is given one id after the other and never emits half a character
    public TextStream stream(boolean skipSpecial) {
        return new TextStream(this, skipSpecial);
    }

    /// @param token as spelled in the file: `<|end|>`, `Ġthe`
    public OptionalLong id(String token) {
        return Optional.ofNullable(table.ids().get(token)).stream().mapToLong(Long::longValue).findFirst();
    }

    /// @return the token as spelled in the file, or the empty text for an id that has none
    public String token(long id) {
        return table.names().getOrDefault(id, "");
    }

    /// @return whether the id is an added token: `<|end|>`, `</s>`; never a piece of ordinary text
    public boolean isAdded(long id) {
        return table.added().contains(id);
    }

    /// @return what a token adds to a text that has begun, in UTF-8, which may be a piece of a character; empty for an
    ///         id without a token, an added token, and where the vocabulary is not made of bytes (WordPiece)
    public Optional<byte[]> bytes(long id) {
        String token = token(id);
        return token.isEmpty() || isAdded(id) ? Optional.empty() : spelled.of(token);
    }

    /// @return whether a blank that a text begins with is left out when it is decoded
    public boolean stripsFirstBlank() {
        return spelled.stripsBlank();
    }

    /// @return greatest id plus one
    public int vocabularySize() {
        return table.size();
    }

    /// @return SHA-256 of the `tokenizer.json`, hexadecimal: two models with the same hash share their vocabulary
    public String hash() {
        return hash;
    }

    @Override
    public void close() {
        library.close();
    }

    private static void requireBounded(Path file, double growth) {
        if (growth > TextGrowth.MOST) {
            throw new DataException(file.toString(),
                    String.format(Locale.ROOT, "replacements that make a text at most %,.0f times longer",
                            TextGrowth.MOST),
                    String.format(Locale.ROOT, "some that make it %,.0f times longer or more", growth),
                    "take the model's own tokenizer.json; this one would fill the memory");
        }
    }

    /// Truncation and padding that were saved along with the tokenizer would silently change what we encode.
    private static byte[] untouched(JsonNode file, byte[] content) throws IOException {
        if (!(file instanceof ObjectNode object) || !file.hasNonNull("truncation") && !file.hasNonNull("padding")) {
            return content;
        }
        return MAPPER.writeValueAsBytes(object.deepCopy().putNull("truncation").putNull("padding"));
    }

    private static String writable(String text) {
        return text.chars().anyMatch(unit -> Character.isSurrogate((char) unit))
                ? text.codePoints()
                        .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                                ? 0xFFFD
                                : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }

    private static String firstLine(Exception cause) {
        return String.valueOf(cause.getMessage())
                .lines()
                .findFirst()
                .orElse("");
    }
}
