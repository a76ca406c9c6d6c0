package dev.socratic.models.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.checkpoint.PublishedJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `config.json` of a Hugging Face folder.
///
/// Field names and defaults are those of transformers, except that the sizes must be there. A family that was never
/// compared with the reference is refused, and so is a field whose value the family's program cannot compute; fields
/// that the family's own implementation does not look at are passed over here too.
public final class ConfigJson {
    public static final String NAME = "config.json";
    public static final String GENERATION = "generation_config.json";
    private static final String REQUIRED = "required";
    private static final String ROPE_PARAMETERS = "rope_parameters";

    private ConfigJson() {}

    /// @throws DataException with every problem of the file
    public static ModelConfig read(Path file) {
        JsonNode json = PublishedJson.read(file);
        String type = new Fields(json, file.toString()).text("model_type", "");
        Family family = Family.of(type)
                .orElseThrow(() -> new DataException(List.of(at(file, ModelConfig.unknown(type)))));
        Fields fields = new Fields(known(family, json), file.toString(), family::own);
        contradictions(family, json, fields);
        try {
            return new Architecture(family, fields).read(type);
        } catch (ConfigException inconsistent) {
            List<Problem> problems = new ArrayList<>(fields.problems());
            inconsistent.problems()
                    .forEach(p ->
                            problems.add(
                                    at(file, new Problem(family.own(p.place()), p.expected(), p.got(), p.remedy()))));
            throw new DataException(problems);
        }
    }

    static Problem at(Path file, Problem p) {
        return new Problem(file + ": " + p.place(), p.expected(), p.got(), p.remedy());
    }

    /// The fields of the family under their common names: from the file, else by default; what is fixed; and the
    /// special tokens.
    static ObjectNode known(Family family, JsonNode json) {
        ObjectNode known = Json.mapper().createObjectNode();
        family.fields().forEach((field, otherwise) -> {
            JsonNode value = family.given(field, json);
            if (value.isMissingNode() && !REQUIRED.equals(otherwise.textValue())) {
                known.set(field, otherwise);
            } else if (!value.isMissingNode()) {
                known.set(field, value); // a null is a value: a window of null is no window, not the default one
            }
        });
        if (json.hasNonNull(ROPE_PARAMETERS) && family.fields().containsKey("rope_theta")) {
            known.set(ROPE_PARAMETERS, json.get(ROPE_PARAMETERS));
        }
        known.setAll(family.fixed());
        for (String token : List.of("bos_token_id", "eos_token_id", "pad_token_id")) {
            known.set(token, json.path(token));
        }
        return known;
    }

    /// A fixed trait that is a field in the file must have there the value that is computed.
    static void contradictions(Family family, JsonNode json, Fields fields) {
        family.fixed().forEach((field, value) -> {
            JsonNode given = family.given(field, json);
            if (!given.isMissingNode() && !given.isNull() && !given.equals(value)) {
                fields.problem(field, "a value this version can compute", given.toString(), "known: " + value);
            }
        });
    }

    /// Where answers begin and end: `generation_config.json` where it says so, else the config.
    ///
    /// @throws DataException if the file is there and broken
    public static SpecialTokens generation(Path folder, SpecialTokens config) {
        Path file = AdapterFolder.file(folder, GENERATION);
        if (!Files.exists(file)) {
            return config;
        }
        Fields json = new Fields(PublishedJson.read(file), file.toString());
        SpecialTokens own = special(json);
        json.done();
        return new SpecialTokens(own.bos().isPresent() ? own.bos() : config.bos(),
                own.eos().isEmpty() ? config.eos() : own.eos(),
                own.pad().isPresent() ? own.pad() : config.pad());
    }

    static SpecialTokens special(Fields json) {
        return new SpecialTokens(json.ids("bos_token_id").stream().mapToLong(Long::longValue).findFirst(),
                json.ids("eos_token_id"),
                json.ids("pad_token_id").stream().mapToLong(Long::longValue).findFirst());
    }
}
