package io.observatory.storage.spool;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Says which stretch of its log a step of a lane covers. It is in the log before the
 * stretch is sent, so that after a death the lane's row in the database tells whether the
 * stretch is stored.
 *
 * @param lane the lane
 * @param epoch the lane's epoch
 * @param position the position that the lane has when the stretch is stored
 * @param from where the stretch begins
 * @param to where it ends
 * @param rows how many rows it has
 */
public record Seal(UUID lane, long epoch, long position, long from, long to, long rows) {

	static final int SIZE = 7 * Long.BYTES;

	ByteBuffer bytes() {
		ByteBuffer bytes = ByteBuffer.allocate(SIZE);
		bytes.putLong(this.lane.getMostSignificantBits()).putLong(this.lane.getLeastSignificantBits());
		bytes.putLong(this.epoch).putLong(this.position).putLong(this.from).putLong(this.to).putLong(this.rows);
		return bytes.flip();
	}

	static Seal read(ByteBuffer bytes) {
		return new Seal(new UUID(bytes.getLong(), bytes.getLong()), bytes.getLong(), bytes.getLong(), bytes.getLong(),
				bytes.getLong(), bytes.getLong());
	}

}
