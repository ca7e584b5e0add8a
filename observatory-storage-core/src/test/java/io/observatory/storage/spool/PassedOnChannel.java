package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A channel that passes everything on to another one.
 */
class PassedOnChannel extends FileChannel {

	private final FileChannel real;

	PassedOnChannel(FileChannel real) {
		this.real = real;
	}

	@Override
	public int read(ByteBuffer into) throws IOException {
		return this.real.read(into);
	}

	@Override
	public long read(ByteBuffer[] into, int offset, int length) throws IOException {
		return this.real.read(into, offset, length);
	}

	@Override
	public int write(ByteBuffer bytes) throws IOException {
		return this.real.write(bytes);
	}

	@Override
	public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
		return this.real.write(bytes, offset, length);
	}

	@Override
	public long position() throws IOException {
		return this.real.position();
	}

	@Override
	public FileChannel position(long position) throws IOException {
		return this.real.position(position);
	}

	@Override
	public long size() throws IOException {
		return this.real.size();
	}

	@Override
	public FileChannel truncate(long size) throws IOException {
		return this.real.truncate(size);
	}

	@Override
	public void force(boolean metaData) throws IOException {
		this.real.force(metaData);
	}

	@Override
	public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
		return this.real.transferTo(position, count, target);
	}

	@Override
	public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
		return this.real.transferFrom(source, position, count);
	}

	@Override
	public int read(ByteBuffer into, long position) throws IOException {
		return this.real.read(into, position);
	}

	@Override
	public int write(ByteBuffer bytes, long position) throws IOException {
		return this.real.write(bytes, position);
	}

	@Override
	public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
		return this.real.map(mode, position, size);
	}

	@Override
	public FileLock lock(long position, long size, boolean shared) throws IOException {
		return this.real.lock(position, size, shared);
	}

	@Override
	public FileLock tryLock(long position, long size, boolean shared) throws IOException {
		return this.real.tryLock(position, size, shared);
	}

	@Override
	protected void implCloseChannel() throws IOException {
		this.real.close();
	}

}
