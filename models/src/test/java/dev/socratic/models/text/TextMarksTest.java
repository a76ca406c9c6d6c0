package dev.socratic.models.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What stands around a text, against what transformers 4.57.6 begins it with.
class TextMarksTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    private TextMarks marks(String tokenizerClass, String flag, String processor) throws IOException {
        Path fixture = TokenizerFixture.RESOURCES.resolve("byte_fallback/tokenizer.json");
        ObjectNode file = (ObjectNode) MAPPER.readTree(fixture.toFile());
        file.set("post_processor", MAPPER.readTree(processor));
        Files.writeString(folder.resolve("tokenizer.json"), MAPPER.writeValueAsString(file));
        ObjectNode config = MAPPER.createObjectNode().put("tokenizer_class", tokenizerClass).put("bos_token", "<s>")
                .put("eos_token", "</s>");
        if (!flag.equals("-")) {
            config.put("add_bos_token", Boolean.parseBoolean(flag));
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), MAPPER.writeValueAsString(config));
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            return TextMarks.of(folder, tokenizer);
        }
    }

    private static final String BOS_FIRST = """
            {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                    {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
             "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}""";

    @ParameterizedTest
    @CsvSource({
        "PreTrainedTokenizerFast, -, false, false", "PreTrainedTokenizerFast, -, true, true",
                "PreTrainedTokenizerFast, true, false, false",
        "PreTrainedTokenizerFast, false, true, true", "GPT2Tokenizer, true, false, false",
                "Qwen2Tokenizer, false, true, true",
        "LlamaTokenizer, -, false, true", "LlamaTokenizerFast, false, true, false",
                "LlamaTokenizerFast, true, false, true",
        "GemmaTokenizerFast, -, false, true", "GemmaTokenizer, false, true, false",
                "CohereTokenizerFast, -, false, true",
        "GPTNeoXTokenizerFast, -, true, false", "GPTNeoXTokenizerFast, true, false, true",
    })
    void aTextBeginsAsTheReferenceBeginsIt(String tokenizerClass, String flag, boolean processor,
            boolean begins) throws IOException {
        TextMarks marks = marks(tokenizerClass, flag, processor ? BOS_FIRST : "null");
        assertEquals(begins ? List.of(1L) : List.of(), marks.start());
        assertEquals(Optional.of(2L), marks.end());
    }

    @Test
    void aSequenceOfProcessorsIsReadToo() throws IOException {
        String nested = "{\"type\": \"Sequence\", \"processors\": [{\"type\": \"ByteLevel\", \"add_prefix_space\": "
                + "true, \"trim_offsets\": false, \"use_regex\": true}, %s]}";
        assertEquals(List.of(1L), marks("PreTrainedTokenizerFast", "-", nested.formatted(BOS_FIRST)).start());
    }

    @Test
    void whatIsWrittenAlreadyIsNotPutTwice() {
        TextMarks marks = new TextMarks(List.of(1L), Optional.of(2L));
        assertEquals(List.of(1, 1, 0, 0), List.of(marks.before(new long[] {7}), marks.behind(new long[] {7}),
                marks.before(new long[] {1, 7, 2}),
                marks.behind(new long[] {1, 7, 2})));
        assertEquals(List.of(1, 0), List.of(marks.begun(new int[] {1, 7}), marks.begun(new int[] {7})));
        assertEquals(List.of(0, 0), List.of(TextMarks.NONE.before(new long[] {7}),
                TextMarks.NONE.behind(new long[] {7})));
    }
}
