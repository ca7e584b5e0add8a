package io.observatory.storage.autoconfigure;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.observatory.storage.redact.MaskingRedactor;
import io.observatory.storage.redact.SecretKind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings below {@code observatory.storage.redaction}.
 *
 * @param enabled Whether secrets are masked before a record is stored. A Redactor bean of
 * the application replaces this masking.
 * @param patterns Kinds of secrets that are recognized by their form: private-key,
 * url-password, email, card, bearer, basic, api-key. By default all.
 * @param names Names whose values are masked: names of attributes, in JSON, and in text
 * such as password=…. A name matches when it ends with these words; upper and lower case,
 * and characters other than letters and digits, make no difference. By default password,
 * secret, token, api-key, authorization, cookie and similar names.
 */
@ConfigurationProperties(StorageProperties.PREFIX + ".redaction")
public record RedactionProperties(@DefaultValue("true") boolean enabled, @Nullable Set<SecretKind> patterns,
		@Nullable List<String> names) {

	MaskingRedactor redactor() {
		Set<SecretKind> kinds = (this.patterns != null) ? this.patterns : EnumSet.allOf(SecretKind.class);
		Collection<String> secrets = (this.names != null) ? this.names : MaskingRedactor.DEFAULT_NAMES;
		return new MaskingRedactor(kinds, secrets);
	}

}
