package io.observatory.storage.sample.pages.export;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.writer.Writer;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.coyote.CloseNowException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Sends exports. A row is in memory only until it is written, so that a file may be of
 * any size. While the writers store much, an export rests ({@link Pace}). When the client
 * goes away, its query ends with the next row that is written. A file that cannot be
 * completed ends with a broken connection, never as if it were complete.
 */
@Component
public class Exporter {

	private static final Logger logger = LoggerFactory.getLogger(Exporter.class);

	private final PagesDatabase database;

	private final List<Writer> writers;

	Exporter(PagesDatabase database, List<Writer> writers) {
		this.database = database;
		this.writers = writers;
	}

	/**
	 * Sends a file.
	 * @param extension {@code csv} or {@code jsonl}
	 * @throws DataAccessException when nothing has been sent yet
	 * @throws IOException when the client is gone, or has to be told by a broken
	 * connection
	 */
	public void send(Export export, String extension, HttpServletResponse response) throws IOException {
		ExportFormat format = ExportFormat.of(extension);
		long deadline = System.nanoTime() + PagesDatabase.EXPORT_TIMEOUT.toNanos();
		try {
			this.database.exports().sql(format.query(export.sql())).params(export.parameters()).query((rows) -> {
				begin(format, export, response);
				write(rows, format, deadline, response);
				return response;
			});
		}
		catch (DataAccessException ex) {
			giveUp(response, ex);
			throw ex;
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
	}

	private static void begin(ExportFormat format, Export export, HttpServletResponse response) {
		response.setContentType(format.contentType());
		response.setHeader(HttpHeaders.CONTENT_DISPOSITION,
				ContentDisposition.attachment().filename(format.fileName(export)).build().toString());
	}

	private void write(ResultSet rows, ExportFormat format, long deadline, HttpServletResponse response)
			throws SQLException {
		try {
			BufferedWriter out = new BufferedWriter(
					new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
			ExportFormat.RowWriter writer = format.writer(rows, out);
			Pace pace = Pace.beside(this.writers);
			while (pace.next(rows)) {
				if (System.nanoTime() - deadline > 0) {
					throw new QueryTimeoutException("The time of the export is over");
				}
				writer.write(rows);
			}
			out.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Nothing can be said any more where a part of the file has been sent. */
	private static void giveUp(HttpServletResponse response, DataAccessException ex) throws IOException {
		if (response.isCommitted()) {
			// the message of the exception would show the statement
			logger.warn("An export was given up after {}: its connection is broken, as its file is not complete",
					ex.getClass().getSimpleName());
			throw new CloseNowException("The export is not complete");
		}
		response.reset();
	}

}
