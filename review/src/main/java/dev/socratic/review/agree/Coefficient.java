package dev.socratic.review.agree;

/// A measure of agreement with its interval of 95 %.
///
/// @param value 1 is all alike, 0 is no more than by chance; NaN where nothing can be said: all names are equal, or
///              nothing is shared
/// @param low   2.5 % of what resampled things give; NaN where that is nothing
/// @param rows  things it is of
record Coefficient(double value, double low, double high, int rows) {}
