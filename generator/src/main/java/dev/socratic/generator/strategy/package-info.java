/// Strategies: how a question becomes rows. Begin with [dev.socratic.generator.strategy.Strategy].
///
/// To add one: a record with `@About` in a file of its own, its name in the `permits` of `Strategy`, its prompts in
/// `prompts`' resources and `PromptTemplate.strategyNames()`, a case in `StrategyLaws`, a line in
/// `docs/strategies.md`. The compiler, the laws over all strategies and `DocumentsTest` name what is missing.
package dev.socratic.generator.strategy;
