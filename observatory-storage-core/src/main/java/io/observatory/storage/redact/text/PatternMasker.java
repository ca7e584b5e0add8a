package io.observatory.storage.redact.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.observatory.storage.redact.text.SecretNames.Secrecy;
import org.jspecify.annotations.Nullable;

/**
 * Masks secrets that are known by what stands around them. Each pattern has a mark to
 * look for, so that it is tried near that alone; marks that have a rare character in
 * common are looked for by that in one go.
 */
public final class PatternMasker implements Masker {

	/** So far a pattern may reach behind its mark. */
	private static final int REACH = 128;

	private static final int LONG_REACH = 512;

	/** Of a command that follows its name. */
	private static final String OPTIONS = "\\S*\\s(?:[^\\n|;]{0,100}?\\s)?";

	/** In quotes or without. */
	private static final String VALUE = "[\"']?(?<secret>(?<=')[^'\\n]+|(?<=\")[^\"\\n]+|[^\\s\"'-][^\\s\"']*)";

	private static final String SECRET = "secret";

	private static final String NAME = "(?<name>";

	/** Characters of marks that few texts have, the rarest first. */
	private static final String ANCHORS = "~*{<&=:";

	private final Group[] groups;

	/** The characters of each group's anchor. */
	private final long[] needs;

	private final @Nullable SecretNames names;

	private final String mask;

	private final int reach;

	/** What all shapes have in common, or an empty text. */
	private final String start;

	private final Characters.Needs common;

	/**
	 * Masks shapes.
	 * @param start what a text has that has one of them
	 * @param any of what characters it has one
	 */
	private PatternMasker(List<Shape> shapes, @Nullable SecretNames names, String mask, int reach, String start,
			String any) {
		this.start = start;
		this.common = Characters.Needs.all(start).and(Characters.Needs.any(any));
		this.reach = reach;
		this.groups = shapes.stream()
			.collect(Collectors.groupingBy(Shape::anchor, LinkedHashMap::new, Collectors.toList()))
			.entrySet()
			.stream()
			.map((group) -> Group.of(group.getKey(), group.getValue()))
			.toArray(Group[]::new);
		this.needs = Arrays.stream(this.groups).mapToLong((group) -> Characters.of(group.anchor())).toArray();
		this.names = names;
		this.mask = mask;
	}

	/**
	 * Keys that have no first characters of their own, and a mark within.
	 */
	public static PatternMasker keys(String mask) {
		return new PatternMasker(List.of(
				// Azure: three characters, a digit, the mark
				shape("Q~", 4, "(?<secret>[\\w~.-]{3}\\dQ~[\\w~.-]{31,34})"),
				shape("JQQJ99", 52, "(?<secret>[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26})"),
				// Telegram, behind the bot's number
				shape(":AA", 10, "(?<secret>\\d{8,10}:AA[\\w-]{30,})"),
				// Terraform
				shape(".atlasv1.", 14, "(?<secret>\\w{14}\\.atlasv1\\.[\\w=-]{60,70})"),
				// Discord: the bot's number in base64, a time, a signature
				shape(".G", 28, "(?<secret>[MNO][\\w-]{23,27}\\.G[\\w-]{5}\\.[\\w-]{27,})"),
				// Mailchimp, with its data center
				shape("-us", 32, "\\b(?<secret>[0-9a-f]{32}-us\\d{1,2})\\b")), null, mask, REACH, "", ":.-~J");
	}

