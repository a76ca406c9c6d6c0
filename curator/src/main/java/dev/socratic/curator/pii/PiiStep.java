package dev.socratic.curator.pii;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.config.PiiKind;
import dev.socratic.curator.config.StepConfig.Pii;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.RowTexts;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.Threshold;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Finds personal data and secrets ([PiiFinder]) in every text of a row, also in fields that no student learns, and
/// masks them, drops the row, or says so.
///
/// A mask is the kind and a number, `[EMAIL_1]`: the same value has the same number in all texts of a row, so that
/// who wrote to whom can still be read. Evidence shows the first two and the last two characters at most, never the
/// whole.
public final class PiiStep implements Step {
    private static final String FOUND = "found";
    private static final int SHOWN = 10;
    private static final int LONG = 10;

    private final Pii config;
    private final PiiFinder finder;
    private final Map<PiiKind, Long> counts = new TreeMap<>();

    /// @throws ConfigException if a region is none
    public PiiStep(Pii config) {
        this.config = config;
        Set<String> known = PhoneNumberUtil.getInstance().getSupportedRegions();
        for (String region : config.regions()) {
            if (!known.contains(region)) {
                throw new ConfigException("pii.regions", "ISO 3166 codes of regions", "'" + region + "'",
                        "write US, GB, DE and the like; leave it empty for numbers with + only");
            }
        }
        this.finder = new PiiFinder(Set.copyOf(config.kinds()), config.regions());
    }

    @Override
    public String name() {
        return "pii";
    }

    @Override
    public Decision judge(Candidate row) {
        Masking masking = new Masking();
        ObjectNode masked = RowTexts.mapAll(row.json(), masking);
        Map<String, Double> values = new LinkedHashMap<>();
        config.kinds().forEach(kind -> values.put(kind.spelled(), (double) masking.of(kind).size()));
        values.put(FOUND, (double) masking.size());
        RowScores scores = new RowScores(values);
        if (masking.size() == 0) {
            return new Decision.Keep(scores);
        }
        config.kinds().forEach(kind -> counts.merge(kind, masking.of(kind).isEmpty() ? 0L : 1L, Long::sum));
        return switch (config.action()) {
            case MASK -> new Decision.Edit(masked, "pii_masked", masking.evidence(), scores);
            case DROP -> new Decision.Drop("pii", masking.evidence().put("most", 0), scores);
            case FLAG -> new Decision.Keep(scores);
        };
    }

    /// @return a row of any layout as this step edits it, counted as its own rows are; itself where nothing is found
    public ObjectNode masked(ObjectNode row) {
        Masking masking = new Masking();
        ObjectNode masked = RowTexts.mapAll(row, masking);
        config.kinds().forEach(kind -> counts.merge(kind, masking.of(kind).isEmpty() ? 0L : 1L, Long::sum));
        return masked;
    }

    /// @return masks a text for people to look at, where this step masks
    public UnaryOperator<String> hiding() {
        return config.action() == Pii.Action.MASK ? text -> new Masking().apply(text) : UnaryOperator.identity();
    }

    /// Replaces what is found, and remembers it for the length of one row.
    private final class Masking implements UnaryOperator<String> {
        private final Map<PiiKind, Set<String>> values = new EnumMap<>(PiiKind.class);
        private final Map<String, String> shown = new LinkedHashMap<>(); // by mask

        @Override
        public String apply(String text) {
            List<PiiFinder.Found> found = finder.in(text);
            if (found.isEmpty()) {
                return text;
            }
            StringBuilder out = new StringBuilder();
            int at = 0;
            for (PiiFinder.Found one : found) {
                String mask = mask(one);
                shown.putIfAbsent(mask, shortened(text.substring(one.from(), one.to())));
                out.append(text, at, one.from()).append(mask);
                at = one.to();
            }
            return out.append(text.substring(at)).toString();
        }

        private String mask(PiiFinder.Found found) {
            Set<String> known = values.computeIfAbsent(found.kind(), kind -> new LinkedHashSet<>());
            known.add(found.value());
            int number = List.copyOf(known).indexOf(found.value()) + 1;
            return "[%s_%s]".formatted(found.kind().name(), number);
        }

        Set<String> of(PiiKind kind) {
            return values.getOrDefault(kind, Set.of());
        }

        int size() {
            return values.values().stream().mapToInt(Set::size).sum();
        }

        ObjectNode evidence() {
            ObjectNode evidence = object();
            ArrayNode changes = evidence.putArray("changes");
            shown.entrySet().stream().limit(SHOWN)
                    .forEach(one -> changes.addObject().put("before", one.getValue()).put("after", one.getKey()));
            return evidence.put(FOUND, size());
        }
    }

    private static String shortened(String secret) {
        int length = secret.length();
        return length < LONG ? "\u2026 (%s characters)".formatted(length)
                : "%s\u2026%s (%s characters)".formatted(secret.substring(0, 2), secret.substring(length - 2), length);
    }

    @Override
    public List<Threshold> thresholds() {
        return config.action() == Pii.Action.DROP ? List.of(Threshold.most(FOUND, 0, "pii")) : List.of();
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = object().put("action", config.action().name().toLowerCase(Locale.ROOT));
        config.regions().forEach(facts.putArray("regions")::add);
        ObjectNode rows = facts.putObject("rows_with");
        config.kinds().forEach(kind -> rows.put(kind.spelled(), counts.getOrDefault(kind, 0L)));
        return facts;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
