package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.secret.Secrets;
import dev.socratic.generator.teacher.Api;
import dev.socratic.generator.teacher.EndpointAddress;
import dev.socratic.generator.teacher.RequestHeaders;
import dev.socratic.generator.teacher.RequestShape;
import dev.socratic.generator.teacher.TeacherConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import okhttp3.Interceptor;

/// The chain between us and an endpoint, in one place for whatever is asked of it.
final class Wire implements AutoCloseable {
    /// Failures in a row, beside two for each place on the wire, that make an outage.
    private static final int LEAST_FAILURES = 6;

    private final Api api;
    private final OkHttpTransport transport;
    private final Secrets secrets;
    private final Notes notes;
    private final Traffic traffic;
    private final Adjustments adjustments;

    private Wire(Api api, OkHttpTransport transport, Secrets secrets, Notes notes, Traffic traffic,
            Adjustments adjustments) {
        this.api = api;
        this.transport = transport;
        this.secrets = secrets;
        this.notes = notes;
        this.traffic = traffic;
        this.adjustments = adjustments;
    }

    /// @param environment where keys are looked up
    /// @param cache       folder of cached answers, where they are kept here
    /// @param seed        of the jitter of retries
    /// @throws ConfigException if a variable the config names holds nothing
    static Wire open(
            TeacherConfig.Endpoint config, RequestKind form, Map<String, String> environment, Optional<Path> cache,
            long seed, Timekeeper time) {
        Credentials credentials = Credentials.of(config, environment);
        Notes notes = new Notes(config.baseUrl());
        Traffic traffic = new Traffic(notes, time);
        Adjustments adjustments = new Adjustments(config.shape(), notes);
        Duration timeout = Duration.ofSeconds(config.timeout());
        Pace requests = new Pace(config.requestsPerMinute().map(Integer::doubleValue).orElse(Pace.UNLIMITED),
                time.nanos());
        Pace tokens = new Pace(config.tokensPerMinute().map(Long::doubleValue).orElse(Pace.UNLIMITED), time.nanos());
        Throttle throttle = new Throttle(time.nanos());
        Backoff backoff = new Backoff(Backoff.FIRST, Backoff.LONGEST, seed);
        List<Interceptor> chain = new ArrayList<>();
        chain.add(new ShapeInterceptor(config.shape()));
        cache.ifPresent(folder -> chain.add(new CacheInterceptor(
                new ResponseCache(folder), form, credentials.secrets(), further(config), traffic)));
        Breaker breaker = new Breaker(2 * config.concurrency() + LEAST_FAILURES, Duration.ofSeconds(
                config.retries() == 0 ? 0 : config.outage()));
        chain.add(new RetryInterceptor(config.retries(), backoff, throttle, breaker, adjustments, time, traffic,
                keyRemedy(config)));
        chain.add(new PaceInterceptor(requests, tokens, throttle, time, form));
        chain.add(new ConcurrencyInterceptor(config.concurrency()));
        chain.add(new MeterInterceptor());
        chain.add(new WholeBodyInterceptor(credentials.secrets(), timeout, time, form));
        if (config.api() != Api.OPENAI) {
            chain.add(new ApiInterceptor(config.api(), config.model()));
        }
        chain.add(new SigningInterceptor(credentials));
        return new Wire(config.api(),
                new OkHttpTransport(chain, config.concurrency(), timeout), credentials.secrets(), notes, traffic,
                        adjustments);
    }

    private static String keyRemedy(TeacherConfig.Endpoint config) {
        return config.keyEnv()
                .map(variable -> "check the key in the environment variable " + variable)
                .orElse("name the environment variable that holds the key as teacher.endpoint.key_env");
    }

    /// What makes a request another one beside its address and body.
    private static ObjectNode aside(TeacherConfig.Endpoint config) {
        ObjectNode aside = Json.mapper().createObjectNode();
        Map<String, String> query = RequestShape.sorted(EndpointAddress.of(config.baseUrl()).query());
        query.putAll(config.query());
        Map<String, String> headers = RequestHeaders.ofContent(config.headers());
        if (!query.isEmpty()) {
            aside.set("query", Json.tree(query));
        }
        if (!headers.isEmpty()) {
            aside.set("headers", Json.tree(headers));
        }
        return aside;
    }

    private static String further(TeacherConfig.Endpoint config) {
        ObjectNode aside = aside(config);
        return aside.isEmpty() ? "" : "\n" + Json.canonical(aside);
    }

    /// @return everything that makes a request of this config another one beside messages and sampling, as canonical
    ///         JSON; empty where nothing
    static String shape(TeacherConfig.Endpoint config) {
        ObjectNode all = config.shape().json();
        all.setAll(aside(config));
        if (config.api() != Api.OPENAI) { // requests of OpenAI's form keep the keys they always had
            all.put("api", config.api().name().toLowerCase(Locale.ROOT));
        }
        return all.isEmpty() ? "" : Json.canonical(all);
    }

    OkHttpTransport transport() {
        return transport;
    }

    /// @return what may be written nowhere
    Secrets secrets() {
        return secrets;
    }

    Traffic traffic() {
        return traffic;
    }

    void onNote(Consumer<String> sink) {
        notes.to(line -> sink.accept(secrets.redact(line)));
    }

    void say(String line) {
        notes.say(line);
    }

    /// @return for the manifest
    Map<String, Object> notes() {
        List<String> told = new ArrayList<>(api.without());
        told.addAll(adjustments.told());
        return traffic.notes(told);
    }

    @Override
    public void close() {
        transport.close();
    }
}
