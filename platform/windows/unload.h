/* SPDX-License-Identifier: MIT */
/* What the shared library undoes when it is unloaded before its process. */
#ifndef WIN_UNLOAD_H
#define WIN_UNLOAD_H

void win_thread_unload(void); /* frees every thread's record and the slot */
void win_afd_unload(void);    /* closes the AFD device */
void win_error_unload(void);  /* frees the slot of the native codes */

#endif
