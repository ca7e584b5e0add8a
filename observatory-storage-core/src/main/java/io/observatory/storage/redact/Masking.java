package io.observatory.storage.redact;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Masks texts and attributes. What has nothing to mask is returned as it is and costs no
 * memory.
 */
final class Masking {

	/** As deep as a row's JSON may be nested; what is deeper is cut there anyway. */
	private static final int MAX_DEPTH = 256;

	private static final long SMALLEST_CARD = 1_000_000_000_000L;

	private final List<Masker> maskers = new ArrayList<>();

	private final SecretNames names;

	private final boolean cards;

	Masking(Set<SecretKind> kinds, SecretNames names) {
		for (SecretKind kind : SecretKind.values()) {
			if (kinds.contains(kind)) {
				this.maskers.add(kind.masker());
			}
		}
		// the last, so that a secret that is known by its look is told by its kind
		this.maskers.add(new NamedValueMasker(names));
		this.names = names;
		this.cards = kinds.contains(SecretKind.CARD);
	}

	String text(String text) {
		String masked = text;
		for (Masker masker : this.maskers) {
			masked = masker.mask(masked);
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
		Map<Object, Object> masked = new LinkedHashMap<>();
		boolean changed = false;
		for (Map.Entry<?, ?> entry : map.entrySet()) {
			Object key = entry.getKey();
			Object value = entry.getValue();
			Object maskedKey = (key instanceof CharSequence name) ? text(name.toString()) : key;
			Object maskedValue = isSecret(key, value) ? NamedValueMasker.MASK : value(value, depth + 1);
			changed |= maskedValue != value || (maskedKey != null && !maskedKey.equals(key));
			masked.put(maskedKey, maskedValue);
		}
		return changed ? masked : map;
	}

	/** A flag is not secret: {@code has_password}. */
	private boolean isSecret(@Nullable Object key, @Nullable Object value) {
		return value != null && !(value instanceof Boolean) && key instanceof CharSequence name
				&& this.names.contains(name.toString());
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
			return elements(value, java.util.Arrays.asList(elements), depth);
		}
		if (value instanceof long[]) {
			return elements(value, boxed(value), depth);
		}
		return value;
	}

	private Object elements(Object given, Collection<?> elements, int depth) {
		List<@Nullable Object> masked = new ArrayList<>(elements.size());
		boolean changed = false;
		for (Object element : elements) {
			Object maskedElement = value(element, depth + 1);
			changed |= maskedElement != element;
			masked.add(maskedElement);
		}
		return changed ? masked : given;
	}

	private static List<Object> boxed(Object array) {
		List<Object> boxed = new ArrayList<>();
		for (int i = 0; i < Array.getLength(array); i++) {
			boxed.add(Array.get(array, i));
		}
		return boxed;
	}

	/**
	 * Returns the records masked, or the list itself if there is nothing to mask.
	 */
	static <T> List<T> each(List<T> records, UnaryOperator<T> mask) {
		List<T> masked = new ArrayList<>(records.size());
		boolean changed = false;
		for (T item : records) {
			T maskedItem = mask.apply(item);
			changed |= maskedItem != item;
			masked.add(maskedItem);
		}
		return changed ? masked : records;
	}

}
