package dev.socratic.eval.harness.instruction;

import com.cybozu.labs.langdetect.Detector;
import com.cybozu.labs.langdetect.DetectorFactory;
import com.cybozu.labs.langdetect.LangDetectException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which language a text is in: Shuyo 2010, naive Bayes over runs of up to three characters, by the library langdetect
/// 1.1-20120112, which Python's package of that name translates.
///
/// Deviations: its draws have a fixed seed, there a new one each time; profiles of Catalan and Welsh are not in it.
final class LanguageGuess {
    private static final List<String> LANGUAGES = List.of("af", "ar", "bg", "bn", "cs", "da", "de", "el", "en", "es",
            "et", "fa", "fi", "fr", "gu", "he", "hi", "hr", "hu", "id", "it", "ja", "kn", "ko", "lt", "lv", "mk", "ml",
            "mr", "ne", "nl", "no", "pa", "pl", "pt", "ro", "ru", "sk", "sl", "so", "sq", "sv", "sw", "ta", "te", "th",
            "tl", "tr", "uk", "ur", "vi", "zh-cn", "zh-tw");

    private LanguageGuess() {}

    /// The library keeps its profiles for the whole process, and takes them once.
    private static synchronized Detector detector() throws LangDetectException {
        if (DetectorFactory.getLangList().isEmpty()) {
            List<String> profiles = new ArrayList<>();
            LANGUAGES.forEach(language -> profiles.add(profile(language)));
            DetectorFactory.loadProfile(profiles);
            DetectorFactory.setSeed(0);
        }
        return DetectorFactory.create();
    }

    private static String profile(String language) {
        try (InputStream in = DetectorFactory.class.getResourceAsStream("/profiles/" + language)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(language, e);
        }
    }

    /// @return its code, `en` or `zh-cn`; nothing for a text without letters
    static Optional<String> of(String text) {
        try {
            Detector detector = detector();
            detector.append(text);
            return Optional.of(detector.detect());
        } catch (LangDetectException none) {
            return Optional.empty();
        }
    }
}
