package io.observatory.storage.bench;

import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.writer.Writer;

/**
 * The library, through its public API: the writer takes batches by itself, and is flushed
 * once at the end.
 *
 * @param name the technique's name
 * @param share which part of the rows it is measured with
 * @param configuration changes the default configuration, which has a slot for each
 * connection
 * @param dataSource the connections
 */
record Observatory(String name, double share, UnaryOperator<WriterConfig.Builder> configuration,
		DataSource dataSource) implements Technique {

	/** The default configuration. */
	Observatory(DataSource dataSource) {
		this("observatory-copy", 1, UnaryOperator.identity(), dataSource);
	}

	@Override
	public int batch() {
		return WriterConfig.DEFAULT_MAX_BATCH_ROWS;
	}

	@Override
	public <T> Session open(Workload<T> workload, int connections) {
		return new WriterSession<>(workload, workload.open(this.dataSource,
				(config) -> this.configuration.apply(config.maxConcurrency(connections))));
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
