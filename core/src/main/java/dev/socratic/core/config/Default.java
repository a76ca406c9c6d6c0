package dev.socratic.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The value of a record component that a config leaves out, written as it would stand in the file (YAML).
///
/// Of a component that is a record (no family of records), the default is one of each key by itself: with
/// `@Default("{temperature: 0.7}")` a config that writes `{max_tokens: 8}` keeps that temperature.
///
/// A component without a default that is no `Optional` must be given.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    String value();
}
