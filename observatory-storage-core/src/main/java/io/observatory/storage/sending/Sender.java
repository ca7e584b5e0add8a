package io.observatory.storage.sending;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.observatory.storage.row.Rows;
import io.observatory.storage.session.ErrorClass;
import io.observatory.storage.session.ErrorClass.Remedy;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.session.ServerMessage;
import io.observatory.storage.session.Session;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets rows stored, those of a batch or of a dead letter: each attempt is one
 * transaction, and what is done about its failure stands in {@link ErrorClass}.
 * <p>
 * Thread-safe; each unit of work belongs to one thread.
 */
public final class Sender {

	private static final Logger logger = LoggerFactory.getLogger(Sender.class);

	private static final String NO_RIGHT = "42501";

	private final Session session;

	private final List<TableStore> stores;

	private final List<Table<?>> tables;

	private final String stages;

	/**
	 * Makes a sender.
	 * @param stores how the rows of each table are stored, in the order in which units of
	 * work give them
	 */
	public Sender(Session session, List<TableStore> stores) {
		this.session = session;
		this.stores = List.copyOf(stores);
		this.tables = stores.stream().<Table<?>>flatMap((store) -> store.tables().stream()).toList();
		this.stages = stores.stream()
			.flatMap((store) -> store.staged().stream())
			.map((table) -> table.createStage() + "; ")
			.collect(Collectors.joining());
	}

	/** Returns the tables, in the order in which units of work give their rows. */
	public List<Table<?>> tables() {
		return this.tables;
	}

	/**
	 * Does a unit of work.
	 * @throws SQLException when it was not done, or when that is not known, and nothing
	 * is left to be done about it at once
	 */
	public void send(UnitOfWork work) throws SQLException {
		Attempts attempts = new Attempts(work);
		while (!work.isDone()) {
			try {
				this.session.load(this.stages, attempts.byInsert, (loader) -> attempt(loader, work, attempts));
			}
			catch (SQLException ex) {
				if (!attempts.remedy(ex)) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Once it is known that the rows are in, nothing may come before they are settled.
	 */
	private void attempt(RowLoader loader, UnitOfWork work, Attempts attempts) throws SQLException {
		List<Rows> rows = work.begin(loader);
		if (rows != null) {
			work.end(loader, attempts.store(loader, rows));
			loader.connection().commit();
		}
		work.committed();
	}

	private List<DeadLetter> storeAll(RowLoader loader, List<Rows> rows) throws SQLException {
		List<DeadLetter> refused = new ArrayList<>();
		int from = 0;
		for (TableStore store : this.stores) {
			int to = from + store.tables().size();
			refused.addAll(store.store(loader, rows.subList(from, to)));
			from = to;
		}
		return refused;
	}

	/**
	 * The attempts at one unit of work, and what was done about those that failed.
	 */
	private final class Attempts {

		private final UnitOfWork work;

		private final Map<ErrorClass, Integer> failures = new EnumMap<>(ErrorClass.class);

		private boolean isolating;

		private boolean byInsert;

		/** The index of the row that COPY stumbled over, or -1. */
		private int suspect = -1;

		Attempts(UnitOfWork work) {
			this.work = work;
		}

		List<DeadLetter> store(RowLoader loader, List<Rows> rows) throws SQLException {
			if (this.isolating) {
				int first = this.suspect;
				// should it be halved next, the index would be another row's
				this.suspect = -1;
				return new Isolation(loader, Sender.this.tables, Sender.this::storeAll, this::isolates).run(rows,
						first);
			}
			try {
				return storeAll(loader, rows);
			}
			catch (SQLException ex) {
				this.suspect = Isolation.suspect(loader, Sender.this.tables, rows, ex);
				throw ex;
			}
		}

		/** Whether it was a row's fault is known when the partitions have been made. */
		private boolean isolates(ErrorClass errorClass) {
			return errorClass.isolates()
					&& (errorClass != ErrorClass.NO_PARTITION || this.failures.containsKey(errorClass));
		}

		/**
		 * Returns whether something was done about a failure, so that it is worth another
		 * try.
		 */
		boolean remedy(SQLException failure) throws SQLException {
			ErrorClass errorClass = ErrorClass.of(failure);
			Remedy remedy = errorClass.remedy(this.failures.merge(errorClass, 1, Integer::sum));
			return remedy != null && remedy(failure, remedy);
		}

		private boolean remedy(SQLException failure, Remedy remedy) throws SQLException {
			return switch (remedy) {
				case SEND_AGAIN -> true;
				case END_HOLDER -> this.work.endHolder(Sender.this.session);
				case HALVE -> halve();
				case ISOLATE -> isolate();
				case MAKE_PARTITIONS -> makePartitions();
				case INSERT -> Sender.this.session.insertInstead(failure, Sender.this.stages);
				case INSERT_ONCE -> insertOnce();
			};
		}

		private boolean insertOnce() {
			this.byInsert = true;
			return true;
		}

		private boolean halve() {
			boolean smaller = this.work.halve();
			if (smaller) {
				this.failures.clear();
			}
			return smaller;
		}

		private boolean isolate() {
			boolean helps = !this.isolating;
			this.isolating = true;
			return helps;
		}

		/** Without the right to make them, the rows are put aside like others. */
		private boolean makePartitions() throws SQLException {
			try {
				Sender.this.session.makePartitions();
			}
			catch (SQLException ex) {
				if (!NO_RIGHT.equals(ErrorClass.sqlState(ex))) {
					throw ex;
				}
				logger.warn("{}",
						Sender.this.session.failure("Partitions that are missing cannot be made", ex).getMessage());
			}
			return true;
		}

	}

}
