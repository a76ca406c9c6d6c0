package dev.socratic.core.licence;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.Default;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the terms of a model family say of training other models on what it writes. A pointer to a public text, no
/// legal advice.
///
/// @param family   whose terms they are
/// @param rule     whether they forbid it or put a condition on it
/// @param says     the term, in a few words of ours
/// @param url      where to read it
/// @param dated    the version that was read, ISO 8601, as exactly as is known
/// @param licences names of the licence as model cards have them (`license`, or `license_name` where that is `other`)
/// @param models   expressions for the model's name, without what stands before a slash, in lower case
/// @param hosts    of endpoints, or their ends
public record OutputTerms(String family, Rule rule, String says, String url, String dated,
        @Default("[]") List<String> licences, @Default("[]") List<String> models, @Default("[]") List<String> hosts) {
    private static final String FILE = "output-terms.yaml";
    private static final List<OutputTerms> ALL = read();

    /// What terms do.
    public enum Rule {
        /// No other model may be trained on the output.
        FORBIDS,
        /// One may, under a condition.
        CONDITIONS
    }

    public OutputTerms {
        licences = List.copyOf(licences);
        models = List.copyOf(models);
        hosts = List.copyOf(hosts);
        models.forEach(Pattern::compile);
    }

    /// @return the whole table
    public static List<OutputTerms> all() {
        return ALL;
    }

    /// A licence that is named decides alone: a model of the same name may be under another than its family's. Where
    /// none is named, the address of the endpoint decides, then the model's name.
    ///
    /// @param model   name, `org/name` or `name`
    /// @param licence as the model's card names it; `other` says nothing
    /// @param address of the endpoint it is asked at
    /// @return the terms that are known of it
    public static Optional<OutputTerms> of(String model, Optional<String> licence, Optional<String> address) {
        Optional<String> named = licence.map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !name.equals("other"));
        if (named.isPresent()) {
            return ALL.stream().filter(terms -> terms.licences.contains(named.get())).findFirst();
        }
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return ALL.stream().filter(terms -> address.filter(terms::at).isPresent()).findFirst()
                .or(() -> ALL.stream().filter(terms -> terms.models.stream().anyMatch(name::matches)).findFirst());
    }

    private boolean at(String address) {
        try {
            String host = Optional.ofNullable(URI.create(address).getHost()).orElse("").toLowerCase(Locale.ROOT);
            return hosts.stream().anyMatch(known -> host.equals(known) || host.endsWith("." + known));
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    /// @return in one clause, for a message or a card
    @Override
    public String toString() {
        return "terms of %s (%s): %s; read %s".formatted(family, dated, says, url);
    }

    private static List<OutputTerms> read() {
        try (InputStream in = OutputTerms.class.getResourceAsStream(FILE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return ConfigReader.read(text, FILE, Table.class).entries();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The file.
    record Table(List<OutputTerms> entries) {}
}
