package dev.socratic.cli.doctor;

import dev.socratic.cli.doctor.SelfTest.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a self-test found, a column a number type.
///
/// @param device    it ran on
/// @param bandwidth bytes a second that arrays are copied with
public record SelfTestTable(String device, List<Result> results, double bandwidth) {
    public SelfTestTable {
        results = List.copyOf(results);
    }

    /// @return whether nothing is beyond its limit
    public boolean ok() {
        return results.stream().allMatch(Result::ok);
    }

    /// @return the table, line by line, and below it what is beyond its limit
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        row(lines, "self-test on " + device, one -> one.type().label());
        row(lines, "functions compared", one -> "" + one.functions());
        row(lines, "largest difference", one -> number(one.worst().reals()));
        row(lines, "  of", one -> one.worst().function());
        row(lines, "loss after 8 steps, nats apart", one -> number(one.loss()));
        row(lines, "limits of both", one -> SelfTest.limits(one.type()));
        row(lines, "an answer, characters alike", Result::answer);
        row(lines, "matrix product, GFLOP/s", one -> number(one.gflops()));
        row(lines, "reading, tokens/s", one -> number(one.pace().reading()));
        row(lines, "writing one stream, tokens/s", one -> number(one.pace().single()));
        row(lines, "writing eight, tokens/s", one -> number(one.pace().batch()));
        row(lines, "training, steps/s", one -> number(one.steps()));
        row(lines, "verdict", one -> one.ok() ? "ok" : "NOT OK");
        lines.add("copying memory: %s GB/s".formatted(number(bandwidth / 1e9)));
        SelfTest.advice(results).ifPresent(type -> lines.add("dtype to take here: " + type));
        results.forEach(one -> one.faults().forEach(fault -> lines.add(one.type().label() + ": " + fault)));
        return lines;
    }

    private void row(List<String> lines, String name, Function<Result, String> cell) {
        lines.add(String.format(Locale.ROOT, "%-31s", name) + results.stream()
                .map(one -> String.format(Locale.ROOT, "%-20s", cell.apply(one))).collect(Collectors.joining())
                .stripTrailing());
    }

    /// @return the same as data
    public Map<String, Object> json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("device", device);
        all.put("ok", ok());
        all.put("copy_bytes_per_second", bandwidth);
        all.put("dtype_to_take", SelfTest.advice(results).orElse(""));
        all.put("types", results);
        return all;
    }

    /// Three digits that count.
    private static String number(double value) {
        if (value == 0 || value >= 1000) {
            return String.valueOf(Math.round(value));
        }
        return String.format(Locale.ROOT, value < 0.01 ? "%.1e" : value < 1 ? "%.3f" : "%.1f", value);
    }
}
