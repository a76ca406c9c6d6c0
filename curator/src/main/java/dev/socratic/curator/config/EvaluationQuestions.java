package dev.socratic.curator.config;

import dev.socratic.datasets.source.QuestionSource;

/// The questions one task of the recipe's evaluation asks: nothing of them is to be learned from.
///
/// @param task      its name, as evidence shows it
/// @param questions where they come from
/// @param seed      handed to the source, for one that draws: the seed the evaluation uses
public record EvaluationQuestions(String task, QuestionSource questions, long seed) {}
