package dev.socratic.trainer.run.card;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.config.NamedFiles;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.config.AdapterConfig;
import dev.socratic.trainer.config.EmaConfig;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.RowCounts;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.run.checkpoint.TrainState;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// `README.md` of the student's folder: what it is and what trained it, figures of this run only. No clock and no
/// path of the machine in it.
public final class Card {
    private static final String EVALUATION = "evaluation, ";
    private static final String OBJECTIVE = "objective";

    private Card() {}

    /// A student is evaluated after its card is written.
    ///
    /// @param card    a card as [#of] makes it
    /// @param figures what an evaluation said, in the place of what an earlier one did
    /// @return the same card with them
    public static String evaluated(String card, List<Lineage.Figure> figures) {
        StringBuilder text = new StringBuilder();
        for (String line : card.lines().toList()) {
            if (line.startsWith("| " + OBJECTIVE + " |")) {
                figures.forEach(figure -> row(text, EVALUATION + figure.task(), figure.value()));
            }
            if (!line.startsWith("| " + EVALUATION)) {
                text.append(line).append('\n');
            }
        }
        return text.toString();
    }

    /// @param model   the student's architecture
    /// @param lineage where it comes from
    public static String of(TrainConfig config, ModelConfig model, RunSummary run, Lineage lineage) {
        return text(config, run, lineage, "text-generation",
                number("A %s decoder of %,d parameters: %d layers, width %d, %d heads, vocabulary %d, context %d. "
                        + "Trained with Socratic.",
                model.family(), model.parameters(), model.layers(), model.hidden(), model.attention().heads(),
                        model.vocab(), model.context()));
    }

    /// @param model   the student's architecture
    /// @param lineage where it comes from
    public static String of(TrainConfig config, EncoderConfig model, RunSummary run, Lineage lineage) {
        return text(config, run, lineage, "fill-mask",
                number("A %s encoder of %,d parameters: %d layers, width %d, %d heads, vocabulary %d, context %d. "
                        + "Trained with Socratic to fill in masked tokens.",
                model.family(), model.parameters(), model.layers(), model.hidden(), model.heads(), model.vocab(),
                        model.context()));
    }

    /// @param purpose  as model hubs name it
    /// @param sentence what the student is
    private static String text(TrainConfig config, RunSummary run, Lineage lineage, String purpose, String sentence) {
        TrainState state = run.state();
        RowCounts tally = run.tally();
        MetricsFile metrics = run.metrics();
        StringBuilder text = new StringBuilder();
        text.append("---\nlibrary_name: ").append(config.adapter().isPresent() ? "peft" : "transformers")
                .append("\npipeline_tag: ").append(purpose).append('\n');
        lineage.base().ifPresent(base -> {
            text.append("base_model: ").append(scalar(base.name())).append('\n');
            base.license().ifPresent(license -> text.append("license: ").append(license).append('\n'));
        });
        text.append("---\n\n");
        text.append("# ").append(config.name()).append("\n\n").append(sentence).append("\n\n");
        text.append("| | |\n|---|---|\n");
        lineage.base().ifPresent(base -> row(text, "base model", base.toString()));
        lineage.teachers().forEach(teacher -> row(text, "teacher", teacher.toString()));
        lineage.data().forEach(data -> row(text, "data", data.path() + ", sha256 " + data.sha256()));
        lineage.figures().forEach(figure -> row(text, EVALUATION + figure.task(), figure.value()));
        row(text, OBJECTIVE, NamedFiles.path(config.objective(),
                Objective.FILES).map(file -> file.getFileName().toString()).orElse(config.objective()));
        run.frozen().ifPresent(some -> row(text, "frozen", number("%d weights (%s): %,d numbers; %,d learned",
                some.weights(), String.join(", ", config.freeze()), some.numbers(), some.learned())));
        run.adapter().ifPresent(beside -> config.adapter().ifPresent(adapter ->
                row(text, "adapter", adapter(adapter, beside))));
        row(text, "optimiser steps", number("%,d", state.step()));
        row(text, "input tokens", number("%,d", state.tokens()));
        row(text, "tokens in the loss", number("%,d", state.lossTokens()));
        row(text, "rows of the first pass", number("%,d read, %,d kept, dropped %s", tally.read(), tally.kept(),
                tally.dropped()));
        row(text, "rows as they were read", "sha256 " + tally.hash());
        if (!metrics.losses().isEmpty()) {
            row(text, "loss, first step", nats(metrics.losses().getFirst()));
        }
        metrics.lastLoss().ifPresent(loss -> row(text, "loss, mean of the last 50 steps", nats(loss)));
        metrics.lastWritten().forEach((name, mean) -> row(text,
                "%s, mean of the last 50 written steps".formatted(name.replace('_', ' ')), number("%.3f", mean)));
        if (!metrics.heldOut().isEmpty()) {
            row(text, "held-out loss", nats(metrics.heldOut().getLast()));
            row(text, "held-out token accuracy", String.format(Locale.ROOT, "%.4f", metrics.hits().getLast()));
        }
        best(text, config, state);
        row(text, "steps skipped", number("%d without a loss token, %d not finite", state.empty(),
                state.notFinite())
                + (state.lossScale().dynamic() ? number(", %d for the scale of the loss", state.overflows()) : ""));
        row(text, "seed, threads", number("%d, %d", config.seed(), run.threads()));
        text.append("\nThe whole config:\n\n```yaml\n")
                .append(ConfigWriter.yaml(withoutFolders(ConfigWriter.tree(config))).strip())
                .append("\n```\n");
        return text.toString();
    }

