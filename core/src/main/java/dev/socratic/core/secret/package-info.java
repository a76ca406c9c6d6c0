/// Keys and tokens that must reach no file.
///
/// [dev.socratic.core.secret.Secret] holds one; [dev.socratic.core.secret.Secrets] takes them out of text that comes
/// from elsewhere, at the place where it is written; [dev.socratic.core.secret.KeyLike] finds keys that were written
/// into a config.
package dev.socratic.core.secret;
