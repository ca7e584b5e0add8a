package io.observatory.storage.capture;

import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The writers that captures write to. A tracer and a meter registry are created early,
 * often for the DataSource, which the writers need in turn. So their parts must not ask
 * for a writer before all beans exist. Until then there is none.
 */
public final class CaptureWriters implements SmartInitializingSingleton {

	private final ConfigurableListableBeanFactory beans;

	private final String name;

	private volatile @Nullable TraceWriter traces;

	private volatile @Nullable MetricWriter metrics;

	private volatile @Nullable LogWriter logs;

	/**
	 * Creates a bean.
	 * @param beans the factory that has the writers
	 * @param name the name of this bean; beans that depend on it are destroyed before the
	 * writers
	 */
	public CaptureWriters(ConfigurableListableBeanFactory beans, String name) {
		this.beans = beans;
		this.name = name;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.traces = find(TraceWriter.class);
		this.metrics = find(MetricWriter.class);
		this.logs = find(LogWriter.class);
	}

	private <W extends Writer> @Nullable W find(Class<W> type) {
		for (String writer : this.beans.getBeanNamesForType(type, false, false)) {
			// a look-up records no dependency
			this.beans.registerDependentBean(writer, this.name);
		}
		return this.beans.getBeanProvider(type).getIfUnique();
	}

	public @Nullable TraceWriter traces() {
		return this.traces;
	}

	public @Nullable MetricWriter metrics() {
		return this.metrics;
	}

	public @Nullable LogWriter logs() {
		return this.logs;
	}

}
