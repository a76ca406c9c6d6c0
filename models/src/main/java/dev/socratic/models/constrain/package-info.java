/// Answers that are what they have to be: a JSON document of a schema, a text that a regular expression matches, one of
/// some texts.
///
/// Begin with [dev.socratic.models.constrain.Constraints], one for a model: `follow(constraint, prefix)` compiles a
/// [dev.socratic.core.text.Constraint] or refuses it in one line, and gives a
/// [dev.socratic.models.constrain.Following], one for an answer: `mask(ends, late)` is what may come next, `accept`
/// takes the token that came. A mask holds for one token, so such an answer is drawn one token a call
/// ([dev.socratic.models.network.Draws]).
///
/// How it works: a schema (`SchemaRules`), an expression (`PatternParser`) or a list becomes rules over bytes (`Node`);
/// whatever cannot be finished is left out (`Prune`), so that no text ends in a dead end, and, as bytes that are no
/// token by themselves are left out before that, no answer does. `Automaton` reads them with a stack, for schemas that
/// hold themselves, and keeps the states it has been in; `TokenTrie` walks all tokens against a state once, and the
/// tokens of the states that were in use last are kept, 32 MB for a constraint at most. End tokens may come where the
/// text is whole; where nothing else can follow, the answer ends without one. What `max_tokens` cuts off finishes with
/// `length`, and only that may be no document.
///
/// Obeyed of JSON Schema: `type` (one or several), `enum`, `const`; `properties`, `required`, `additionalProperties`;
/// `items`, `minItems`, `maxItems`; `minLength`, `maxLength`, `pattern`; `anyOf` and `oneOf`, both as "any of"; `allOf`
/// of schemas that do not contradict one another; `$ref` within the schema (`#`, `#/$defs/NAME`), also to itself.
/// Every other keyword but annotations is refused by name. Documents are written in one way: members in the order of
/// `properties`, at most one blank behind `:` and `,`; where `additionalProperties` is not said there are none beside
/// `properties`.
///
/// Source: Willard and Louf 2023, arXiv:2307.09702 (tokens of a state once); the stack as in `xgrammar`, Dong et al.
/// 2024, arXiv:2411.15100; the layout of the tree of tokens as in `llguidance`.
package dev.socratic.models.constrain;
