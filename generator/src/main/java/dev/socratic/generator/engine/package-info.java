/// Strategies at work: [dev.socratic.generator.engine.ConversationLoop] drives many conversations at once over
/// `core.ask`, a step of all of them at a time; [dev.socratic.generator.engine.StrategyRows] writes what came of
/// them. Begin with [dev.socratic.generator.engine.StrategyRun].
package dev.socratic.generator.engine;
