package io.observatory.storage.llm.price;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Which names are meant: a regular expression for the whole of a name in lower case. It
 * is compiled when it is first asked, as most of a list never are. Thread-safe.
 */
final class NamePattern {

	/** Matches no name. */
	static final NamePattern NONE = new NamePattern("(?!)");

	/** Matches every name. */
	static final NamePattern ALL = new NamePattern(".*");

	private final String regex;

	private volatile @Nullable Pattern pattern;

	NamePattern(String regex) {
		this.regex = regex;
	}

	boolean matches(String name) {
		Pattern compiled = this.pattern;
		if (compiled == null) {
			compiled = Pattern.compile(this.regex);
			this.pattern = compiled;
		}
		return compiled.matcher(name).matches();
	}

}
