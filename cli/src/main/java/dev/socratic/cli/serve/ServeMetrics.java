package dev.socratic.cli.serve;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/// What the server has done and is doing, in Prometheus' text format (version 0.0.4): counters that only grow, gauges
/// that are asked when the page is read, histograms of seconds. For any number of threads.
///
/// Every label is one of a few: models that are served, addresses that exist, statuses. What clients write is no label.
public final class ServeMetrics {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
    /// Status of a request whose client left before its answer, as proxies log it.
    static final int LEFT = 499;

    private final Map<Ended, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> promptTokens = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> writtenTokens = new ConcurrentHashMap<>();
    private final Map<String, Seconds> durations = new ConcurrentHashMap<>();
    private final Map<String, Seconds> firstTokens = new ConcurrentHashMap<>();
    private final Map<String, Gauge> gauges = new TreeMap<>();

    private record Ended(String address, int status) {}

    private record Gauge(String help, Map<String, DoubleSupplier> values) {}

    /// Something that goes up and down. Before anything is served, by one thread.
    ///
    /// @param name  without the prefix
    /// @param label of this value, `model="NAME"`; empty where there is one value only
    void gauge(String name, String help, String label, DoubleSupplier value) {
        gauges.computeIfAbsent(name, unused -> new Gauge(help, new TreeMap<>())).values().put(label, value);
    }

    /// A request has ended, well or not.
    ///
    /// @param address one of a few: anybody may write any
    void ended(String address, int status, long nanos) {
        requests.computeIfAbsent(new Ended(address, status), unused -> new LongAdder()).increment();
        durations.computeIfAbsent(address, unused -> new Seconds(Seconds.REQUEST)).add(nanos);
    }

    /// @param prompt  tokens that were read
    /// @param written tokens that were written
    void tokens(String model, long prompt, long written) {
        promptTokens.computeIfAbsent(model, unused -> new LongAdder()).add(prompt);
        writtenTokens.computeIfAbsent(model, unused -> new LongAdder()).add(written);
    }

    /// The first text of a request's answers is there.
    ///
    /// @param nanos since its body was read
    void firstToken(String model, long nanos) {
        firstTokens.computeIfAbsent(model, unused -> new Seconds(Seconds.FIRST)).add(nanos);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        head(text, "requests_total", "Requests that have ended, by address and HTTP status; 499 if the client left "
                + "before.", "counter");
        requests.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Ended::address).thenComparing(Ended::status)))
                .forEach(one -> line(text, "requests_total", "address=\"%s\",status=\"%s\"".formatted(
                        one.getKey().address(), one.getKey().status()), one.getValue().sum()));
        counter(text, "prompt_tokens_total", "Tokens of prompts that were answered.", promptTokens);
        counter(text, "completion_tokens_total", "Tokens of answers that were finished.", writtenTokens);
        gauges.forEach((name, gauge) -> {
            head(text, name, gauge.help(), "gauge");
            gauge.values().forEach((label, value) -> line(text, name, label, value.getAsDouble()));
        });
        histogram(text, "time_to_first_token_seconds", "From the end of a request's body to the first text of an "
                + "answer.", "model", firstTokens);
        histogram(text, "request_duration_seconds", "From the head of a request to the end of its reply.", "address",
                durations);
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String help, String type) {
        text.append("# HELP socratic_").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE socratic_").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder text, String name, String label, double value) {
        text.append("socratic_").append(name);
        if (!label.isEmpty()) {
            text.append('{').append(label).append('}');
        }
        text.append(' ').append(number(value)).append('\n');
    }

    /// Whole numbers without a fraction, however large.
    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static void counter(StringBuilder text, String name, String help, Map<String, LongAdder> values) {
        head(text, name, help, "counter");
        new TreeMap<>(values).forEach((model, sum) -> line(text, name, label("model", model), sum.sum()));
    }

    private static void histogram(StringBuilder text, String name, String help, String label,
            Map<String, Seconds> values) {
        head(text, name, help, "histogram");
        new TreeMap<>(values).forEach((value, seconds) -> seconds.write(label(label, value),
                (suffix, labels, number) -> line(text, name + suffix, labels, number)));
    }

    /// @return `name="value"`, quoted as the format wants it
    static String label(String name, String value) {
        return "%s=\"%s\"".formatted(name, value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
    }
}
