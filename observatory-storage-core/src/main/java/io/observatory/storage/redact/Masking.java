package io.observatory.storage.redact;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import io.observatory.storage.redact.AttributeNames.Name;
import io.observatory.storage.redact.text.CardMasker;
import io.observatory.storage.redact.text.NamedValueMasker;
import io.observatory.storage.redact.text.Placeholders;
import io.observatory.storage.redact.text.SecretNames;
import io.observatory.storage.redact.text.SecretNames.Secrecy;
import org.jspecify.annotations.Nullable;

/**
 * Masks texts and attributes. What has nothing to mask is returned as it is and costs
 * next to no memory.
 */
final class Masking {

	/** As deep as a row's JSON may be nested; what is deeper is cut there anyway. */
	private static final int MAX_DEPTH = 256;

	private static final long SMALLEST_CARD = 1_000_000_000_000L;

	private final TextMasking texts;

	private final boolean cards;

	/** A name that had nothing to mask: records that come together have the same. */
	private String harmless = "";

	Masking(Set<SecretKind> kinds, SecretNames names) {
		this.texts = new TextMasking(kinds, names);
		this.cards = kinds.contains(SecretKind.CARD);
	}

	String text(String text) {
		return this.texts.mask(text);
	}

	/** Masks the name of a service; that of the record before is known. */
	String name(String name) {
		if (name == this.harmless) {
			return name;
		}
		String masked = text(name);
		if (masked == name) {
			this.harmless = name;
		}
		return masked;
	}

	@Nullable String optionalText(@Nullable String text) {
		return (text != null) ? text(text) : null;
	}

	@SuppressWarnings("unchecked")
	Map<String, ?> attributes(Map<String, ?> attributes) {
		return attributes.isEmpty() ? attributes : (Map<String, ?>) map(attributes, Secrecy.NONE, 1);
	}

	private Map<?, ?> map(Map<?, ?> map, Secrecy around, int depth) {
		String pair = NamedPair.nameOf(map);
		Secrecy ofPair = (pair != null) ? this.texts.names().get(pair).secrecy() : Secrecy.NONE;
		Map<Object, Object> masked = null;
		int same = 0;
		for (Map.Entry<?, ?> entry : map.entrySet()) {
			Object key = entry.getKey();
			Object value = entry.getValue();
			Name name = (key instanceof CharSequence text) ? this.texts.names().get(text.toString()) : null;
			Object maskedKey = (name != null && !name.masked().contentEquals((CharSequence) key)) ? name.masked() : key;
			boolean paired = ofPair != Secrecy.NONE && NamedPair.isValue(key);
			Object maskedValue = value(value, secrecy(name, paired ? ofPair : around, map), depth + 1);
			if (masked == null && (maskedValue != value || maskedKey != key)) {
				masked = first(map, same);
			}
			if (masked != null) {
				masked.put((maskedKey != key) ? unlike(masked, maskedKey) : key, maskedValue);
			}
			same++;
		}
		return (masked != null) ? masked : map;
	}

	private static Secrecy secrecy(@Nullable Name name, Secrecy around, Map<?, ?> map) {
		Secrecy secrecy = (name != null) ? name.secrecyWithin(around) : around;
		// a model's token stands beside its probability
		return (secrecy != Secrecy.NONE && map.containsKey("logprob")) ? Secrecy.NONE : secrecy;
	}

	/** Two masked keys are still two. */
	private static Object unlike(Map<Object, Object> map, Object key) {
		Object other = key;
		for (int i = 2; map.containsKey(other); i++) {
			other = key + " " + i;
		}
		return other;
	}

	private static Map<Object, Object> first(Map<?, ?> map, int count) {
		Map<Object, Object> first = new LinkedHashMap<>();
		map.entrySet().stream().limit(count).forEach((entry) -> first.put(entry.getKey(), entry.getValue()));
		return first;
	}

	private @Nullable Object value(@Nullable Object value, Secrecy secrecy, int depth) {
		if (value == null || value instanceof Boolean) {
			return value;
		}
		if (value instanceof CharSequence text) {
			return text(value, text.toString(), secrecy);
		}
		if (value instanceof Number number) {
			return (secrecy == Secrecy.ALL) ? NamedValueMasker.MASK : number(number);
		}
		return (depth > MAX_DEPTH) ? NamedValueMasker.MASK : container(value, secrecy, depth);
	}

	private Object text(Object value, String given, Secrecy secrecy) {
		boolean secret = secrecy != Secrecy.NONE && !Placeholders.contain(given);
		String masked = secret ? NamedValueMasker.MASK : text(given);
		return masked.equals(given) ? value : masked;
	}

	private Object number(Number number) {
		boolean whole = number instanceof Long || number instanceof BigInteger;
		boolean card = this.cards && whole && number.doubleValue() >= SMALLEST_CARD
				&& CardMasker.isCard(number.toString());
		return card ? SecretKind.CARD.mask() : number;
	}

	private Object container(Object value, Secrecy secrecy, int depth) {
		if (value instanceof Map<?, ?> map) {
			return map(map, secrecy, depth);
		}
		if (value instanceof Collection<?> elements) {
			return elements(elements, elements, secrecy, depth);
		}
		if (value instanceof Object[] elements) {
			return elements(value, Arrays.asList(elements), secrecy, depth);
		}
		if (secrecy == Secrecy.ALL || (secrecy == Secrecy.TEXT && !isNumbers(value))) {
			return NamedValueMasker.MASK;
		}
		if (value instanceof long[] numbers && this.cards && isLarge(numbers)) {
			return elements(value, LongStream.of(numbers).boxed().toList(), secrecy, depth);
		}
		return value;
	}

	private static boolean isNumbers(Object value) {
		return value.getClass().isArray() && !(value instanceof char[] || value instanceof byte[]);
	}

	private static boolean isLarge(long[] numbers) {
		for (long number : numbers) {
			if (number >= SMALLEST_CARD) {
				return true;
			}
		}
		return false;
	}

	private Object elements(Object given, Collection<?> elements, Secrecy secrecy, int depth) {
		Listed listed = new Listed(this.texts.names());
		List<@Nullable Object> masked = masked(elements,
				(element) -> value(element, listed.next(element) ? Secrecy.TEXT : secrecy, depth + 1));
		return (masked != null) ? masked : given;
	}

	/** Knows the text before in a list. */
	private static final class Listed {

		private final AttributeNames names;

		private String before = "";

		Listed(AttributeNames names) {
			this.names = names;
		}

		/** Returns whether the element is the value of the name before it. */
		boolean next(@Nullable Object element) {
			String name = this.before;
			this.before = (element instanceof String text) ? text : "";
			return NamedPair.isListed(name, this.before, this.names);
		}

	}

	/** Returns the records masked, or the list itself if there is nothing to mask. */
	static <T> List<T> each(List<T> records, UnaryOperator<T> mask) {
		List<T> masked = records.isEmpty() ? null : masked(records, mask);
		return (masked != null) ? masked : records;
	}

	private static <T extends @Nullable Object> @Nullable List<T> masked(Collection<? extends T> elements,
			UnaryOperator<T> mask) {
		List<T> masked = null;
		int same = 0;
		for (T element : elements) {
			T maskedElement = mask.apply(element);
			if (masked == null && maskedElement != element) {
				masked = elements.stream().limit(same).collect(Collectors.toCollection(ArrayList::new));
			}
			if (masked != null) {
				masked.add(maskedElement);
			}
			same++;
		}
		return masked;
	}

}
