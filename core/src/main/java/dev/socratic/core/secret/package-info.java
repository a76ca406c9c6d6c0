/// Keys and tokens that must reach no file. [dev.socratic.core.secret.Secret] holds one; [dev.socratic.core.secret.Secrets] takes them out of
/// text that comes from elsewhere.
package dev.socratic.core.secret;
