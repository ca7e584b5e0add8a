package io.observatory.storage.buffer.disk;

import io.observatory.storage.config.SpoolConfig;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a spool divides its room.
 */
class SpoolSettingsTest {

	/** What is stored goes a segment at a time, and never the one that is written. */
	@Property
	void theSegmentsThatAreWrittenLeaveThreeQuartersOfTheRoom(@ForAll @IntRange(min = 1, max = 64) int slots,
			@ForAll @LongRange(max = 1L << 40) long more) {
		long maxBytes = slots * SpoolConfig.MIN_BYTES_A_SLOT + more;
		assertThat(slots * SpoolSettings.segmentBytes(maxBytes, slots)).isLessThanOrEqualTo(maxBytes / 4);
	}

}
