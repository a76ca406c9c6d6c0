package dev.socratic.models.hub;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.secret.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;

/// Where models come from and where they are kept.
///
/// @param endpoint the hub
/// @param token    goes to the hub's own host only
/// @param cache    folder of the cache
/// @param offline  whether only the cache is asked
/// @param parallel files fetched at once
/// @param timeout  longest silence of a server
/// @param attempts tries without a new byte before a file is given up
public record HubOptions(HttpUrl endpoint, Optional<Secret> token, Path cache, boolean offline, int parallel,
        Duration timeout, int attempts) {
    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");

    public HubOptions {
        if (parallel < 1 || attempts < 1) {
            throw new IllegalArgumentException(
                    "parallel and attempts: at least 1; got %s and %s".formatted(parallel, attempts));
        }
    }

    /// As the reference client reads its environment: `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_CACHE`, `HF_HOME`,
    /// `XDG_CACHE_HOME`, `HF_HUB_OFFLINE`.
    ///
    /// @throws ConfigException if the endpoint is no http address
    public static HubOptions from(Map<String, String> environment) {
        String address = value(environment, "HF_ENDPOINT").orElse("https://huggingface.co");
        HttpUrl endpoint = HttpUrl.parse(address.endsWith("/") ? address : address + "/");
        if (endpoint == null || !endpoint.username().isEmpty() || endpoint.query() != null) {
            throw new ConfigException("environment variable HF_ENDPOINT", "an address such as https://huggingface.co",
                    "another text", "unset it for the public hub");
        }
        Optional<Secret> token = value(environment, "HF_TOKEN")
                .map(there -> Secret.fromEnvironment("HF_TOKEN", environment));
        boolean offline = value(environment, "HF_HUB_OFFLINE").map(text -> YES.contains(text.toUpperCase(Locale.ROOT)))
                .orElse(false);
        return new HubOptions(endpoint, token, cache(environment), offline, 8, Duration.ofSeconds(30), 5);
    }

    private static Path cache(Map<String, String> environment) {
        Path home = value(environment, "HF_HOME").map(Path::of)
                .orElseGet(() -> value(environment, "XDG_CACHE_HOME").map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("huggingface"));
        return value(environment, "HF_HUB_CACHE").map(Path::of).orElse(home.resolve("hub"));
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }
}
