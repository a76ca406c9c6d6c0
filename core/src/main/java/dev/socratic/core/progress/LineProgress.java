package dev.socratic.core.progress;

import dev.socratic.core.error.Printable;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One line a stage: `generate  1,234/7,473 16 %  41.2/s  ETA 2m31s  1.2M tokens  $0.42  3 failed`.
///
/// Notes get lines of their own. Parts that would be zero are left out. Close it to get the last line.
public final class LineProgress implements Progress, AutoCloseable {
    private static final long TERMINAL_MILLIS = 100;
    private static final long LOG_MILLIS = 10_000;
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final Appendable out;
    private final String stage;
    private final Look look;
    private final Clock clock;
    private final Rate rate = new Rate();
    private long total;
    private long done;
    private long failed;
    private Usage usage = Usage.NONE;
    private String unit = "";
    private String state = "";
    private final long started;
    private long drawn;
    private int drawnLength;
    private boolean closed;

    /// @param out usually the process's standard error; a failure to write to it is no reason to end a run, and is
    ///            ignored
    public LineProgress(Appendable out, String stage, Look look, Clock clock) {
        this.out = out;
        this.stage = stage;
        this.look = look;
        this.clock = clock;
        this.started = clock.millis();
        this.drawn = look instanceof Look.Log ? started : Long.MIN_VALUE / 2;
        rate.add(started, 0);
    }

    @Override
    public synchronized void total(long items) {
        total = items;
        draw(false);
    }

    @Override
    public synchronized void unit(String name) {
        unit = " " + name;
    }

    @Override
    public synchronized void state(String now) {
        state = now;
        draw(false);
    }

    @Override
    public synchronized void done(long items) {
        done += items;
        rate.add(clock.millis(), done);
        draw(false);
    }

    @Override
    public synchronized void spent(Usage more) {
        usage = usage.plus(more);
        draw(false);
    }

    @Override
    public synchronized void failed(long items) {
        failed += items;
        draw(false);
    }

    @Override
    public synchronized void note(String text) {
        String line = Printable.of(text);
        switch (look) {
            case Look.Terminal terminal -> {
                write("\r" + pad(line) + "\n");
                drawnLength = 0;
                if (done > 0 || total > 0) {
                    draw(true);
                }
            }
            case Look.Log log -> write(line + "\n");
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (done > 0 || total > 0 || failed > 0) {
            draw(true);
            if (look instanceof Look.Terminal) {
                write("\n");
            }
        }
    }

    private void draw(boolean now) {
        long millis = clock.millis();
        long pause = look instanceof Look.Terminal ? TERMINAL_MILLIS : LOG_MILLIS;
        if (!now && millis - drawn < pause) {
            return;
        }
        drawn = millis;
        switch (look) {
            case Look.Terminal terminal -> {
                String line = cut(line(millis), terminal.columns() - 1);
                String padded = pad(line);
                drawnLength = line.length();
                write("\r" + (terminal.colour() && failed > 0
                        ? padded.replace(failures(), RED + failures() + PLAIN)
                        : padded));
            }
            case Look.Log log -> write(line(millis) + "\n");
        }
    }

    private String line(long millis) {
        List<String> parts = new ArrayList<>();
        parts.add(stage);
        parts.add(total > 0
                ? String.format(Locale.ROOT, "%,d/%,d%s %d %%", done, total, unit,
                        Math.min(100, 100 * done / total))
                : String.format(Locale.ROOT, "%,d%s", done, unit));
        // A finished stage is told by its average, one at work by what it does now.
        double perSecond = closed && millis > started
                ? 1000.0 * done / (millis - started)
                : rate.perSecond(millis, done);
        if (perSecond > 0) {
            parts.add(String.format(Locale.ROOT, perSecond < 10 ? "%.2f%s/s" : "%.1f%s/s", perSecond, unit));
        }
        if (closed) {
            parts.add("in " + duration((millis - started) / 1000));
        } else if (perSecond > 0 && total > done) {
            parts.add("ETA " + duration((long) Math.ceil((total - done) / perSecond)));
        }
        if (!state.isEmpty()) {
            parts.add(state);
        }
        long tokens = usage.promptTokens() + usage.completionTokens();
        if (tokens > 0) {
            parts.add(amount(tokens) + " tokens");
        }
        if (usage.costUsd() > 0) {
            parts.add(String.format(Locale.ROOT, "$%.2f", usage.costUsd()));
        }
        if (failed > 0) {
            parts.add(failures());
        }
        return String.join("  ", parts);
    }

    private String failures() {
        return String.format(Locale.ROOT, "%,d failed", failed);
    }

    /// @return `999`, `12.3k`, `1.2M`, `3.4G`
    static String amount(long n) {
        if (n < 1000) {
            return Long.toString(n);
        }
        double scaled = n / 1000.0;
        for (String unit : List.of("k", "M")) {
            if (scaled < 999.95) {
                return String.format(Locale.ROOT, "%.1f%s", scaled, unit);
            }
            scaled /= 1000;
        }
        return String.format(Locale.ROOT, "%.1fG", scaled);
    }

    /// @return `42s`, `2m31s`, `3h05m`, `2d04h`
    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
        }
        return seconds < 86_400
                ? String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds % 3600 / 60)
                : String.format(Locale.ROOT, "%dd%02dh", seconds / 86_400, seconds % 86_400 / 3600);
    }

    private String pad(String line) {
        return line + " ".repeat(Math.max(0, drawnLength - line.length()));
    }

    private static String cut(String line, int columns) {
        return line.length() <= columns ? line : line.substring(0, Math.max(0, columns));
    }

    private void write(String text) {
        try {
            out.append(text);
            if (out instanceof java.io.Flushable flushable) {
                flushable.flush();
            }
        } catch (IOException e) {
            // Nobody is reading any more: the work goes on.
        }
    }
}
