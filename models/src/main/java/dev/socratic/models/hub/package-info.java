/// Models from a hub that speaks Hugging Face's protocol, into the cache that Hugging Face's own client uses.
///
/// Begin with [dev.socratic.models.hub.Pull]. What a server says is believed only as far as it can be checked: file
/// names stay inside the snapshot, bytes are counted and hashed before a file gets its name, and the token goes to
/// the hub's own scheme, host and port and nowhere else, wherever a redirect points. The only place of this module
/// that opens a connection.
///
/// Layout of the cache (`HF_HUB_CACHE`, else `HF_HOME/hub`, else `~/.cache/huggingface/hub`):
///
/// ```
/// models--org--name/blobs/<sha256 or git sha1>            the bytes, once; `.incomplete` while they come
/// models--org--name/refs/<branch or tag>                  the commit it meant when it was pulled
/// models--org--name/snapshots/<commit>/<path>             links to blobs
/// ```
package dev.socratic.models.hub;