	/**
	 * Passwords by their place: in files of programs, and elements of XML with the name
	 * in an attribute.
	 */
	public static PatternMasker passwords(SecretNames names) {
		List<Shape> shapes = new ArrayList<>(List.of(
				// .netrc
				shape("login", 100, "(?:machine\\s+\\S+|default)\\s+login\\s+\\S+\\s+password\\s+(?<secret>\\S+)"),
				shape("oracle:thin:", 0, "oracle:thin:[\\w$#]+/(?<secret>[^\\s@/]+)@"),
				shape("IDENTIFIED BY ", 0, "IDENTIFIED BY (?<secret>[^\\s'\"?;:%$]+)"),
				shape("PWD={", 0, "PWD=\\{(?<secret>[^}]+)}"),
				shape(" pass:", 9, "-pass(?:in|out)?\\s+pass:(?<secret>\\S+)"),
				shape("_auth=", 0, "_auth=\\s*\"?(?<secret>[A-Za-z0-9+/]{8,}={0,2})"),
				shape("Private-Lines:", 0, "Private-Lines: \\d+\\s+(?<secret>(?:[A-Za-z0-9+/=]+\\s+)+)"),
				// properties of XML, of macOS, of Kubernetes
				shape("name=", 0, "name=[\"'](?<name>[^\"'<>]+)[\"'][^<>]*?\\bvalue=[\"'](?<secret>[^\"']+)"),
				shape("key=", 0, "key=[\"'](?<name>[^\"'<>]+)[\"'][^<>]*?\\bvalue=[\"'](?<secret>[^\"']+)"),
				shape("name=", 0, "name=[\"'](?<name>[^\"'<>]+)[\"'][^<>]*>(?<secret>[^<]+)</"),
				shape("key=", 0, "key=[\"'](?<name>[^\"'<>]+)[\"'][^<>]*>(?<secret>[^<]+)</"),
				shape("<key>", 0, "<key>(?<name>[^<]+)</key>\\s*<string>(?<secret>[^<]+)"),
				shape("&gt;", 70, "&lt;(?<name>[\\w:.-]+)&gt;(?<secret>[^&<\\s]+)&lt;/"), shape("name:", 0,
						"name:\\s*[\"']?(?<name>[\\w.-]+)[\"']?\\s*\\n\\s*value:\\s*[\"']?(?<secret>[^\\s\"']+)")));
		for (String command : List.of("ENV ", "set_header ")) {
			shapes.add(shape(command, 0, command + "(?<name>[\\w.-]+)\\s+[\"']?(?<secret>[^\\s\"';]+)"));
		}
		for (String port : List.of(":5432:", ":6432:", ":*:")) {
			// .pgpass
			shapes.add(shape(port, 100, "(?m)^\\s*[\\w.*-]+:(?:\\d+|\\*):[\\w.*-]+:[\\w.*-]+:(?<secret>[^\\s:]+)$"));
		}
		return new PatternMasker(shapes, names, NamedValueMasker.MASK, LONG_REACH, "", "=:<&{_VYg");
	}

	/** The second argument of calls that take a name and a password. */
	public static PatternMasker calls() {
		List<Shape> shapes = new ArrayList<>();
		shapes.add(shape("auth=(", 0, "auth=\\(\\s*[\"'][^\"']*[\"'],\\s*[\"'](?<secret>[^\"']+)"));
		shapes.add(shape("getConnection(", 0, "getConnection\\([^,()]*,\\s*\"[^\"]*\",\\s*\"(?<secret>[^\"]+)"));
		for (String call : List.of("Authentication(", "Credentials(", "asicAuth(")) {
			shapes.add(shape(call, 0, Pattern.quote(call) + "\\s*\"[^\"]*\",\\s*\"(?<secret>[^\"]+)"));
		}
		return new PatternMasker(shapes, null, NamedValueMasker.MASK, LONG_REACH, "(", "\"");
	}

	/**
	 * Passwords among the options of commands: {@code mysql -p…}, {@code sshpass -p …},
	 * {@code curl -u user:…}.
	 */
	public static PatternMasker commands() {
		List<Shape> shapes = new ArrayList<>();
		options(shapes, "-p(?=\\S)" + VALUE, "mysql", "mariadb", "7z");
		options(shapes, "-p\\s*" + VALUE, "sshpass", "mongo", "cqlsh", "docker login", "podman login", "az login",
				"oc login", "registry login");
		options(shapes, "(?:-[a-zA-Z]*[uU]|--(?:proxy-)?user)[\\s=]*[\"']?[^\\s:\"'<>$]+:(?<secret>[^\\s\"']+)", "curl",
				"wget");
		options(shapes, "-a\\s+" + VALUE, "redis-cli");
		options(shapes, "-w\\s+" + VALUE, "ldap");
		options(shapes, "-P\\s+" + VALUE, "sqlcmd", "bcp", "zip");
		options(shapes, "-pw\\s+" + VALUE, "plink", "pscp", "psftp");
		options(shapes, "-U\\s+\\S+%" + VALUE, "smbclient");
		options(shapes, "-b\\s+[\"']?[^=\\s\"']+=(?<secret>[^\\s\"']+)", "curl");
		options(shapes, "password\\s+" + VALUE, "mysqladmin");
		return new PatternMasker(shapes, null, NamedValueMasker.MASK, LONG_REACH, " -", "-");
	}

	private static void options(List<Shape> shapes, String option, String... commands) {
		for (String command : commands) {
			shapes.add(shape(command, 0, Pattern.quote(command) + OPTIONS + option));
		}
	}