    private static void best(StringBuilder text, TrainConfig config, TrainState state) {
        config.keepBest().ifPresent(keep -> state.selection().best().ifPresent(best -> row(text, "weights",
                number("of step %,d, the best of the evaluations by %s: %.4f", best.step(), keep.by(), best.value()))));
        if (state.selection().stopped()) {
            row(text, "stopped", number("before its budget was used up, for %d evaluations in a row were no better",
                    state.selection().without()));
        }
        config.ema().filter(ema -> ema.save() == EmaConfig.Save.EMA).ifPresent(ema -> row(text, "averaged",
                number("moving average of the weights, decay %s, every %d steps", ema.decay(), ema.every())));
    }

    private static String adapter(AdapterConfig adapter, RunSummary.Adapter beside) {
        return switch (adapter) {
            case AdapterConfig.Lora lora -> number(
                    "LoRA of rank %d, alpha %s, beside %s; %,d numbers learned, the base model stayed as it is%s",
                    lora.r(), lora.alpha(), String.join(", ", beside.targets()), beside.numbers(),
                    lora.base() == Quantization.NONE ? ""
                            : ", read in " + lora.base().name().toLowerCase(Locale.ROOT));
        };
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append("| ").append(cell(name)).append(" | ").append(cell(value)).append(" |\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replaceAll("\\s+", " ");
    }

    /// @return the text as YAML takes it: quoted where it is more than letters, digits and a few signs
    static String scalar(String text) {
        return text.matches("[A-Za-z0-9][A-Za-z0-9._/-]*") ? text : Json.line(text);
    }

    /// The card is the same in every country.
    private static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String nats(double loss) {
        return String.format(Locale.ROOT, "%.4f nats a token", loss);
    }

    /// Absolute paths are cut to their last name: where a file lay says nothing about the student.
    private static JsonNode withoutFolders(JsonNode node) {
        if (node.isTextual() && Path.of(node.asText()).isAbsolute()) {
            return JsonNodeFactory.instance.textNode(Path.of(node.asText()).getFileName().toString());
        }
        if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> copy.set(field.getKey(), withoutFolders(field.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(each -> copy.add(withoutFolders(each)));
            return copy;
        }
        return node;
    }
}
