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
 * @param enabled Whether secrets are masked before a record is stored, unless the
 * application has a Redactor of its own.
 * @param patterns What is recognized by its look: private-key, url-password, email, card,
 * bearer, basic, api-key. By default all.
 * @param names Names whose value is masked, of attributes, in JSON and in text as
 * password=…; a name is meant when its last words are these, upper and lower case and
 * everything but letters and digits aside. By default password, secret, token, api-key,
 * authorization, cookie and the like.
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
