package dev.socratic.datasets.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the phrases with which assistants decline.
///
/// Only where an answer begins: a refusal opens with its phrase, after at most an apology. Later in a text the same
/// words are somebody's speech (`"I can't help you," said the baker`) or a remark about one step. Three families of
/// phrases:
///
/// - the writer declines: `I cannot help with`, `I'm unable to answer`, `I won't provide`, `I must decline`, where
/// the
///   verb says that it is the task that is declined (`I can't find 7 in the list, so ...` is none);
/// - the writer says what it is: `As an AI language model, I cannot`;
/// - the task is called impossible to help with: `That is not something I can help with`, `It would be inappropriate
///   to`.
///
/// The English ones are patterns, below; those of other languages are whole openings, in `refusals.txt`.
public final class Refusals {
    private static final String APOLOGY = "(?:(?:i(?:'|’)?m|i am|we(?:'|’)?re|we "
            + "are)\\s+(?:really\\s+|very\\s+|so\\s+|truly\\s+)?sorry"
            + "|sorry|i apologi[sz]e|my apologies|apologies|unfortunately|i(?:'|’)?m afraid|i regret)"
            + "[^.!?\\n]{0,40}?[,.!:;]?\\s*(?:but\\s+|that\\s+|however,?\\s+)?";
    private static final String UNABLE = "(?:i|we)\\s*(?:can(?:'|’)?t|cannot|can\\s+not"
            + "|(?:won(?:'|’)?t|will\\s+not)(?:\\s+be\\s+able\\s+to)?"
            + "|could(?:n(?:'|’)?t|\\s+not)"
            + "|(?:am|are|(?:'|’)m|(?:'|’)re)\\s+(?:currently\\s+|simply\\s+)?"
            + "(?:unable|not\\s+able|not\\s+(?:allowed"
                    + "|permitted|designed|programmed|comfortable))"
            + "(?:\\s+to|\\s+with)?|do(?:n(?:'|’)?t|\\s+not)\\s+feel\\s+comfortable)";
    private static final String TASK = "\\s+(?:\\w+ly\\s+|in\\s+good\\s+conscience\\s+)?(?:help|assist|answer|provid"
            + "|comply|fulfil+|respond|discuss|engag|creat"
            + "|generat|support|shar|giv(?:e|ing)\\s+you|solv(?:e|ing)\\s+this|complet(?:e|ing)\\s+(?:this|that|your)"
                    + "|do(?:ing)?\\s+(?:this|that)|offer|participat"
            + "|continu(?:e|ing)\\s+with|process\\s+(?:this|that|your)|writ(?:e|ing)\\s+(?:this|that|about)"
                    + "|talk(?:ing)?\\s+about)(?:e|ing|ting)?\\b";

    private static final List<Pattern> OPENINGS = openings();

    private Refusals() {}

    /// @param answer the text after the reasoning
    /// @return the phrase, where it begins with one
    public static Optional<String> find(String answer) {
        String text = answer.stripLeading();
        for (Pattern opening : OPENINGS) {
            Matcher matcher = opening.matcher(text);
            if (matcher.lookingAt()) {
                return Optional.of(matcher.group().replaceAll("\\s+", " "));
            }
        }
        return Optional.empty();
    }

    private static List<Pattern> openings() {
        List<Pattern> openings = new ArrayList<>();
        openings.add(phrase("(?:" + APOLOGY + ")?" + UNABLE + TASK));
        openings.add(phrase("(?:" + APOLOGY
                + ")?(?:i|we)\\s+(?:must|have\\s+to|need\\s+to|(?:am|are)\\s+going\\s+to|will\\s+have\\s+to)\\s+"
                        + "(?:respectfully\\s+)?"
                + "(?:decline|refuse)\\b"));
        openings.add(phrase("(?:" + APOLOGY
                + ")?as\\s+an?\\s+(?:ai|artificial\\s+intelligence|(?:large\\s+)?language\\s+model)\\b[^.!?\\n]{0,60}?"
                + "\\bi\\s*(?:can(?:'|’)?t|cannot|can\\s+not|do\\s+not|don(?:'|’)?t|must\\s+(?:decline|refuse)"
                + "|(?:am|(?:'|’)m)\\s+(?:unable|not\\s+able|not\\s+programmed|not\\s+allowed))"));
        openings.add(phrase("(?:" + APOLOGY
                + ")?(?:that|this)(?:(?:'|’)?s|\\s+is)\\s+not\\s+something\\s+(?:that\\s+)?"
                + "(?:i|we)(?:(?:'|’)?m|\\s+"
                        + "am)?\\s+"
                + "(?:can|able|will|comfortable)\\b"));
        openings.add(phrase("(?:" + APOLOGY
                + ")?it\\s+(?:would\\s+be|is)\\s+(?:inappropriate|unethical|against\\s+my\\s+(?:guidelines"
                        + "|programming|principles))\\b"));
        openings.add(phrase("(?:" + APOLOGY + ")?(?:this|your)\\s+request\\s+(?:violates|goes\\s+against)\\b"));
        for (String line : resource().lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                openings.add(phrase(Pattern.quote(line.strip())));
            }
        }
        return List.copyOf(openings);
    }

    private static Pattern phrase(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    private static String resource() {
        try (InputStream in = Refusals.class.getResourceAsStream("refusals.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
