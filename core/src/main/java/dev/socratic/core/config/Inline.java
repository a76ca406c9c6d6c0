package dev.socratic.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A component that is a record whose keys stand among those of the record around it: `{name: a, temperature: 0.7}`
/// for `record Task(String name, @Inline Sampling sampling)`. So what several configs have in common is one record,
/// checked in one place, and written flat.
///
/// Its [Default] is a mapping with other defaults for some of its keys: `@Inline @Default("{temperature: 0}")`.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Inline {}
