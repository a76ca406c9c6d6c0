package dev.socratic.generator.endpoint;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.socratic.core.error.Problem;
import dev.socratic.generator.endpoint.EndpointFailure.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/// LangChain4j's HTTP client, on OkHttp.
///
/// OkHttp's own retries and redirections are off: an attempt nobody counts is an answer nobody expects to pay for.
/// Idle connections are kept, one for each place, so that a request does not begin with a handshake.
final class OkHttpTransport implements HttpClient, AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(15);
    private static final long IDLE_MINUTES = 5;

    private final OkHttpClient client;
    /// LangChain4j hands on nothing of the caller's, but calls on the caller's thread.
    private final ThreadLocal<EndpointCall> current = ThreadLocal.withInitial(EndpointCall::free);

    /// @param interceptors from the caller to the wire
    /// @param concurrency  requests on the wire at once
    /// @param timeout      longest silence of a server
    OkHttpTransport(List<Interceptor> interceptors, int concurrency, Duration timeout) {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(concurrency);
        dispatcher.setMaxRequestsPerHost(concurrency); // OkHttp's default is 5
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(concurrency, IDLE_MINUTES, TimeUnit.MINUTES))
                .connectTimeout(timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false);
        interceptors.forEach(builder::addInterceptor);
        builder.addNetworkInterceptor(chain -> { // reached when the connection stands
            Optional.ofNullable(chain.request().tag(EndpointCall.class)).ifPresent(EndpointCall::leaves);
            return chain.proceed(chain.request());
        });
        this.client = builder.build();
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        Request.Builder ours = new Request.Builder().url(request.url()).tag(EndpointCall.class, current.get());
        request.headers().forEach((name, values) -> values.forEach(value -> ours.addHeader(name, value)));
        ours.method(request.method().name(), RequestBody.create(request.body(), JSON));
        try (Response response = client.newCall(ours.build()).execute()) {
            return SuccessfulHttpResponse.builder()
                    .statusCode(response.code())
                    .headers(response.headers().toMultimap())
                    .body(response.body().string())
                    .build();
        } catch (IOException e) {
            // The retry interceptor turns the failures of the wire into words; what is left came from above it.
            throw failure(request.url(), e);
        }
    }

    /// Lets LangChain4j ask, as part of an exchange.
    <T> T within(EndpointCall exchange, Supplier<T> asking) {
        current.set(exchange);
        try {
            return asking.get();
        } finally {
            current.remove();
        }
    }

    /// The same without LangChain4j.
    ///
    /// @return the body of a response with status 200
    /// @throws EndpointFailure if there is none
    String send(Request request) {
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        } catch (IOException e) {
            throw failure(request.url().toString(), e);
        }
    }

    private static EndpointFailure failure(String address, IOException e) {
        return new EndpointFailure(
                Kind.TEMPORARY, new Problem(address, "an answer",
                        ServerWords.of(String.valueOf(e.getMessage())), "run the same command again later"));
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new UnsupportedOperationException("answers are asked for whole, so that each can be cached and "
                + "journalled; no stream is opened");
    }

    /// @return what LangChain4j wants: a builder. Time-outs are ours already, so what it would set is dropped.
    HttpClientBuilder asBuilder() {
        return new HttpClientBuilder() {
            @Override
            public Duration connectTimeout() {
                return Duration.ofMillis(client.connectTimeoutMillis());
            }

            @Override
            public HttpClientBuilder connectTimeout(Duration dropped) {
                return this;
            }

            @Override
            public Duration readTimeout() {
                return Duration.ofMillis(client.readTimeoutMillis());
            }

            @Override
            public HttpClientBuilder readTimeout(Duration dropped) {
                return this;
            }

            @Override
            public HttpClient build() {
                return OkHttpTransport.this;
            }
        };
    }

    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
