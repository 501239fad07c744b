/* SPDX-License-Identifier: MIT */
/*
 * What a thread of the model does, one letter each:
 *
 *   C  a call: enters, tries, leaves
 *   R  a receive that finds nothing: only the end of the socket ends it
 *   r  a receive that becomes ready, or runs out of time, at any moment
 *   W  a send, in its turn; waits for the turn as long as it takes
 *   L  the same with a limit that may pass while it waits for the turn
 *   T  the same that does not wait for the turn
 *   B  a send that keeps its turn until the socket ends
 *   X  pier_close()
 *   Z  pier_close_wait() without a limit
 *   z  the same with one
 *   D  pier_detach()
 *   F  pier_free(); nothing begins after it has
 */
#ifndef MODEL_OPERATION_H
#define MODEL_OPERATION_H

#define OPERATIONS "CRrWLTBXZzDF"

/* Those without a limit of time, which multiplies the states. */
#define OPERATIONS_UNLIMITED "CRWTBXZDF"

/* Runs the operations of a thread, then rests for ever. */
void operation_run_all(int number);

#endif
