package dev.socratic.curator.config;

import java.util.Locale;

/// What kind of personal data or secret something is. Where two kinds find the same characters, the first in this
/// order has them.
public enum PiiKind {
    /// User and password in an address (`https://u:p@host`), or a key among its parameters (`?token=...`).
    URL_CREDENTIALS,
    /// A key, token, password or private key.
    KEY,
    /// An address of electronic mail.
    EMAIL,
    /// An international bank account number.
    IBAN,
    /// The number of a payment card.
    CARD,
    /// A number that a state gives a person.
    NATIONAL_ID,
    /// A telephone number.
    PHONE,
    /// A public address of the Internet protocol, version 4 or 6.
    IP_ADDRESS;

    /// @return as in configs, scores and evidence
    public String spelled() {
        return name().toLowerCase(Locale.ROOT);
    }
}
