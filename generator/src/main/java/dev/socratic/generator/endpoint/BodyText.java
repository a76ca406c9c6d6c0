package dev.socratic.generator.endpoint;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okio.ByteString;

/// The text of a body: in the charset its `Content-Type` names, UTF-8 where it names none, without a byte order mark.
final class BodyText {
    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*\"?([^\\s\";]+)", Pattern.CASE_INSENSITIVE);
    private static final char MARK = '\uFEFF';
    private static final char HOLE = '\uFFFD';

    private BodyText() {}

    /// @param type the header; empty where there is none
    /// @throws NoAnswerException if the bytes are none of that charset: a text with holes is nothing to learn from
    static String strict(ByteString bytes, String type) throws NoAnswerException {
        Charset charset = charset(bytes, type);
        String text = bytes.string(charset);
        if (text.indexOf(HOLE) >= 0) { // written so, or made of what is none: only then is it worth reading twice
            check(bytes, charset, text);
        }
        return unmarked(text);
    }

    private static void check(ByteString bytes, Charset charset, String lenient) throws NoAnswerException {
        try {
            charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes.asByteBuffer());
        } catch (CharacterCodingException e) {
            throw new NoAnswerException("the body holds bytes that are no %s".formatted(charset.name()),
                    Counted.in(lenient));
        }
    }

    /// The same for a message, where holes do no harm.
    static String lenient(ByteString bytes, String type) {
        return unmarked(bytes.string(charset(bytes, type)));
    }

    private static Charset charset(ByteString bytes, String type) {
        if (bytes.startsWith(ByteString.of((byte) 0xEF, (byte) 0xBB, (byte) 0xBF))) {
            return StandardCharsets.UTF_8;
        }
        if (bytes.startsWith(ByteString.of((byte) 0xFF, (byte) 0xFE)) || bytes.startsWith(ByteString.of((byte) 0xFE,
                (byte) 0xFF))) {
            return StandardCharsets.UTF_16; // which reads the mark
        }
        Matcher named = CHARSET.matcher(type);
        return (named.find() ? known(named.group(1)) : Optional.<Charset>empty()).orElse(StandardCharsets.UTF_8);
    }

    private static Optional<Charset> known(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    private static String unmarked(String text) {
        return !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
    }
}
