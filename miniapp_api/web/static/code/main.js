// The page of a code is complete without this; only the switch of the type's size needs it.

import { typeSizeSwitch } from "../lib/type_size.js";

typeSizeSwitch(document.getElementById("large"));
