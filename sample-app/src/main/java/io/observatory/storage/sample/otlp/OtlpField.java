package io.observatory.storage.sample.otlp;

import java.util.List;
import java.util.Set;

import com.google.protobuf.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * A field of an OTLP request whose values are read one by one, separately from the
 * message that contains them.
 *
 * @param numbers its numbers in protobuf: the current one, and that of an older version
 * @param names its names in JSON
 * @param parts those of its own fields that are read separately
 */
record OtlpField(Set<Integer> numbers, Set<String> names, List<OtlpField> parts) {

	static final OtlpField RESOURCE = of(1, "resource");

	static final OtlpField SCOPE = of(1, "scope", "instrumentationLibrary", "instrumentation_library");

	static OtlpField of(int number, String... names) {
		return new OtlpField(Set.of(number), Set.of(names), List.of());
	}

	OtlpField with(OtlpField... parts) {
		return new OtlpField(this.numbers, this.names, List.of(parts));
	}

	/** Returns the part that a tag of protobuf belongs to, or null. */
	@Nullable OtlpField part(int tag) {
		if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
			int number = WireFormat.getTagFieldNumber(tag);
			for (OtlpField part : this.parts) {
				if (part.numbers.contains(number)) {
					return part;
				}
			}
		}
		return null;
	}

	/** Returns the part that has the name in JSON, or null. */
	@Nullable OtlpField part(String name) {
		for (OtlpField part : this.parts) {
			if (part.names.contains(name)) {
				return part;
			}
		}
		return null;
	}

}
