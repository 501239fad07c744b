/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "state.h"

pier_err pieri_layer_set(struct pier_socket *s,
                         const struct pieri_layer *layer, void *state)
{
    pier_err err = pieri_begin(s, "wrap");

    if (err)
        return err;
    if (s->layer) {
        err = PIER_EISCONN;
    } else {
        s->layer_state = state;
        s->layer = layer;
        atomic_fetch_or(&s->state, PIERI_LAYERED);
    }
    return pieri_end(s, "wrap", err, NULL);
}

size_t pieri_layer_pending(const struct pier_socket *s)
{
    return s->layer ? s->layer->pending(s->layer_state) : 0;
}
