package dev.socratic.generator.endpoint;

import dev.socratic.core.error.ConfigException;
import dev.socratic.generator.TeacherConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Interceptor;

/// The chain between us and an endpoint, in one place for whatever is asked of it.
final class Wire {
    private Wire() {}

    /// @param environment where the key is looked up
    /// @param cache       folder of cached answers; written only where the config says so
    /// @param seed        of the jitter of retries
    /// @throws ConfigException if the variable the config names holds no key
    static OkHttpTransport open(
            TeacherConfig.Endpoint config, Form form, Map<String, String> environment, Path cache, long seed, Timekeeper time, Traffic traffic) {
        return new OkHttpTransport(
                interceptors(config, form, key(config, environment), cache, seed, time, traffic), config.concurrency(), Duration.ofSeconds(config.timeout()));
    }

    private static Optional<ApiKey> key(TeacherConfig.Endpoint config, Map<String, String> environment) {
        return config.keyEnv().map(variable -> {
            String value = environment.getOrDefault(variable, "").strip();
            if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 0x7F)) { // never quoted: it may be half a key
                throw new ConfigException(
                        "teacher.endpoint.key_env",
                        "an environment variable that holds the endpoint's key",
                        "\"%s\", which %s".formatted(variable, value.isEmpty() ? "is not set" : "holds characters no HTTP header may hold"),
                        "export %s=... and run again".formatted(variable));
            }
            return new ApiKey(variable, value);
        });
    }

    private static List<Interceptor> interceptors(
            TeacherConfig.Endpoint config, Form form, Optional<ApiKey> key, Path cache, long seed, Timekeeper time, Traffic traffic) {
        Duration timeout = Duration.ofSeconds(config.timeout());
        Pace requests = new Pace(config.requestsPerMinute().map(Integer::doubleValue).orElse(Pace.UNLIMITED), time.nanos());
        Pace tokens = new Pace(config.tokensPerMinute().map(Long::doubleValue).orElse(Pace.UNLIMITED), time.nanos());
        Backoff backoff = new Backoff(Backoff.FIRST, Backoff.LONGEST, seed);
        String keyRemedy = config.keyEnv()
                .map(variable -> "check the key in the environment variable " + variable)
                .orElse("name the environment variable that holds the key as teacher.endpoint.key_env");
        List<Interceptor> chain = new ArrayList<>();
        if (config.cache()) {
            chain.add(new CacheInterceptor(new ResponseCache(cache), traffic));
        }
        chain.add(new RetryInterceptor(config.retries(), backoff, requests, time, traffic, keyRemedy));
        chain.add(new PaceInterceptor(requests, tokens, time, form));
        chain.add(new ConcurrencyInterceptor(config.concurrency()));
        chain.add(new WholeBodyInterceptor(key, timeout, time, form));
        chain.add(new KeyInterceptor(key));
        return chain;
    }
}
