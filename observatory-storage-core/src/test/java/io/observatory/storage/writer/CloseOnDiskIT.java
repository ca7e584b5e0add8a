package io.observatory.storage.writer;

import io.observatory.storage.testing.Buffers.OnDisk;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The same with a spool.
 */
@ExtendWith(OnDisk.class)
class CloseOnDiskIT extends CloseIT {

}
