package io.observatory.storage.error;

/**
 * The directory of a writer's spool cannot be used: it cannot be written, is on no local
 * disk, or the disk is smaller than the spool may become. The message says which.
 */
public class SpoolUnusableException extends StorageException {

	private static final long serialVersionUID = 1L;

	public SpoolUnusableException(String message) {
		super(message, false, null);
	}

}
