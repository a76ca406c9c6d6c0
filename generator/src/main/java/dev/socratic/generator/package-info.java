/// Asks a teacher and collects reasoned answers.
///
/// Begin with [dev.socratic.generator.GenerateStage]: a plan (questions times samples, in a fixed order) is cut into
/// units; units are asked several at a time, and each finished one is kept by [dev.socratic.core.ask]; after the last,
/// the files are written in the plan's order. What happens between two kills leaves no trace in the files.
///
/// - [dev.socratic.generator.teacher]: who is asked, as a config says it;
/// - [dev.socratic.generator.plan]: what is asked, under which id, with which seed;
/// - [dev.socratic.generator.verify]: what is wrong with an answer;
/// - [dev.socratic.generator.endpoint]: teachers behind an OpenAI-compatible endpoint.
///
/// Local weights are a [dev.socratic.core.text.TextModel] of module `models`; the command line opens them and hands
/// them in.
package dev.socratic.generator;
