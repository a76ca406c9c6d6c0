/// Problems with a place and a remedy. Begin with [dev.socratic.core.error.Problem]; throw one of the exceptions,
/// chosen by what the user has to do: mend the config, mend the data, look at what is lost, or try again later. Collect
/// all problems of a file before throwing.
package dev.socratic.core.error;
