package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The models of a server, by the names that requests choose them by.
final class Desks {
    private final Map<String, Desk> desks = new LinkedHashMap<>();
    private final long created;

    /// @param desks   at least one, each under a name of its own
    /// @param created seconds since 1970
    Desks(List<Desk> desks, long created) {
        desks.forEach(desk -> this.desks.put(desk.name(), desk));
        this.created = created;
        if (desks.isEmpty() || this.desks.size() < desks.size()) {
            throw new IllegalArgumentException("models of different names, at least one; got "
                    + desks.stream().map(Desk::name).toList());
        }
    }

    List<Desk> all() {
        return List.copyOf(desks.values());
    }

    Set<String> names() {
        return desks.keySet();
    }

    /// @param fields of a body with the field `model`, which may be left out where only one model writes
    /// @throws ApiFailure if it names none that is served, one that does not write, or none at all where several do
    Desk.Writes writes(RequestFields fields) {
        return chosen(fields, Desk.Writes.class, "writes nothing");
    }

    /// The same of models that make vectors.
    Desk.Embeds embeds(RequestFields fields) {
        return chosen(fields, Desk.Embeds.class, "makes no vectors");
    }

    private <T extends Desk> T chosen(RequestFields fields, Class<T> kind, String lacking) {
        List<T> fit = desks.values().stream().filter(kind::isInstance).map(kind::cast).toList();
        return fields.text("model").map(name -> {
            if (!desks.containsKey(name)) {
                throw ApiFailure.unknown("model: '%s' is not served here; write %s".formatted(name, desks.size() == 1
                        ? named() + " or leave it out" : "one of " + named()), "model_not_found");
            }
            Desk desk = desks.get(name);
            if (!kind.isInstance(desk)) {
                throw fields.wrong("model", "'%s' %s; ask it with %s".formatted(name, lacking, desk.address()));
            }
            return kind.cast(desk);
        }).orElseGet(() -> {
            if (fit.isEmpty()) {
                throw fields.wrong("model", "no model here %s; start the server with one that does".formatted(
                        kind == Desk.Embeds.class ? "makes vectors" : "writes"));
            }
            if (fit.size() > 1) {
                throw fields.wrong("model", "one of %s expected; got nothing".formatted(fit.stream()
                        .map(desk -> "'%s'".formatted(desk.name())).collect(Collectors.joining(", "))));
            }
            return fit.getFirst();
        });
    }

    private String named() {
        return desks.keySet().stream().map("'%s'"::formatted).collect(Collectors.joining(", "));
    }

    ObjectNode list() {
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        desks.values().forEach(desk -> list.withArray("data").add(card(desk)));
        return list;
    }

    /// @throws ApiFailure 404 if it is not served
    ObjectNode card(String name) {
        if (!desks.containsKey(name)) {
            throw ApiFailure.unknown("'%s' is not served here; %s".formatted(name, desks.size() == 1 ? named() + " is"
                    : "there are " + named()), "model_not_found");
        }
        return card(desks.get(name));
    }

    private ObjectNode card(Desk desk) {
        return JsonNodeFactory.instance.objectNode()
                .put("id", desk.name())
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "socratic")
                .put("task", switch (desk) {
                    case Desk.Writes writes -> "generate";
                    case Desk.Embeds embeds -> "embed";
                })
                .put("revision", desk.revision())
                .put("max_model_len", desk.context());
    }
}
