/// What the terms of model families say of training on what they write, as a table of public texts with their dates.
///
/// Begin with [dev.socratic.core.licence.OutputTerms]. One more family is one more entry of `output-terms.yaml`, with
/// the address of the text and the date of the version that was read. Nothing here is legal advice.
package dev.socratic.core.licence;
