package dev.socratic.core.secret;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Takes known secrets out of text: answers and error messages of servers, addresses, headers.
///
/// Found however they are spelled: as they are, in Base64 (wherever in a longer text they begin), in hexadecimal, and
/// each of these with JSON, URL or HTML escapes ([EscapedText]). Called where text is *written*, so that it does not
/// matter what was decoded on the way.
public final class Secrets {
    /// What stands where a secret was.
    public static final String MARK = "***";

    /// Nothing to hide.
    public static final Secrets NONE = new Secrets(List.of());

    /// Dummy keys of local servers (`x`, `none`, `EMPTY`, `ollama`) are shorter; cutting those out of answers would
    /// cut words.
    private static final int SHORTEST = 8;

    private final List<String> spellings;

    public Secrets(Collection<Secret> secrets) {
        this.spellings = secrets.stream()
                .map(Secret::reveal)
                .filter(value -> value.length() >= SHORTEST)
                .flatMap(Secrets::spellings)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /// @return the text with `***` for every secret
    public String redact(String text) {
        boolean escaped = text.indexOf('\\') >= 0 || text.indexOf('%') >= 0 || text.indexOf('&') >= 0;
        String clean = text;
        for (String spelling : spellings) {
            clean = escaped ? redact(clean, spelling) : clean.replace(spelling, MARK);
        }
        return clean;
    }

    private static String redact(String text, String spelling) {
        StringBuilder clean = new StringBuilder();
        int copied = 0;
        char first = spelling.charAt(0);
        for (int at = 0; at < text.length(); ) {
            char c = text.charAt(at);
            if (c != first && c != '\\' && c != '%' && c != '&') { // bodies of megabytes are read here
                at++;
                continue;
            }
            int end = end(text, at, spelling);
            if (end < 0) {
                at++;
                continue;
            }
            clean.append(text, copied, at).append(MARK);
            copied = end;
            at = end;
        }
        return copied == 0 ? text : clean.append(text, copied, text.length()).toString();
    }

    private static int end(String text, int from, String spelling) {
        int at = from;
        for (int i = 0; i < spelling.length() && at >= 0; i++) {
            at = EscapedText.after(text, at, spelling.charAt(i));
        }
        return at;
    }

    private static Stream<String> spellings(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Stream<String> base64 = IntStream.range(0, 3).boxed().flatMap(shift -> Stream.of(
                base64(Base64.getEncoder(), bytes, shift), base64(Base64.getUrlEncoder(), bytes, shift)));
        HexFormat hex = HexFormat.of();
        String alone = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        return Stream.concat(
                Stream.of(value, hex.formatHex(bytes), hex.withUpperCase().formatHex(bytes), alone), base64);
    }

    /// The digits that depend on the secret alone, if it begins `shift` bytes into a group of three: those that it
    /// shares with what stands around it say little, and stay.
    private static String base64(Base64.Encoder encoder, byte[] bytes, int shift) {
        byte[] shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        int from = (shift * 8 + 5) / 6;
        int to = shifted.length * 8 / 6;
        byte[] digits = encoder.withoutPadding().encode(shifted);
        return new String(Arrays.copyOfRange(digits, from, to), StandardCharsets.US_ASCII);
    }
}
