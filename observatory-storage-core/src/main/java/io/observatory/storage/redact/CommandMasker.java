package io.observatory.storage.redact;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Masks passwords among the options of well-known commands: {@code mysql -p…},
 * {@code sshpass -p …}, {@code curl -u user:…}.
 */
final class CommandMasker implements Masker {

	private static final String DASH = " -";

	/** So far before an option its command is looked for. */
	private static final int MAX_COMMAND_LENGTH = 200;

	private static final String SEPARATORS = "\n\r|;";

	private static final List<Option> OPTIONS = Stream
		.of(option("mysql\\w*|mariadb[\\w-]*|7za?|rar", "p", Form.ATTACHED),
				option("sshpass|mongo\\w*|cqlsh|rabbitmqadmin", "p", Form.VALUE),
				option("(?:docker|podman|nerdctl|helm registry|oc|az) login", "p", Form.VALUE),
				option("curl|wget", "u", Form.BEHIND_COLON), option("curl|wget", "U", Form.BEHIND_COLON),
				option("curl", "-user ", Form.BEHIND_COLON), option("curl", "-proxy-user ", Form.BEHIND_COLON),
				option("curl", "b", Form.BEHIND_EQUALS), option("https?|xh", "a", Form.BEHIND_COLON),
				option("redis-cli", "a", Form.VALUE), option("ldap\\w+", "w", Form.VALUE),
				option("sqlcmd|bcp|osql|isql|tsql|unzip|zip", "P", Form.VALUE),
				option("plink|pscp|psftp|putty", "pw", Form.VALUE),
				option("mysqladmin", "u root password", Form.VALUE),
				option("smbclient|rpcclient|smbget", "U", Form.BEHIND_PERCENT))
		.toList();

	private static Option option(String command, String name, Form form) {
		return new Option(Pattern.compile("(?:^|[\\s\"'`/(\\[$>])(?:" + command + ")\\s"), name, form);
	}

	@Override
	public Characters.Needs needs() {
		return Characters.Needs.all("-");
	}

	@Override
	public String mask(String text) {
		Replacements replacements = new Replacements(text);
		for (int dash = text.indexOf(DASH); dash >= 0; dash = text.indexOf(DASH, dash + 1)) {
			int name = dash + DASH.length();
			for (Option option : OPTIONS) {
				if (text.startsWith(option.name(), name) && dash >= replacements.end() && option.isOf(text, dash)) {
					value(text, option, name + option.name().length(), replacements);
				}
			}
		}
		return replacements.result();
	}

	private static void value(String text, Option option, int end, Replacements replacements) {
		int from = end;
		while (option.form() != Form.ATTACHED && from < text.length() && text.charAt(from) == ' ') {
			from++;
		}
		NamedValue value = NamedValue.at(text, from, false);
		int secret = value.from();
		if (option.form().separator != Form.NONE) {
			secret = text.indexOf(option.form().separator, value.from()) + 1;
		}
		if (secret >= value.from() && secret < value.to() && isSecret(text.substring(secret, value.to()))) {
			replacements.replace(secret, value.to(), NamedValueMasker.MASK);
		}
	}

	private static boolean isSecret(String value) {
		return value.charAt(0) != '-' && !value.startsWith(NamedValueMasker.MASKED) && !Placeholders.contain(value);
	}

	/**
	 * An option that takes a secret.
	 *
	 * @param command the commands that have it
	 * @param name its name, without the first dash
	 * @param form where the secret is
	 */
	private record Option(Pattern command, String name, Form form) {

		boolean isOf(String text, int end) {
			int start = end;
			while (start > 0 && end - start < MAX_COMMAND_LENGTH && SEPARATORS.indexOf(text.charAt(start - 1)) < 0) {
				start--;
			}
			return this.command.matcher(text).region(start, end + 1).find();
		}

	}

	/** Where the secret is. */
	private enum Form {

		/** Right behind the name of the option, and nowhere else. */
		ATTACHED(Form.NONE),

		VALUE(Form.NONE), BEHIND_COLON(':'), BEHIND_PERCENT('%'), BEHIND_EQUALS('=');

		private static final char NONE = 0;

		private final char separator;

		Form(char separator) {
			this.separator = separator;
		}

	}

}
