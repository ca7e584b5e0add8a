package io.observatory.storage.bench;

import javax.sql.DataSource;

import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.sink.WriteMethod;
import io.observatory.storage.writer.Writer;
import io.observatory.storage.writer.WriterConfig;

/**
 * The library, through its public API: the writer takes batches by itself, and is flushed
 * once at the end.
 *
 * @param name the technique's name
 * @param share which part of the rows it is measured with
 * @param method how rows go to the server
 * @param dataSource the connections
 */
record Observatory(String name, double share, WriteMethod method, DataSource dataSource) implements Technique {

	@Override
	public int batch() {
		return WriterConfig.DEFAULT_MAX_BATCH_ROWS;
	}

	@Override
	public <T> Session open(Workload<T> workload, int connections) {
		return new WriterSession<>(workload, workload.open(this.dataSource, this.method, connections));
	}

	private record WriterSession<T>(Workload<T> workload, Writer writer) implements Session {

		@Override
		public void store(long from, long to) {
			for (long number = from; number < to; number++) {
				write(this.workload.record(number));
			}
		}

		/**
		 * Under the default policy a write throws when the buffer is full for a second.
		 */
		private void write(T record) {
			boolean taken = false;
			while (!taken) {
				try {
					this.workload.write(this.writer, record);
					taken = true;
				}
				catch (BufferFullException ex) {
					Thread.onSpinWait();
				}
			}
		}

		@Override
		public void finish() {
			this.writer.flush();
		}

		@Override
		public void close() {
			this.writer.close();
		}

	}

}
