package dev.socratic.generator.teacher;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.secret.Secret;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `${NAME}` in a value of a config: the value of that environment variable, which is written nowhere.
public final class EnvironmentVariables {
    private static final Pattern NAMED = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]{0,63})}");

    private EnvironmentVariables() {}

    public static boolean in(String text) {
        return NAMED.matcher(text).find();
    }

    /// @return the text with a letter for each variable, so that what stands around them can be looked at
    public static String without(String text) {
        return NAMED.matcher(text).replaceAll("x");
    }

    /// @param place   the key in the config, said where a variable is not set
    /// @param found   is given every value that was put in
    /// @param spelled how a value is written where the text goes
    /// @throws ConfigException if a variable is not set, or holds what no header or address can
    public static String fill(
            String text, String place, Map<String, String> environment, List<Secret> found,
            UnaryOperator<String> spelled) {
        StringBuilder filled = new StringBuilder();
        Matcher named = NAMED.matcher(text);
        while (named.find()) {
            Secret secret = secret(named.group(1), place, "what " + place + " names", environment);
            found.add(secret);
            named.appendReplacement(filled, Matcher.quoteReplacement(spelled.apply(secret.reveal())));
        }
        return named.appendTail(filled).toString();
    }

    /// The value is never quoted: it may be half a key.
    ///
    /// @param what the variable holds, for the message
    public static Secret secret(String variable, String place, String what, Map<String, String> environment) {
        boolean set = !environment.getOrDefault(variable, "").isBlank();
        if (!set || !Secret.fromEnvironment(variable, environment).fitsHeaders()) {
            throw new ConfigException(
                    "teacher.endpoint." + place,
                    "an environment variable that holds " + what,
                    "\"%s\", which %s".formatted(
                            variable, set ? "holds characters no HTTP header may hold" : "is not set"),
                    "export %s=... and run again".formatted(variable));
        }
        return Secret.fromEnvironment(variable, environment);
    }
}
