package dev.socratic.models.constrain;

import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Constraint;
import dev.socratic.models.constrain.Node.Rule;
import java.util.BitSet;
import java.util.Map;

/// What an answer may be, as rules over bytes of which every one can be finished.
public final class Grammar {
    private final Rule rule;

    private Grammar(Rule rule) {
        this.rule = rule;
    }

    /// @throws DataException if the constraint says what is not obeyed here, or nothing satisfies it
    public static Grammar of(Constraint constraint) {
        BitSet all = new BitSet();
        all.set(0, 256);
        return of(constraint, all);
    }

    /// @param bytes those that can be written one by one
    static Grammar of(Constraint constraint, BitSet bytes) {
        Rule rule = switch (constraint) {
            case Constraint.JsonSchema(Map<String, Object> schema) -> SchemaRules.of(Json.tree(schema));
            case Constraint.Regex(String pattern) -> {
                Rule whole = new Rule();
                PatternParser.parse("regex", pattern).pattern().add(whole.start(), whole.end(), Utf8::add,
                        new Pattern.Size("regex"));
                yield whole;
            }
            case Constraint.Choice choice -> {
                Rule whole = new Rule();
                choice.choices().forEach(text -> Utf8.add(whole.start(), text, whole.end()));
                yield whole;
            }
        };
        if (!Prune.keepFinishable(rule, bytes)) {
            throw new DataException(switch (constraint) {
                case Constraint.JsonSchema schema -> "json_schema";
                case Constraint.Regex regex -> "regex";
                case Constraint.Choice choice -> "choice";
            }, "something that can be written", bytes.cardinality() == 256 ? "a constraint that nothing satisfies"
                    : "a constraint that no text of this tokenizer satisfies",
                    "look for an empty enum, bounds in the wrong order, or an object that has to hold itself");
        }
        return new Grammar(rule);
    }

    Rule rule() {
        return rule;
    }
}
