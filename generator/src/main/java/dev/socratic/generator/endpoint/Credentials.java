package dev.socratic.generator.endpoint;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.secret.Secret;
import dev.socratic.core.secret.Secrets;
import dev.socratic.generator.teacher.Api;
import dev.socratic.generator.teacher.EndpointAddress;
import dev.socratic.generator.teacher.EnvironmentVariables;
import dev.socratic.generator.teacher.RequestShape;
import dev.socratic.generator.teacher.TeacherConfig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;
import okhttp3.Request;

/// What a request gets just before it leaves, and what nobody above that place ever has: the key, further headers,
/// and the true address, where variables stand in it.
final class Credentials {
    private final HttpUrl shown;
    private final HttpUrl address;
    private final Map<String, String> headers;
    private final Secrets secrets;

    private Credentials(HttpUrl shown, HttpUrl address, Map<String, String> headers, Secrets secrets) {
        this.shown = shown;
        this.address = address;
        this.headers = headers;
        this.secrets = secrets;
    }

    /// @param environment where keys are looked up
    /// @throws ConfigException if a variable the config names is not set
    static Credentials of(TeacherConfig.Endpoint config, Map<String, String> environment) {
        List<Secret> found = new ArrayList<>();
        EndpointAddress template = EndpointAddress.of(config.baseUrl());
        UnaryOperator<String> encoded = value -> URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
        HttpUrl.Builder address =
                HttpUrl.get(EnvironmentVariables.fill(template.base(), "base_url", environment, found, encoded))
                        .newBuilder();
        Map<String, String> query = new LinkedHashMap<>(RequestShape.sorted(template.query()));
        query.putAll(RequestShape.sorted(config.query()));
        query.forEach((name, value) -> address.setQueryParameter(
                name, EnvironmentVariables.fill(value, "query." + name, environment, found, UnaryOperator.identity())));
        Map<String, String> headers = new LinkedHashMap<>();
        config.keyEnv().ifPresent(variable -> {
            Secret key = EnvironmentVariables.secret(variable, "key_env", "the endpoint's key", environment);
            found.add(key);
            String header = config.api().keyHeader();
            headers.put(header, (header.equals("Authorization") ? "Bearer " : "") + key.reveal());
        });
        if (config.api() == Api.ANTHROPIC) {
            headers.put("anthropic-version", "2023-06-01");
        }
        config.headers().forEach((name, value) -> headers.put(
                name, EnvironmentVariables.fill(value, "headers." + name, environment, found,
                        UnaryOperator.identity())));
        return new Credentials(HttpUrl.get(template.base()), address.build(), headers, new Secrets(found));
    }

    /// @param request addressed below the config's own address, as a config shows it
    /// @return the same for the true address, with every header
    Request on(Request request) {
        HttpUrl.Builder url = address.newBuilder();
        int shared = shown.pathSegments().stream().filter(s -> !s.isEmpty()).toList().size();
        request.url().encodedPathSegments().stream().skip(shared).forEach(url::addEncodedPathSegment);
        Request.Builder signed = request.newBuilder().url(url.build());
        headers.forEach(signed::header);
        return signed.build();
    }

    /// @return everything that may be written nowhere
    Secrets secrets() {
        return secrets;
    }

    @Override
    public String toString() {
        return "Credentials of " + shown;
    }
}