	private static Shape shape(String mark, int before, String pattern) {
		return Shape.of(mark, before, pattern);
	}

	@Override
	public Characters.Needs needs() {
		return this.common;
	}

	@Override
	public String mask(String text) {
		return mask(text, Characters.of(text));
	}

	@Override
	public String mask(String text, long seen) {
		if (!text.contains(this.start)) {
			return text;
		}
		String masked = text;
		for (int i = 0; i < this.needs.length; i++) {
			if ((seen & this.needs[i]) == this.needs[i]) {
				masked = mask(masked, this.groups[i]);
			}
		}
		return masked;
	}

	private String mask(String text, Group group) {
		int found = group.next(text, 0);
		if (found < 0) {
			return text;
		}
		Replacements replacements = new Replacements(text);
		while (found >= 0) {
			int next = found + 1;
			for (Shape shape : group.at(text, found)) {
				int mark = found - shape.anchorAt();
				if (mark >= replacements.end() && text.startsWith(shape.mark(), mark)) {
					next = Math.max(next, mask(text, shape, mark, replacements));
				}
			}
			found = group.next(text, next);
		}
		return replacements.result();
	}

	/** Returns where to go on. */
	private int mask(String text, Shape shape, int mark, Replacements replacements) {
		int next = mark + shape.mark().length();
		int from = Math.max(replacements.end(), mark - shape.before());
		Matcher matcher = shape.pattern()
			.matcher(text)
			.useTransparentBounds(true)
			.useAnchoringBounds(false)
			.region(from, Math.min(text.length(), next + this.reach));
		boolean matches = (shape.before() == 0) ? matcher.lookingAt() : matcher.find() && matcher.start() <= mark;
		if (!matches || !isSecret(matcher, shape)) {
			return 0;
		}
		replacements.replace(matcher.start(SECRET), matcher.end(SECRET), this.mask);
		return Math.max(next, matcher.end());
	}

	private boolean isSecret(Matcher matcher, Shape shape) {
		String value = matcher.group(SECRET);
		boolean named = !shape.named() || this.names == null || this.names.of(matcher.group("name")) != Secrecy.NONE;
		return named && !value.startsWith(NamedValueMasker.MASKED) && !Placeholders.contain(value)
				&& value.chars().anyMatch(Character::isLetterOrDigit);
	}

	/**
	 * Shapes that are looked for by the same text.
	 *
	 * @param anchor a part of all their marks
	 * @param shapes the shapes
	 * @param before whether a shape has the character of ASCII before the anchor
	 */
	private record Group(String anchor, Shape[] shapes, boolean[] before) {

		private static final Shape[] NONE = {};

		static Group of(String anchor, List<Shape> shapes) {
			boolean[] before = new boolean[128];
			for (Shape shape : shapes) {
				if (shape.anchorAt() == 0) {
					Arrays.fill(before, true);
				}
				else {
					before[shape.mark().charAt(shape.anchorAt() - 1)] = true;
				}
			}
			return new Group(anchor, shapes.toArray(Shape[]::new), before);
		}

		/** Those that may stand around the anchor at the index. */
		Shape[] at(String text, int index) {
			char c = (index > 0) ? text.charAt(index - 1) : '\0';
			return (c >= this.before.length || this.before[c]) ? this.shapes : NONE;
		}

		/** A single character is looked for quicker as such. */
		int next(String text, int from) {
			return (this.anchor.length() == 1) ? text.indexOf(this.anchor.charAt(0), from)
					: text.indexOf(this.anchor, from);
		}

	}

	/**
	 * A secret and what is around it.
	 *
	 * @param mark what is near it
	 * @param anchorAt where in the mark its anchor is
	 * @param before how far before it the pattern may start
	 * @param pattern all of it, with the secret as a group
	 * @param named whether another group is a name that must be secret
	 */
	private record Shape(String mark, int anchorAt, int before, Pattern pattern, boolean named) {

		static Shape of(String mark, int before, String pattern) {
			int anchorAt = ANCHORS.chars().map(mark::lastIndexOf).filter((at) -> at > 0).findFirst().orElse(0);
			return new Shape(mark, anchorAt, before, Pattern.compile(pattern), pattern.contains(NAME));
		}

		/** The rarest character within the mark, or all of it. */
		String anchor() {
			return (this.anchorAt > 0) ? this.mark.substring(this.anchorAt, this.anchorAt + 1) : this.mark;
		}

	}

}
