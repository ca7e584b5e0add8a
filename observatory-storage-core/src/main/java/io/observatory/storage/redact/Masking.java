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
import org.jspecify.annotations.Nullable;

/**
 * Masks texts and attributes. What has nothing to mask is returned as it is and costs
 * next to no memory.
 */
final class Masking {

	/** As deep as a row's JSON may be nested; what is deeper is cut there anyway. */
	private static final int MAX_DEPTH = 256;

	private static final long SMALLEST_CARD = 1_000_000_000_000L;

	private final List<Masker> maskers = new ArrayList<>();

	private final AttributeNames names;

	private final boolean cards;

	Masking(Set<SecretKind> kinds, SecretNames names) {
		for (SecretKind kind : SecretKind.values()) {
			if (kinds.contains(kind)) {
				this.maskers.add(kind.masker());
			}
		}
		// the last, so that a secret that is known by its look is told by its kind
		this.maskers.add(new NamedValueMasker(names));
		this.names = new AttributeNames(names, this::text);
		this.cards = kinds.contains(SecretKind.CARD);
	}

	String text(String text) {
		int suspicions = Suspicions.of(text);
		return (suspicions == 0) ? text : text(text, suspicions);
	}

	private String text(String text, int suspicions) {
		String masked = text;
		for (Masker masker : this.maskers) {
			// a mask may have made a neighbour look like a secret
			if (masked != text || (suspicions & masker.suspicion()) != 0) {
				masked = masker.mask(masked);
			}
		}
		return masked;
	}

	@Nullable String optionalText(@Nullable String text) {
		return (text != null) ? text(text) : null;
	}

	@SuppressWarnings("unchecked")
	Map<String, ?> attributes(Map<String, ?> attributes) {
		return attributes.isEmpty() ? attributes : (Map<String, ?>) map(attributes, 1);
	}

	private Map<?, ?> map(Map<?, ?> map, int depth) {
		Map<Object, Object> masked = null;
		int same = 0;
		for (Map.Entry<?, ?> entry : map.entrySet()) {
			Object key = entry.getKey();
			Object value = entry.getValue();
			Name name = (key instanceof CharSequence text) ? this.names.get(text.toString()) : null;
			Object maskedKey = (name != null) ? name.masked() : key;
			Object maskedValue = isSecret(name, value) ? NamedValueMasker.MASK : value(value, depth + 1);
			if (masked == null && (maskedValue != value || (maskedKey != null && !maskedKey.equals(key)))) {
				masked = first(map, same);
			}
			if (masked != null) {
				masked.put(maskedKey, maskedValue);
			}
			same++;
		}
		return (masked != null) ? masked : map;
	}

	private static Map<Object, Object> first(Map<?, ?> map, int count) {
		Map<Object, Object> first = new LinkedHashMap<>();
		map.entrySet().stream().limit(count).forEach((entry) -> first.put(entry.getKey(), entry.getValue()));
		return first;
	}

	/** A flag is not secret: {@code has_password}. */
	private static boolean isSecret(@Nullable Name name, @Nullable Object value) {
		return name != null && name.secret() && value != null && !(value instanceof Boolean);
	}

	private @Nullable Object value(@Nullable Object value, int depth) {
		if (value instanceof CharSequence text) {
			String given = text.toString();
			String masked = text(given);
			return masked.equals(given) ? value : masked;
		}
		if (value instanceof Long || value instanceof BigInteger) {
			return number((Number) value);
		}
		if (value == null || value instanceof Number || value instanceof Boolean) {
			return value;
		}
		return (depth > MAX_DEPTH) ? NamedValueMasker.MASK : container(value, depth);
	}

	private Object number(Number number) {
		boolean card = this.cards && number.doubleValue() >= SMALLEST_CARD && CardMasker.isCard(number.toString());
		return card ? SecretKind.CARD.mask() : number;
	}

	private Object container(Object value, int depth) {
		if (value instanceof Map<?, ?> map) {
			return map(map, depth);
		}
		if (value instanceof Collection<?> elements) {
			return elements(elements, elements, depth);
		}
		if (value instanceof Object[] elements) {
			return elements(value, Arrays.asList(elements), depth);
		}
		if (value instanceof long[] numbers && this.cards && isLarge(numbers)) {
			return elements(value, LongStream.of(numbers).boxed().toList(), depth);
		}
		return value;
	}

	private static boolean isLarge(long[] numbers) {
		for (long number : numbers) {
			if (number >= SMALLEST_CARD) {
				return true;
			}
		}
		return false;
	}

	private Object elements(Object given, Collection<?> elements, int depth) {
		List<@Nullable Object> masked = masked(elements, (element) -> value(element, depth + 1));
		return (masked != null) ? masked : given;
	}

	/**
	 * Returns the records masked, or the list itself if there is nothing to mask.
	 */
	static <T> List<T> each(List<T> records, UnaryOperator<T> mask) {
		List<T> masked = masked(records, mask);
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
