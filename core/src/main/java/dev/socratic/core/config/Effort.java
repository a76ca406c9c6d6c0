package dev.socratic.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks what says how the work is done and changes nothing of what comes out: prices, limits, patience, how often a
/// checkpoint is written. It stands in the resolved recipe and is no reason to run a stage again.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Effort {}
