package dev.socratic.core.template;

import java.util.List;
import java.util.Map;

/// The values a call was given.
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Object... values) {
        return new Arguments(List.of(values), Map.of());
    }

    /// Puts the values in the order of the parameters; those not given are `otherwise` of the same place, or
    /// [Values.Undefined] where the list of defaults is shorter from the left, as in a Python signature: the last
    /// defaults belong to the last parameters.
    ///
    /// @throws TemplateFailure if there are too many, an unknown name, one twice, or a missing one without default
    Object[] bind(String function, List<String> parameters, Object... defaults) {
        if (positional.size() > parameters.size()) {
            throw TemplateFailure.type("%s() takes at most %s arguments (%s given)".formatted(function,
                    parameters.size(), positional.size()));
        }
        Object[] bound = new Object[parameters.size()];
        for (String name : named.keySet()) {
            int place = parameters.indexOf(name);
            if (place < 0 || place < positional.size()) {
                throw TemplateFailure.type("%s() got an unexpected keyword argument '%s'".formatted(function, name));
            }
        }
        int firstDefault = parameters.size() - defaults.length;
        for (int i = 0; i < bound.length; i++) {
            if (i < positional.size()) {
                bound[i] = positional.get(i);
            } else if (named.containsKey(parameters.get(i))) {
                bound[i] = named.get(parameters.get(i));
            } else if (i >= firstDefault) {
                bound[i] = defaults[i - firstDefault];
            } else {
                throw TemplateFailure.type(
                        "%s() missing a required argument: '%s'".formatted(function, parameters.get(i)));
            }
        }
        return bound;
    }
}
