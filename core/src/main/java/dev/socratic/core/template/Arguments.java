package dev.socratic.core.template;

import java.util.List;
import java.util.Map;

/// The values a call was given.
///
/// @param positional in order, as templates see values: `String`, `Long`, `Double`, `Boolean`, `List`, `Map` and some
///                   types of the language's own
/// @param named      those given by name
public record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Object... values) {
        return new Arguments(List.of(values), Map.of());
    }

    /// @param function  what is called, for messages
    /// @param parameter the name of its only parameter
    /// @return the only argument, which must be a text
    /// @throws TemplateFailure if it is another value, if there is none, or more
    public String text(String function, String parameter) {
        return StringMethods.string(bind(function, List.of(parameter))[0], function);
    }

    /// @return the only argument as it would be printed, whatever it is
    /// @throws TemplateFailure if there is none, or more
    public String printed(String function, String parameter) {
        Object value = bind(function, List.of(parameter))[0];
        return PythonText.str(value, new RenderBudget(TemplateOptions.DEFAULT));
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
