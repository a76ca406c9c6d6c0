package dev.socratic.trainer.plan;

/// A learned map that the plan asks for.
///
/// @param name `objective.projection.<term>.<student layer>.<side>`, or with the name the config gives it in the middle
/// @param out  width it maps to
/// @param in   width it maps from
public record ProjectionSpec(String name, int out, int in) {}
