/// Configs as records: what may be written, what is meant when it is left out, and what is wrong with it are all said
/// by the record itself.
///
/// Begin with [dev.socratic.core.config.ConfigReader]. Spelling: record components and enum constants in lower
/// snake_case; of a sealed family the simple name of the record in snake_case, either alone (`cosine`) or as the one
/// key of a mapping with its components (`cosine: {warmup: 0.1}`); an `Optional` may be left out or be `null`; a
/// component with [dev.socratic.core.config.Default] may be left out; the keys of one with
/// [dev.socratic.core.config.Inline] stand among those of the record around it. A record with one component may be
/// written as its bare value (`tokens: 5000` for `tokens: {n: 5000}`), a bare text is the first of a record whose
/// others are all `Optional`, in a family a bare number is the record
/// whose only component is `double value` (`weight: 0.5` for `weight: {constant: {value: 0.5}}`), and a bare text the
/// one marked [dev.socratic.core.config.Bare] (`teacher: path`). Supported types: `String`, whole and floating
/// numbers, `boolean`, `Path`, `URI`, `Duration` (`250ms`, `30s`, `5m`, `2h`, `1d`), enums, records, sealed families
/// of records (families may nest), `Optional`, `List`, `Set`, `Map` with text or enum keys, `Object` (any value).
///
/// Paths are resolved against the config's folder, also those that may stand where a name does
/// ([dev.socratic.core.config.NameOrFile]).
///
/// A name that was given up stays readable as an [dev.socratic.core.config.Alias] of the new one, and is told.
///
/// To add one more choice to a family, write the record: nothing is registered anywhere.
///
/// The way of a text: `YamlTree` makes a tree with places, `Overrides` replaces parts of it, `FormerNames` puts
/// today's names in it, `Binder` makes records of it and collects problems. [dev.socratic.core.config.ConfigWriter]
/// goes the other way.
package dev.socratic.core.config;
