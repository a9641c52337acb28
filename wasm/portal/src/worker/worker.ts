// The engine's own worker, under an address of the page.

import "headroom-engine/worker";
