package io.observatory.storage.spool;

import java.nio.ByteBuffer;

import io.observatory.storage.row.Rows.Chunk;

/**
 * A frame that was read, whole and as it was written.
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose: rows are not copied
record Frame(FrameHeader header, byte[] array, int position) {

	/** Returns its rows, on the memory that they were read into. */
	Chunk rows() {
		return new Chunk(this.array, this.position, this.header.length(), this.header.rows());
	}

	Seal seal() {
		return Seal.read(ByteBuffer.wrap(this.array, this.position, this.header.length()));
	}

}
